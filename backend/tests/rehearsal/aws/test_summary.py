"""What a person reads at the end of a rehearsal."""

from typing import Any

from rehearsal.aws.summary import summary_of

GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/api"


def denial(action: str, resource: str, count: int = 1, denied_by: str | None = None) -> dict[str, Any]:
    """Return a denial of the role `api`, as the record has it."""
    return {"role": "api", "action": action, "resource": resource, "count": count, "denied_by": denied_by}


class TestSummary:
    """Lines about a record."""

    def test_nothing_to_say(self) -> None:
        """A run in which all was allowed and all was used needs no words."""
        assert [] == summary_of({"denied": [], "used": [{"role": "api"}], "unused": [], "idle": []})

    def test_denied(self) -> None:
        """A denial comes with the statement that it would need, ready for Terraform."""
        report = {"denied": [denial("s3:PutObject", "arn:aws:s3:::b/a", 2)], "used": [], "unused": [], "idle": []}
        assert [
            "denied: api may not s3:PutObject on arn:aws:s3:::b/a (2 times)",
            '  it would need: PutObject = { actions = ["s3:PutObject"], resources = ["arn:aws:s3:::b/a"] }',
        ] == summary_of(report)

    def test_log_streams(self) -> None:
        """Streams of one log group are one denial."""
        streams = [denial("logs:PutLogEvents", f"{GROUP}:log-stream:{name}") for name in ("one", "two")]
        lines = summary_of({"denied": streams, "used": [], "unused": [], "idle": []})
        assert [f"denied: api may not logs:PutLogEvents on {GROUP}:* (2 times)"] == lines[:-1]

    def test_explicitly_denied(self) -> None:
        """Where a Deny stands in the way, no statement is proposed."""
        denied = denial("s3:PutObject", "arn:aws:s3:::b/a", denied_by="policy of bucket b: TlsOnly")
        lines = summary_of({"denied": [denied], "used": [], "unused": [], "idle": []})
        assert "  policy of bucket b: TlsOnly denies it, which no other statement outweighs" == lines[1]

    def test_unused(self) -> None:
        """A statement that decided nothing is shown with what it allows."""
        statement = {"Effect": "Allow", "Action": "xray:PutTraceSegments", "Resource": ["*"]}
        unused = {"role": "api", "policy": "statements", "sid": "Trace", "statement": statement}
        assert [
            'never used: api, statements: Trace = { actions = ["xray:PutTraceSegments"], resources = ["*"] }'
        ] == summary_of({"denied": [], "used": [], "unused": [unused], "idle": []})

    def test_idle(self) -> None:
        """So is an action of a statement that was used for others alone."""
        idle = {"role": "api", "policy": "statements", "sid": "Trace", "action": "xray:PutTelemetryRecords"}
        assert ["never used: api, statements: Trace, of which xray:PutTelemetryRecords"] == summary_of(
            {"denied": [], "used": [], "unused": [], "idle": [idle]}
        )

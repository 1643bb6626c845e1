"""The part of docs/security.md that is made of Terraform's outputs."""

import pytest

from deployment.permissions_doc import MarkersNotFound, table, with_permissions

READ = {
    "actions": ["s3:GetObject"],
    "resources": ["arn:aws:s3:::coachwork-prod-videos-123456789012/videos/*"],
    "why": "presigned addresses",
    "conditions": [{"test": "StringLike", "variable": "s3:prefix", "values": ["videos/*"]}],
}
TRACE = {
    "actions": ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    "resources": ["*"],
    "why": "traces",
    "any_resource_because": "X-Ray knows no resources",
}
DOCUMENT = (
    "# Security\n\n"
    "<!-- permissions: written by `make rehearse ARGS=--write-docs`, and held to Terraform by every rehearsal -->\n"
    "old\n"
    "<!-- end of permissions -->\n"
    "The end.\n"
)


class TestTable:
    """What a function may do, as a table."""

    def test_says_all_of_a_statement(self) -> None:
        """Actions, resources, conditions and why, with names in place of what differs between accounts."""
        written = table({"api": {"ReadVideos": READ}}, name="coachwork-prod", region="eu-central-1")
        assert written.splitlines()[-1] == (
            "| `ReadVideos` | `s3:GetObject` | `arn:aws:s3:::{name}-videos-{account}/videos/*`"
            "<br>if `s3:prefix` StringLike `videos/*` | presigned addresses |"
        )

    def test_says_why_any_resource(self) -> None:
        """A statement about any resource has two reasons."""
        written = table({"api": {"Trace": TRACE}}, name="coachwork-prod", region="eu-central-1")
        assert "| `*` | traces; X-Ray knows no resources |" in written

    def test_says_nothing_random(self) -> None:
        """The end of a secret's ARN is another one at each deployment."""
        arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:coachwork-prod-settings-jfPcDs"
        read = {"actions": ["secretsmanager:GetSecretValue"], "resources": [arn], "why": "settings"}
        written = table({"api": {"ReadSettings": read}}, name="coachwork-prod", region="eu-central-1")
        assert "`arn:aws:secretsmanager:{region}:{account}:secret:{name}-settings-{random}`" in written

    def test_has_the_functions_and_statements_in_order(self) -> None:
        """Whatever order they come in, so that it changes when they do."""
        permissions = {"b": {"Trace": TRACE, "ReadVideos": READ}, "a": {"Trace": TRACE}}
        lines = table(permissions, name="coachwork-prod", region="eu-central-1").splitlines()
        named = [line.split("`")[1] for line in lines if line.startswith(("###", "| `"))]
        assert ["{name}-a", "Trace", "{name}-b", "ReadVideos", "Trace"] == named


class TestWithPermissions:
    """The document around it."""

    def test_replaces_what_was_between_the_marks(self) -> None:
        """And leaves the rest."""
        written = with_permissions(DOCUMENT, "new")
        assert ("old" not in written, "\nnew\n" in written, written.endswith("The end.\n")) == (True, True, True)

    def test_changes_nothing_a_second_time(self) -> None:
        """The same twice is the same."""
        once = with_permissions(DOCUMENT, "new")
        assert once == with_permissions(once, "new")

    @pytest.mark.parametrize("document", ["# Security\n", DOCUMENT * 2], ids=["no marks", "twice"])
    def test_wants_its_marks_once(self, document: str) -> None:
        """Else nobody knows where to."""
        with pytest.raises(MarkersNotFound):
            with_permissions(document, "new")

"""Reading several log groups together."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from tests.rehearsal.aws_server import LocalAws, local_aws

from deployment.account import Account
from deployment.logs.tail import SpanUnknown, Tail, since_ms

NOW = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """Yield a local AWS with the logs of two functions."""
    with local_aws() as started:
        client, begun = started.client("logs"), int(time.time() * 1000) - 60_000
        for at, (group, message) in enumerate(
            [("/aws/lambda/b", "one"), ("/aws/lambda/a", "two r-1"), ("/aws/lambda/b", "three")]
        ):
            if at < 2:
                client.create_log_group(logGroupName=group)
                client.create_log_stream(logGroupName=group, logStreamName="s")
            event = {"timestamp": begun + at * 1000, "message": message}
            client.put_log_events(logGroupName=group, logStreamName="s", logEvents=[event])
        yield started


@pytest.fixture
def account(aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> Account:
    """Return its account."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", aws.url)
    return Account("123456789012", "aws", "arn", "us-east-1", aws.session)


GROUPS = {"a": "/aws/lambda/a", "b": "/aws/lambda/b", "never ran": "/aws/lambda/c"}


class TestEvents:
    """What was logged."""

    def test_in_order(self, account: Account) -> None:
        """All functions' events come as they happened; one that never ran has none."""
        found = Tail(account, GROUPS).events(0)
        assert [("b", "one"), ("a", "two r-1"), ("b", "three")] == [(name, event["message"]) for name, event in found]

    def test_words(self, account: Account) -> None:
        """A request's id leaves its own lines."""
        assert ["two r-1"] == [event["message"] for _, event in Tail(account, GROUPS, ["r-1"]).events(0)]

    def test_since(self, account: Account) -> None:
        """What is older stays out."""
        assert [] == Tail(account, GROUPS).events(int(time.time() * 1000) + 1000)


class TestFollow:
    """What is logged from now on."""

    def test_once(self, account: Account) -> None:
        """Each event comes once, however often one looks."""
        looks: list[int] = []

        def pause(_: float) -> None:
            looks.append(1)
            if len(looks) == 3:
                raise KeyboardInterrupt

        found: list[str] = []
        with pytest.raises(KeyboardInterrupt):
            note(Tail(account, GROUPS, pause=pause), found)
        assert ["one", "two r-1", "three"] == found


def note(tail: Tail, found: list[str]) -> None:
    """Note each message that follows."""
    for _, event in tail.follow(0):
        found.append(event["message"])


class TestSinceMs:
    """Since when."""

    @pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("10m", 600), ("2h", 7200), ("1d", 86400)])
    def test_spans(self, text: str, seconds: int) -> None:
        """A number and a unit."""
        assert NOW.timestamp() - seconds == since_ms(text, NOW) / 1000

    def test_a_moment(self) -> None:
        """Or a moment."""
        assert NOW.timestamp() == since_ms("2026-01-31T12:00:00+00:00") / 1000

    @pytest.mark.parametrize("text", ["", "yesterday", "10", "-5m"])
    def test_neither(self, text: str) -> None:
        """Anything else is told what is wanted."""
        with pytest.raises(SpanUnknown, match="wants 30s, 10m, 2h, 1d"):
            since_ms(text)

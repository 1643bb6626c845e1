"""Lines that become metrics: few, for each is paid for, and of nobody."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from coachwork.chassis.observability.metrics import configure, record_request, record_tokens


@pytest.fixture
def function() -> Iterator[None]:
    """Count for a function, and for none afterwards."""
    configure("coachwork-dev-api")
    yield
    configure(None)


@pytest.mark.usefixtures("function")
class TestTokens:
    """record_tokens."""

    def test_chat(self, capsys: pytest.CaptureFixture[str]) -> None:
        """By kind for the model and the service, and together for the function."""
        record_tokens("fitness", "gpt", {"InputTokens": 5, "OutputTokens": 2})
        line = json.loads(capsys.readouterr().out)

        assert {
            ("function",): {"Tokens": 7},
            ("function", "service", "model"): {"InputTokens": 5, "OutputTokens": 2},
        } == metrics_of(line)
        assert ("coachwork-dev-api", "fitness", "gpt") == (line["function"], line["service"], line["model"])

    def test_embeddings(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Those are a kind of their own."""
        record_tokens("knowledge", "small", {"EmbeddingTokens": 9})

        assert {("function",): {"Tokens": 9}, ("function", "service", "model"): {"EmbeddingTokens": 9}} == metrics_of(
            json.loads(capsys.readouterr().out)
        )


@pytest.mark.usefixtures("function")
class TestRequests:
    """record_request."""

    def test_request(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A request that fails counts as both, and how long it took in milliseconds."""
        record_request(503, 12.345)
        line = json.loads(capsys.readouterr().out)

        assert {("function",): {"Requests": 1, "Duration": 12.35, "ServerErrors": 1}} == metrics_of(line)
        assert ["Count", "Milliseconds", "Count"] == [
            metric["Unit"] for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
        ]


def metrics_of(line: dict[str, Any]) -> dict[tuple[str, ...], dict[str, float]]:
    """Return the metrics of a line by the names of their dimensions, as CloudWatch reads them."""
    return {
        tuple(names): {metric["Name"]: line[metric["Name"]] for metric in directive["Metrics"]}
        for directive in line["_aws"]["CloudWatchMetrics"]
        for names in directive["Dimensions"]
    }

"""Metrics in CloudWatch's embedded metric format: a log line that becomes metrics, no call on the request path.

Each combination of a metric and its dimensions is paid for by the month, so there are few: routes stay in the request's
line of the log, where they can be asked for.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import sys
from collections.abc import Mapping
from time import time

_NAMESPACE = "Coachwork"
_UNITS = {"Duration": "Milliseconds"}
_OF_FUNCTION = ("function",)
_OF_MODEL = ("function", "service", "model")

_function = "local"


def configure(function: str | None) -> None:
    """Say which function it is that counts; None where it is none."""
    global _function  # noqa: PLW0603  a process is one function
    _function = function or "local"


def record_request(status: int, duration_ms: float) -> None:
    """Count one request, with its duration and whether it failed."""
    values = {"Requests": 1, "Duration": round(duration_ms, 2), "ServerErrors": int(status >= 500)}
    _write({"function": _function}, values, {_OF_FUNCTION: tuple(values)})


def record_tokens(service: str, model: str, kinds: Mapping[str, int]) -> None:
    """Count what one call of a model used: by kind for that model and service, and together for the function.

    Args:
        kinds: how many `InputTokens` and `OutputTokens`, or `EmbeddingTokens`.
    """
    values = {"Tokens": sum(kinds.values()), **kinds}
    names = {"function": _function, "service": service, "model": model}
    _write(names, values, {_OF_FUNCTION: ("Tokens",), _OF_MODEL: tuple(kinds)})


def _write(
    names: Mapping[str, str], values: Mapping[str, float], metrics: Mapping[tuple[str, ...], tuple[str, ...]]
) -> None:
    directives = [
        {
            "Namespace": _NAMESPACE,
            "Dimensions": [dimensions],
            "Metrics": [{"Name": name, "Unit": _UNITS.get(name, "Count")} for name in of_them],
        }
        for dimensions, of_them in metrics.items()
    ]
    line = {"_aws": {"Timestamp": int(time() * 1000), "CloudWatchMetrics": directives}, **names, **values}
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")

"""Metrics in CloudWatch's embedded metric format: a log line that becomes a metric, no call on the request path."""

import json
import sys

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

_SERVICE = "coachwork"
_emf = EphemeralMetrics(namespace="Coachwork", service=_SERVICE)


def record_request(method: str, route: str, status: int, duration_ms: float) -> None:
    """Count one request by method and route template, with its duration and whether it failed."""
    _write(
        {"route": f"{method} {route}"},
        Requests=(MetricUnit.Count, 1),
        Duration=(MetricUnit.Milliseconds, duration_ms),
        ServerErrors=(MetricUnit.Count, int(status >= 500)),
    )


def record_tokens(model: str, input_tokens: int, output_tokens: int) -> None:
    """Count what one chat turn spent, by model."""
    _write(
        {"model": model},
        InputTokens=(MetricUnit.Count, input_tokens),
        OutputTokens=(MetricUnit.Count, output_tokens),
    )


def _write(dimensions: dict[str, str], **metrics: tuple[MetricUnit, float]) -> None:
    """Write one line, at once: collecting metrics first, as the library's decorator does, costs three times that."""
    line = _emf.serialize_metric_set(
        metrics={name: {"Unit": unit.value, "Value": [float(value)]} for name, (unit, value) in metrics.items()},
        dimensions={**dimensions, "service": _SERVICE},
    )
    sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")

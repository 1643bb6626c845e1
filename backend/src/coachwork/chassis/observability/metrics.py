"""Metrics in CloudWatch's embedded metric format: a log line that becomes a metric, no call on the request path."""

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

_NAMESPACE = "Coachwork"


def record_request(method: str, route: str, status: int, duration_ms: float) -> None:
    """Count one request by method and route template, with its duration and whether it failed."""
    metrics = EphemeralMetrics(namespace=_NAMESPACE, service="coachwork")
    metrics.add_dimension("route", f"{method} {route}")
    metrics.add_metric("Requests", MetricUnit.Count, 1)
    metrics.add_metric("Duration", MetricUnit.Milliseconds, duration_ms)
    metrics.add_metric("ServerErrors", MetricUnit.Count, int(status >= 500))
    metrics.flush_metrics()


def record_tokens(model: str, input_tokens: int, output_tokens: int) -> None:
    """Count what one chat turn spent, by model."""
    metrics = EphemeralMetrics(namespace=_NAMESPACE, service="coachwork")
    metrics.add_dimension("model", model)
    metrics.add_metric("InputTokens", MetricUnit.Count, input_tokens)
    metrics.add_metric("OutputTokens", MetricUnit.Count, output_tokens)
    metrics.flush_metrics()

"""Logs, metrics, alarms, dashboards, traces."""

from collections.abc import Iterator
from decimal import Decimal

from deployment.cost.configuration import Configuration
from deployment.cost.invoice import Line
from deployment.cost.prices import PriceList
from deployment.cost.usage import MONTH_HOURS, Usage

_GROUP = "observability"
_KB_IN_GB = Decimal(1_000_000)
_MONTH_DAYS = Decimal(30)


def lines(configuration: Configuration, usage: Usage, prices: PriceList) -> Iterator[Line]:
    """Yield the lines."""
    given, counted = usage.assumptions, configuration.counted
    logs_gb = usage.requests * given["log_kb"] / _KB_IN_GB
    kept = logs_gb * configuration.log_retention_days / _MONTH_DAYS * given.share("logs_compressed_percent")
    yield Line(_GROUP, "logs written", logs_gb, prices.price("logs_ingested"), f"{given['log_kb']} KB a request")
    days = f"{configuration.log_retention_days} days, compressed"
    yield Line(_GROUP, "logs kept", kept, prices.price("logs_stored"), days)
    yield Line(
        _GROUP,
        "custom metrics",
        metric_months(configuration, usage),
        prices.price("custom_metrics"),
        "of requests by function, of tokens by function and by service and model; in hours in which there are some",
    )
    alarms = Decimal(counted.alarm_metrics)
    yield Line(_GROUP, "metrics of alarms", alarms, prices.price("alarm_metrics"), counted.source)
    yield Line(_GROUP, "dashboards", Decimal(counted.dashboards), prices.price("dashboards"), counted.source)
    traces = usage.of("trace_percent")
    yield Line(_GROUP, "traces", traces, prices.price("traces"), f"{given['trace_percent']} % of requests")


def metric_months(configuration: Configuration, usage: Usage) -> Decimal:
    """Return how many months of a custom metric are paid for: an hour counts in which the metric had a value.

    Requests and chats are taken to come evenly over the month's hours.
    """
    given, functions = usage.assumptions, len(configuration.functions)
    of_requests = functions * given["request_metrics"]
    of_tokens = functions + configuration.services * given["token_metrics"]
    busy_hours = min(Decimal(1), usage.requests / MONTH_HOURS)
    chatting_hours = min(Decimal(1), usage.of("chat_percent") / MONTH_HOURS)
    return of_requests * busy_hours + of_tokens * chatting_hours

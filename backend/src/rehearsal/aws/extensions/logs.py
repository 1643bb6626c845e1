"""CloudWatch Logs. Stock moto makes no metrics of lines in the embedded metric format.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.logs.models import LogsBackend

from rehearsal.aws.extensions import cloudwatch, log_queries

_stock_put = LogsBackend.put_log_events


def put_log_events(
    self: LogsBackend, log_group_name: str, log_stream_name: str, log_events: list[dict[str, Any]]
) -> tuple[str, dict[str, Any]]:
    """Keep lines, and take the metrics out of them."""
    answer = _stock_put(self, log_group_name, log_stream_name, log_events)
    metrics = cloudwatch_backends[self.account_id][self.region_name]
    for event in log_events:
        for namespace, told in metrics_in(event["message"]):
            metrics.put_metric_data(namespace, told)
    return answer


def metrics_in(message: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield what a line tells of each namespace, as PutMetricData takes it; a line that tells nothing, nothing."""
    if '"_aws"' not in message:
        return
    try:
        said = json.loads(message)
        for directive in said["_aws"]["CloudWatchMetrics"]:
            told = [one for names in directive["Dimensions"] for one in _told(said, names, directive["Metrics"])]
            yield directive["Namespace"], told
    except (KeyError, TypeError, ValueError):  # no such line after all: CloudWatch passes over it as well
        return


def install() -> None:
    """Put this in place of moto's own."""
    cloudwatch.install()
    log_queries.install()
    LogsBackend.put_log_events = put_log_events  # type: ignore[method-assign]  # so that it is found


def _told(said: Mapping[str, Any], names: list[str], metrics: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    dimensions = [{"Name": name, "Value": str(said[name])} for name in names]
    for metric in metrics:
        if (value := said.get(metric["Name"])) is not None:
            values = [float(one) for one in (value if isinstance(value, list) else [value])]
            yield {"MetricName": metric["Name"], "Dimensions": dimensions, "Values": values, "Unit": metric.get("Unit")}

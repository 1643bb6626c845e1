"""CloudWatch. Stock moto's alarms never look at a metric, begin as OK, and tell nobody of their state."""

import json
from collections.abc import Mapping
from typing import Any

from moto.cloudwatch.models import Alarm, CloudWatchBackend
from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.sns.models import sns_backends

from rehearsal.aws.alarms import evaluation
from rehearsal.aws.alarms.datapoints import Series
from rehearsal.aws.alarms.rules import ALARM, INSUFFICIENT_DATA, OK

_stock_put_data = CloudWatchBackend.put_metric_data
_stock_put_alarm = CloudWatchBackend.put_metric_alarm
_stock_set_state = CloudWatchBackend.set_alarm_state
_SUBJECT_LETTERS = 99
_installed: list[bool] = []


def put_metric_data(self: CloudWatchBackend, namespace: str, metric_data: list[dict[str, Any]]) -> None:
    """Keep metrics for whoever asks, and for the alarms: these take them for new, whatever their timestamp."""
    _stock_put_data(self, namespace, metric_data)
    for told in metric_data:
        dimensions = {one["Name"]: one["Value"] for one in told.get("Dimensions") or ()}
        _keep(self, Series.of(namespace, told["MetricName"], dimensions), told)


def put_metric_alarm(self: CloudWatchBackend, name: str, *arguments: Any, **more: Any) -> Alarm:
    """Make an alarm without a state, or change one that keeps its state."""
    before = self.alarms.get(name)
    alarm = _stock_put_alarm(self, name, *arguments, **more)
    alarm.state_value = before.state_value if before else INSUFFICIENT_DATA
    return alarm


def set_alarm_state(self: CloudWatchBackend, alarm_name: str, reason: str, reason_data: str, state_value: str) -> None:
    """Change an alarm's state, and tell its topics if it was another."""
    before = self.alarms[alarm_name].state_value if alarm_name in self.alarms else ""
    _stock_set_state(self, alarm_name, reason, reason_data, state_value)
    alarm = self.alarms[alarm_name]
    if before != state_value and alarm.actions_enabled:
        _tell(self, alarm, before)


def install() -> None:
    """Put these in place of moto's own, and begin to watch."""
    CloudWatchBackend.put_metric_data = put_metric_data  # type: ignore[method-assign]  # so that it is found
    CloudWatchBackend.put_metric_alarm = put_metric_alarm  # type: ignore[method-assign]  # the same
    CloudWatchBackend.set_alarm_state = set_alarm_state  # type: ignore[method-assign]  # the same
    if not _installed:
        _installed.append(True)
        evaluation.start()


def _keep(backend: CloudWatchBackend, series: Series, told: Mapping[str, Any]) -> None:
    datapoints = evaluation.datapoints_of(backend)
    if values := told.get("Values"):
        counts = told.get("Counts") or [1] * len(values)
        repeated = [[float(value)] * int(float(count)) for value, count in zip(values, counts, strict=True)]
        datapoints.add(series, [value for same in repeated for value in same])
    elif statistics := told.get("StatisticValues"):
        datapoints.add_statistics(
            series,
            minimum=float(statistics["Minimum"]),
            maximum=float(statistics["Maximum"]),
            total=float(statistics["Sum"]),
            count=float(statistics["SampleCount"]),
        )
    else:
        datapoints.add(series, [float(told.get("Value", 0))])


def _tell(backend: CloudWatchBackend, alarm: Alarm, before: str) -> None:
    actions = {ALARM: alarm.alarm_actions, OK: alarm.ok_actions, INSUFFICIENT_DATA: alarm.insufficient_data_actions}
    message = json.dumps(_message(backend, alarm, before))
    subject = f'{alarm.state_value}: "{alarm.name}" in {backend.region_name}'[:_SUBJECT_LETTERS]
    for arn in actions[alarm.state_value] or ():
        topics = sns_backends[backend.account_id][backend.region_name]
        if arn in topics.topics:
            topics.publish(message=message, arn=arn, subject=subject)


def _message(backend: CloudWatchBackend, alarm: Alarm, before: str) -> dict[str, Any]:
    """Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html."""
    return {
        "AlarmName": alarm.name,
        "AlarmDescription": alarm.description,
        "AWSAccountId": backend.account_id,
        "AlarmArn": alarm.alarm_arn,
        "Region": backend.region_name,
        "NewStateValue": alarm.state_value,
        "NewStateReason": alarm.state_reason,
        "StateChangeTime": iso_8601_datetime_with_milliseconds(alarm.state_updated_timestamp),
        "OldStateValue": before,
        "AlarmActions": alarm.alarm_actions,
        "OKActions": alarm.ok_actions,
        "InsufficientDataActions": alarm.insufficient_data_actions,
    }

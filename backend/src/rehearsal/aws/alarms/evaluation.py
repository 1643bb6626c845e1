"""Watches over the alarms that are deployed: four times a minute, each is judged by what its metrics were told.

CloudWatch's periods begin on the clock; here they end at the moment, so that short ones miss nothing.
"""

import sys
from collections.abc import Mapping
from threading import Event, Thread
from weakref import WeakKeyDictionary

from moto.cloudwatch.models import Alarm, CloudWatchBackend, Dimension, MetricStat, cloudwatch_backends
from moto.sqs.models import sqs_backends

from rehearsal.aws.alarms.datapoints import Datapoints, Series
from rehearsal.aws.alarms.expressions import evaluate
from rehearsal.aws.alarms.rules import Rule
from rehearsal.aws.alarms.statistics import statistic_of
from rehearsal.aws.time_scale import scaled

_LOOKS_A_MINUTE = 4
_SHORTEST_SECONDS = 0.05
_kept: WeakKeyDictionary[CloudWatchBackend, Datapoints] = WeakKeyDictionary()
_told: set[str] = set()


def datapoints_of(backend: CloudWatchBackend) -> Datapoints:
    """Return what the metrics of an account and region were told."""
    return _kept.setdefault(backend, Datapoints())


def start() -> None:
    """Watch, in a thread that ends with the process."""
    Thread(target=_watch, daemon=True).start()


def look(backend: CloudWatchBackend) -> None:
    """Judge every alarm of an account and region once."""
    datapoints = datapoints_of(backend)
    for alarm in [alarm for alarm in list(backend.alarms.values()) if alarm.rule is None]:
        try:
            state, reason = _judged(alarm, datapoints)
        except ValueError as error:  # something that is not played here: the alarm stays as it is
            if alarm.name not in _told:
                sys.stderr.write(f"the alarm {alarm.name} is not watched: {error}\n")
                _told.add(alarm.name)
            continue
        if state != alarm.state_value and backend.alarms.get(alarm.name) is alarm:
            backend.set_alarm_state(alarm.name, reason, "{}", state)


def _watch() -> None:
    never = Event()
    while True:
        never.wait(max(scaled(60) / _LOOKS_A_MINUTE, _SHORTEST_SECONDS))
        for account in list(cloudwatch_backends):
            for region in list(cloudwatch_backends[account]):
                backend = cloudwatch_backends[account][region]
                if backend.alarms:
                    _count_messages(backend)
                    look(backend)


def _count_messages(backend: CloudWatchBackend) -> None:
    """Have each queue tell how many messages wait, as SQS does by itself."""
    for queue in list(sqs_backends[backend.account_id][backend.region_name].queues.values()):
        series = Series.of("AWS/SQS", "ApproximateNumberOfMessagesVisible", {"QueueName": queue.name})
        datapoints_of(backend).add(series, [float(queue.approximate_number_of_messages)])


def _judged(alarm: Alarm, datapoints: Datapoints) -> tuple[str, str]:
    periods = int(alarm.evaluation_periods)
    needed = int(alarm.datapoints_to_alarm or periods)
    rule = Rule(alarm.comparison_operator, float(alarm.threshold), needed, alarm.treat_missing_data or "missing")
    values = [_value(alarm, datapoints, back) for back in range(periods)]
    state = rule.judge(values, alarm.state_value)
    shown = ", ".join("nothing" if value is None else f"{value:g}" for value in values)
    return state, f"Threshold Crossed: {shown} in the last {periods} periods, {rule.comparison} {rule.threshold:g}"


def _value(alarm: Alarm, datapoints: Datapoints, back: int) -> float | None:
    """Return the alarm's value in the period that ended `back` periods ago."""
    if not alarm.metric_data_queries:
        series = Series(alarm.namespace, alarm.metric_name, _pairs(alarm.dimensions))
        return _statistic(datapoints, series, alarm.extended_statistic or alarm.statistic, float(alarm.period), back)
    metrics = {
        query.id: _metric(datapoints, query.metric_stat, back)
        for query in alarm.metric_data_queries
        if query.metric_stat
    }
    return _returned(alarm, metrics)


def _returned(alarm: Alarm, metrics: Mapping[str, float | None]) -> float | None:
    """Return the one value the alarm looks at; an expression may name those before it."""
    known = dict(metrics)
    for query in alarm.metric_data_queries:
        if query.expression:
            known[query.id] = evaluate(query.expression, metrics, known)
    returned = [query.id for query in alarm.metric_data_queries if str(query.return_data).lower() != "false"]
    if len(returned) != 1:
        raise ValueError(f"it returns {len(returned)} values")
    return known[returned[0]]


def _metric(datapoints: Datapoints, stat: MetricStat, back: int) -> float | None:
    series = Series(stat.metric.namespace, stat.metric.metric_name, _pairs(stat.metric.dimensions))
    return _statistic(datapoints, series, stat.stat, float(stat.period), back)


def _statistic(datapoints: Datapoints, series: Series, statistic: str, period: float, back: int) -> float | None:
    length = scaled(period)
    end = datapoints.clock() - back * length
    return statistic_of(datapoints.between(series, end - length, end), statistic)


def _pairs(dimensions: list[Dimension]) -> frozenset[tuple[str, str]]:
    return frozenset((str(dimension.name), str(dimension.value)) for dimension in dimensions)

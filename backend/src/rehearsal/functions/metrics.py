"""What Lambda and API Gateway tell CloudWatch of what they did, gathered for a moment and sent together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, Queue
from threading import Thread
from time import monotonic
from typing import Any, Protocol

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

_GATHERING_SECONDS = 0.2
_MOST_VALUES = 150  # of one metric, as PutMetricData takes them
_MOST_METRICS = 500
_MILLISECONDS = frozenset({"Duration", "IntegrationLatency", "Latency"})

Dimensions = Mapping[str, str]


class Metrics(Protocol):
    """Where metrics go."""

    def put(self, namespace: str, dimensions: Sequence[Dimensions], values: Mapping[str, float]) -> None:
        """Tell each value, by its metric's name, under each set of dimensions; later, and nothing fails."""

    def drain(self) -> None:
        """Return when all there was to tell so far has been told."""


@dataclass(frozen=True)
class _Told:
    namespace: str
    dimensions: Sequence[Dimensions]
    values: Mapping[str, float]


class CloudWatch:
    """Metrics told to CloudWatch by a thread of their own: durations one by one, for percentiles; counts as sums."""

    def __init__(self, session: boto3.Session, endpoint_url: str) -> None:
        one_try = Config(retries={"total_max_attempts": 1})
        self._client = session.client("cloudwatch", endpoint_url=endpoint_url, config=one_try)
        self._queue: Queue[_Told] = Queue()
        Thread(target=self._work, daemon=True).start()

    def put(self, namespace: str, dimensions: Sequence[Dimensions], values: Mapping[str, float]) -> None:
        """Tell each value, by its metric's name, under each set of dimensions; later, and nothing fails."""
        self._queue.put(_Told(namespace, dimensions, values))

    def drain(self) -> None:
        """Return when all there was to tell so far has been told."""
        self._queue.join()

    def _work(self) -> None:
        while True:
            gathered = [self._queue.get()]
            deadline = monotonic() + _GATHERING_SECONDS
            with suppress(Empty):
                while (left := deadline - monotonic()) > 0:
                    gathered.append(self._queue.get(timeout=left))
            self._send(gathered)
            for _ in gathered:
                self._queue.task_done()

    def _send(self, gathered: Sequence[_Told]) -> None:
        for namespace, metrics in _together(gathered).items():
            for begin in range(0, len(metrics), _MOST_METRICS):
                with suppress(BotoCoreError, ClientError):  # an AWS that has gone need not be told
                    self._client.put_metric_data(Namespace=namespace, MetricData=metrics[begin : begin + _MOST_METRICS])


def _together(gathered: Sequence[_Told]) -> dict[str, list[dict[str, Any]]]:
    """Return what was gathered as PutMetricData takes it, by namespace."""
    values: defaultdict[tuple[str, str, frozenset[tuple[str, str]]], list[float]] = defaultdict(list)
    for told in gathered:
        for dimensions in told.dimensions:
            for name, value in told.values.items():
                values[told.namespace, name, frozenset(dimensions.items())].append(value)
    metrics: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for (namespace, name, pairs), found in values.items():
        named = [{"Name": key, "Value": value} for key, value in sorted(pairs)]
        metrics[namespace] += [{"MetricName": name, "Dimensions": named, **data} for data in _data(name, found)]
    return metrics


def _data(name: str, values: Sequence[float]) -> list[dict[str, Any]]:
    if name in _MILLISECONDS:
        pieces = [values[begin : begin + _MOST_VALUES] for begin in range(0, len(values), _MOST_VALUES)]
        return [{"Values": list(piece), "Unit": "Milliseconds"} for piece in pieces]
    statistics = {"SampleCount": len(values), "Sum": sum(values), "Minimum": min(values), "Maximum": max(values)}
    return [{"StatisticValues": statistics, "Unit": "Count"}]

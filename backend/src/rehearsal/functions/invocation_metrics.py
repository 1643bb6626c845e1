"""What Lambda measures of its functions.

Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rehearsal.functions.errors import TooManyRequests
from rehearsal.functions.metrics import Dimensions, Metrics
from rehearsal.functions.port import Answer

_NAMESPACE = "AWS/Lambda"


@dataclass(frozen=True)
class Invoked:
    """What was invoked: a function, by which version or alias, and which version that meant."""

    function: str
    qualifier: str | None
    version: str
    is_alias: bool

    def dimensions(self) -> list[Dimensions]:
        """Return the sets of dimensions it counts under."""
        function = {"FunctionName": self.function}
        resource = {**function, "Resource": f"{self.function}:{self.qualifier}" if self.qualifier else self.function}
        return [function, resource, *([{**resource, "ExecutedVersion": self.version}] if self.is_alias else [])]


class InvocationMetrics:
    """Tells the metrics of functions; nobody when `metrics` is None."""

    def __init__(self, metrics: Metrics | None) -> None:
        self._metrics = metrics

    @contextmanager
    def throttles(self, invoked: Invoked) -> Iterator[None]:
        """Count what ends for lack of environments."""
        try:
            yield
        except TooManyRequests:
            self._put(invoked.dimensions(), Throttles=1)
            raise

    def begun(self, invoked: Invoked, busy: int) -> None:
        """Count an invocation that has an environment, one of `busy`."""
        self._put([{"FunctionName": invoked.function}], ConcurrentExecutions=busy)

    def ended(self, invoked: Invoked, answer: Answer) -> None:
        """Count an invocation with its duration and whether it failed."""
        failed = answer.function_error is not None
        self._put(invoked.dimensions(), Invocations=1, Errors=failed, Throttles=0, Duration=answer.duration_ms)

    def dropped(self, function_arn: str) -> None:
        """Count an asynchronous event that was given up, whatever becomes of it."""
        self._put(_of_function(function_arn), AsyncEventsDropped=1)

    def undelivered(self, function_arn: str) -> None:
        """Count one that was not let in where it should have gone then."""
        self._put(_of_function(function_arn), DestinationDeliveryFailures=1)

    def drain(self) -> None:
        """Return when all there was to tell so far has been told."""
        if self._metrics:
            self._metrics.drain()

    def _put(self, dimensions: list[Dimensions], **values: float) -> None:
        if self._metrics:
            self._metrics.put(_NAMESPACE, dimensions, {name: float(value) for name, value in values.items()})


def _of_function(arn: str) -> list[Dimensions]:
    return [{"FunctionName": arn.partition(":function:")[2].partition(":")[0]}]

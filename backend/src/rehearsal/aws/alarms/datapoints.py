"""What metrics were told, for as long as alarms look back; safe in several threads."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from threading import Lock
from time import monotonic

_KEPT_SECONDS = 24 * 3600.0


@dataclass(frozen=True)
class Series:
    """A metric: what a namespace calls it, and all its dimensions."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, namespace: str, name: str, dimensions: Mapping[str, str]) -> "Series":
        """Return the metric with these dimensions."""
        return cls(namespace, name, frozenset(dimensions.items()))


@dataclass(frozen=True)
class Point:
    """What arrived at once: `values` are single ones, for percentiles; a set of statistics has none."""

    at_seconds: float
    minimum: float
    maximum: float
    total: float
    count: float
    values: tuple[float, ...] = ()


class Datapoints:
    """Keeps what arrives, by metric, for a day.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self.clock = clock
        self._lock = Lock()
        self._kept: defaultdict[Series, deque[Point]] = defaultdict(deque)

    def add(self, series: Series, values: Sequence[float]) -> None:
        """Keep values that arrive now."""
        if values:
            now = self.clock()
            self._keep(series, Point(now, min(values), max(values), sum(values), len(values), tuple(values)))

    def add_statistics(self, series: Series, *, minimum: float, maximum: float, total: float, count: float) -> None:
        """Keep what only statistics are known of."""
        self._keep(series, Point(self.clock(), minimum, maximum, total, count))

    def between(self, series: Series, begin: float, end: float) -> list[Point]:
        """Return what arrived after `begin`, and at `end` or before."""
        with self._lock:
            late = takewhile(lambda point: point.at_seconds > begin, reversed(self._kept.get(series, ())))
            return [point for point in late if point.at_seconds <= end]

    def _keep(self, series: Series, point: Point) -> None:
        with self._lock:
            kept = self._kept[series]
            kept.append(point)
            while kept[0].at_seconds < point.at_seconds - _KEPT_SECONDS:
                kept.popleft()

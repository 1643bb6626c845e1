"""Statistics of what arrived in a period; pure.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
"""

import re
from collections.abc import Callable, Mapping, Sequence

from rehearsal.aws.alarms.datapoints import Point

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?|100)")
_NAMED: Mapping[str, Callable[[Sequence[Point]], float]] = {
    "Average": lambda points: sum(point.total for point in points) / sum(point.count for point in points),
    "Maximum": lambda points: max(point.maximum for point in points),
    "Minimum": lambda points: min(point.minimum for point in points),
    "SampleCount": lambda points: sum(point.count for point in points),
    "Sum": lambda points: sum(point.total for point in points),
}


class UnknownStatistic(ValueError):
    """A statistic that is not played here."""


def statistic_of(points: Sequence[Point], statistic: str) -> float | None:
    """Return a statistic of what arrived; None of nothing.

    Raises:
        UnknownStatistic: it is none of the five, and no percentile.
    """
    named, percentile = _NAMED.get(statistic), _PERCENTILE.fullmatch(statistic)
    if named is None and percentile is None:
        raise UnknownStatistic(f"the statistic {statistic} is not played here")
    if named:
        return named(points) if points else None
    values = sorted(value for point in points for value in point.values)
    return _percentile(values, float(percentile[1])) if values and percentile else None


def _percentile(values: Sequence[float], percent: float) -> float:
    """Interpolate between the two values nearest to the place."""
    place = (len(values) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)

"""A straight line through values over time, what it tells of their rate, and when it may meet a value."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

FEWEST_DAYS = 5
"""A line wants values of this many days at least, ..."""

SHORTEST_SPAN = timedelta(days=14)
"""... this far apart: below two weeks, water and glycogen hide what body weight does."""

NOT_ENOUGH = (
    f"Not enough data: a rate wants values of at least {FEWEST_DAYS} days, at least {SHORTEST_SPAN.days} days apart,"
    " that do not all hang on each other"
)
METHOD = (
    "ordinary least squares on the rows' own values; the interval is Student's t with the number of values lowered for"
    " the lag-1 autocorrelation of the residuals (Santer et al., J Geophys Res 2000;105(D6):7337-7356)"
)
_DAY = timedelta(days=1)
_WEEK_DAYS = 7
_FEWEST_EFFECTIVE = 3.0


@dataclass(frozen=True)
class Point:
    """A value, when it was so, and the rows that say so."""

    at: datetime
    value: float
    row_ids: tuple[UUID, ...]


@dataclass(frozen=True)
class Line:
    """value = mean + slope x (days - mean_days), days counted from `origin`.

    `sxx` is the sum of squared distances from `mean_days`, `effective` how many independent values there are worth of,
    `spread` the standard deviation of what the line leaves over.
    """

    origin: datetime
    mean_days: float
    mean: float
    slope: float
    sxx: float
    effective: float
    spread: float

    def at(self, days: float) -> float:
        """Return the line's value."""
        return self.mean + self.slope * (days - self.mean_days)

    def slope_margin(self, confidence: float) -> float:
        """Return the half width of the slope's confidence interval, per day."""
        return student_t(confidence, self.effective - 2) * self.spread / math.sqrt(self.sxx)

    def prediction_margin(self, days: float, confidence: float) -> float:
        """Return the half width of the interval for one new value at that time."""
        variance = 1 + 1 / self.effective + (days - self.mean_days) ** 2 / self.sxx
        return student_t(confidence, self.effective - 2) * self.spread * math.sqrt(variance)


@dataclass(frozen=True)
class Rate:
    """A line's slope each week, in the unit of the values, with its interval and what it was computed from."""

    per_week: float
    low_per_week: float
    high_per_week: float
    confidence_percent: int
    points: int
    since: datetime
    until: datetime
    method: str
    row_ids: Sequence[UUID]


def enough(points: Sequence[Point]) -> bool:
    """Whether the points, the earliest first, are on enough days, far enough apart, for a line to mean anything."""
    days = {point.at.date() for point in points}
    return len(days) >= FEWEST_DAYS and points[-1].at - points[0].at >= SHORTEST_SPAN


def fitted(points: Sequence[Point]) -> Line | None:
    """Return the line through the points, the earliest first; None when they are too few or hang together too much.

    Values that follow each other lie on the same side of the line more often than chance has it, and are worth fewer:
    n (1 - r) / (1 + r), r their lag-1 autocorrelation.
    Source: Santer et al., J Geophys Res 2000;105(D6):7337-7356.
    """
    if not enough(points):
        return None
    origin, count = points[0].at, len(points)
    days = [(point.at - origin) / _DAY for point in points]
    mean_days, mean = math.fsum(days) / count, math.fsum(point.value for point in points) / count
    sxx = math.fsum((day - mean_days) ** 2 for day in days)
    products = ((day - mean_days) * (point.value - mean) for day, point in zip(days, points, strict=True))
    slope = math.fsum(products) / sxx
    left = [point.value - mean - slope * (day - mean_days) for day, point in zip(days, points, strict=True)]
    correlation = _lag_one(left)
    effective = count * (1 - correlation) / (1 + correlation)
    if effective < _FEWEST_EFFECTIVE:
        return None
    spread = math.sqrt(math.fsum(one * one for one in left) / (effective - 2))
    return Line(origin, mean_days, mean, slope, sxx, effective, spread)


def rate_of_change(points: Sequence[Point], *, confidence: float) -> Rate | None:
    """Return how fast the values change each week; None when the points tell too little."""
    line = fitted(points)
    return None if line is None else rate_of(line, points, confidence=confidence)


def rate_of(line: Line, points: Sequence[Point], *, confidence: float) -> Rate:
    """Return a line's slope each week, and the points it was fitted to."""
    margin = line.slope_margin(confidence)
    return Rate(
        per_week=line.slope * _WEEK_DAYS,
        low_per_week=(line.slope - margin) * _WEEK_DAYS,
        high_per_week=(line.slope + margin) * _WEEK_DAYS,
        confidence_percent=round(confidence * 100),
        points=len(points),
        since=points[0].at,
        until=points[-1].at,
        method=METHOD,
        row_ids=[row_id for point in points for row_id in point.row_ids],
    )


def student_t(confidence: float, degrees: float) -> float:
    """Return the t that holds this share of Student's distribution between -t and t; `degrees` at least 1.

    Degrees of freedom that are no whole number are rounded down, which widens the interval.
    """
    whole, low, high = math.floor(degrees), 0.0, 1.0
    while _share_within(high, whole) < confidence:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _share_within(middle, whole) < confidence else (low, middle)
    return (low + high) / 2


def _share_within(t: float, degrees: int) -> float:
    """Return the share of Student's distribution between -t and t.

    Source: Abramowitz M, Stegun IA. Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
    """
    angle = math.atan(t / math.sqrt(degrees))
    squared = math.cos(angle) ** 2
    odd = degrees % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for index in range(1, degrees // 2 + 1):
        total += term
        term *= squared * (2 * index / (2 * index + 1) if odd else (2 * index - 1) / (2 * index))
    share = math.sin(angle) * total
    return 2 / math.pi * (angle + share) if odd else share


def _lag_one(left: Sequence[float]) -> float:
    """Return the lag-1 autocorrelation; what is negative counts as none, for it would promise too much."""
    squares = math.fsum(one * one for one in left)
    if squares <= 1e-12 * len(left):  # a perfect line leaves nothing but rounding
        return 0.0
    return max(0.0, math.fsum(one * after for one, after in pairwise(left)) / squares)

"""Body weight smoothed, its rate, and where lines lead: the published formulas in plain sums."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from tests.e2e.season.compare import Near, moment

Json = dict[str, Any]
Value = tuple[datetime, float]
DAY = timedelta(days=1)


def smoothed(weighings: Sequence[Value]) -> list[float]:
    """Return the trend after each weighing: on weighings a day apart it moves a tenth of the way."""
    trend: list[float] = []
    for place, (at, weight) in enumerate(weighings):
        kept = 0.9 ** ((at - weighings[place - 1][0]) / DAY) if place else 0.0
        trend.append((trend[-1] * kept if place else 0.0) + weight * (1 - kept))
    return trend


def weight_trend(weighings: Sequence[Value]) -> Json:
    """Return what `GET /body/weight-trend` shows."""
    trend = smoothed(weighings)
    last_four_weeks = [one for one in weighings if one[0] >= weighings[-1][0] - timedelta(days=28)]
    return {
        "points": [
            {"measured_at": moment(at), "weight_kg": weight, "trend_kg": Near(after, 2)}
            for (at, weight), after in zip(weighings, trend, strict=True)
        ],
        "trend_kg": Near(trend[-1], 2),
        "weekly_rate": rate(last_four_weeks, 0.95),
    }


@dataclass(frozen=True)
class Line:
    """The straight line of least squares; days are counted from the first value."""

    values: Sequence[Value]

    @cached_property
    def days(self) -> list[float]:
        """When, in days from the first."""
        return [(at - self.values[0][0]) / DAY for at, _ in self.values]

    @cached_property
    def middle(self) -> tuple[float, float]:
        """The means."""
        count = len(self.values)
        return sum(self.days) / count, sum(value for _, value in self.values) / count

    @cached_property
    def sxx(self) -> float:
        """How far the days lie apart, squared."""
        return sum((day - self.middle[0]) ** 2 for day in self.days)

    @cached_property
    def slope(self) -> float:
        """A day's change."""
        day_mean, mean = self.middle
        return sum((d - day_mean) * (v - mean) for d, (_, v) in zip(self.days, self.values, strict=True)) / self.sxx

    def at(self, day: float) -> float:
        """Return the line's value."""
        return self.middle[1] + self.slope * (day - self.middle[0])

    @cached_property
    def left(self) -> list[float]:
        """What the line leaves over."""
        return [value - self.at(day) for day, (_, value) in zip(self.days, self.values, strict=True)]

    @cached_property
    def worth(self) -> float:
        """How many independent values there are worth of (Santer 2000); lag-1 autocorrelation under 0 is none."""
        left = self.left
        lag_one = max(0.0, sum(a * b for a, b in pairwise(left)) / sum(a * a for a in left))
        return len(left) * (1 - lag_one) / (1 + lag_one)

    @cached_property
    def spread(self) -> float:
        """The residuals' standard deviation."""
        return math.sqrt(sum(one * one for one in self.left) / (self.worth - 2))

    def slope_margin(self, share: float) -> float:
        """Return half the confidence interval of a day's change."""
        return students_t(share, math.floor(self.worth - 2)) * self.spread / math.sqrt(self.sxx)

    def prediction_margin(self, day: float, share: float) -> float:
        """Return half the prediction interval of one new value."""
        variance = 1 + 1 / self.worth + (day - self.middle[0]) ** 2 / self.sxx
        return students_t(share, math.floor(self.worth - 2)) * self.spread * math.sqrt(variance)


@lru_cache
def students_t(share: float, degrees: int) -> float:
    """Return the t with so much of Student's distribution between -t and t: by integrating its density."""
    constant = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)

    def within(limit: float) -> float:
        steps = 400
        width = limit / steps
        heights = [(1 + (width * i) ** 2 / degrees) ** (-(degrees + 1) / 2) for i in range(steps + 1)]
        simpson = heights[0] + heights[-1] + 4 * sum(heights[1::2]) + 2 * sum(heights[2:-1:2])
        return 2 * constant * simpson * width / 3

    low, high = 0.0, 200.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle) < share else (low, middle)
    return low


def rate(values: Sequence[Value], share: float) -> Json | None:
    """Return a week's change with its interval; none from fewer than five days or under two weeks."""
    if len({at.date() for at, _ in values}) < 5 or values[-1][0] - values[0][0] < timedelta(days=14):
        return None
    line = Line(values)
    if line.worth < 3:
        return None
    slope, margin = line.slope, line.slope_margin(share)
    return {
        "per_week": Near(7 * slope, 4),
        "low_per_week": Near(7 * (slope - margin), 4),
        "high_per_week": Near(7 * (slope + margin), 4),
        "confidence_percent": round(100 * share),
        "points": len(values),
        "since": moment(values[0][0]),
        "until": moment(values[-1][0]),
    }


def projection(values: Sequence[Value], start: float, target: float, due_on: date, now: datetime) -> Json:
    """Return where a straight line through `values`, those of the window, leads; 80 % prediction interval."""
    told = rate(values, 0.80)
    if told is None:
        return {"state": "not_enough_data", "likely_on": None, "rate": None}
    line, towards = Line(values), 1 if target > start else -1
    pace, doubt = towards * line.slope, line.slope_margin(0.80)
    nothing = {"earliest_on": None, "likely_on": None, "latest_on": None, "rate": told}
    if pace + doubt < 0:
        return {"state": "moving_away", **nothing}
    if pace - doubt <= 0:
        return {"state": "no_clear_trend", **nothing}

    def first_day(sign: int) -> date | None:
        for ahead in range(366):
            day = (now - values[0][0]) / DAY + ahead
            if towards * (line.at(day) - target) + sign * line.prediction_margin(day, 0.80) * bool(sign) >= 0:
                return (now + ahead * DAY).date()
        return None

    early, likely, late = (first_day(sign) for sign in (1, 0, -1))
    if likely is None:
        return {"state": "too_far_ahead", **nothing}
    return {
        "state": "on_time" if likely <= due_on else "late",
        "earliest_on": str(early),
        "likely_on": str(likely),
        "latest_on": str(late) if late else None,
        "rate": told,
    }

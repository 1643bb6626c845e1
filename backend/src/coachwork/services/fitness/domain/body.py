"""Body measurements, and body weight smoothed over uneven gaps of time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from coachwork.services.fitness.domain.regression import Point, Rate, rate_of_change
from coachwork.services.fitness.schemas.body import Site

TIME_CONSTANT_DAYS = -1 / math.log(0.9)
"""9.49 days: on weighings a day apart it is the Hacker's Diet's trend, which moves a tenth of the way each day."""

TREND_FORMULA = "trend = u x trend before + (1 - u) x weight, u = exp(-days since the weighing before / 9.49)"
TREND_SOURCE = (
    "Walker J. The Hacker's Diet, 1991, 'Signal and noise' (10 % smoothing a day); for uneven gaps: Eckner A."
    " Algorithms for unevenly spaced time series: moving averages and other rolling operators, 2012 (EMA, next point)"
)
_RATE_WINDOW = timedelta(days=28)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Measurement:
    """What was measured at one time; `version` counts its changes."""

    id: UUID
    measured_at: datetime
    weight_kg: float | None
    body_fat_percent: float | None
    circumferences_cm: Mapping[Site, float]
    note: str
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class Weighing:
    """One measured body weight."""

    measurement_id: UUID
    measured_at: datetime
    weight_kg: float


@dataclass(frozen=True)
class TrendPoint(Weighing):
    """A weighing and the trend after it, in kg; not rounded."""

    trend_kg: float


@dataclass(frozen=True)
class WeightTrend:
    """Weighings with their trend, the earliest first, and how fast the weight changes at their end."""

    points: Sequence[TrendPoint]
    weekly_rate: Rate | None

    @property
    def trend_kg(self) -> float | None:
        """The trend after the last weighing."""
        return self.points[-1].trend_kg if self.points else None


def smoothed(weighings: Sequence[Weighing]) -> list[TrendPoint]:
    """Return the weighings, which come the earliest first, with the trend after each.

    The first is its own trend. A longer gap tells less of today, so the next weighing counts for more.
    Source: see `TREND_SOURCE`.
    """
    points: list[TrendPoint] = []
    for weighing in weighings:
        trend_kg = weighing.weight_kg
        if points:
            gap_days = (weighing.measured_at - points[-1].measured_at) / _DAY
            kept = math.exp(-gap_days / TIME_CONSTANT_DAYS)
            trend_kg = kept * points[-1].trend_kg + (1 - kept) * weighing.weight_kg
        points.append(TrendPoint(**vars(weighing), trend_kg=trend_kg))
    return points


def weight_trend(weighings: Sequence[Weighing], since: datetime | None) -> WeightTrend:
    """Return the trend from `since` on; earlier weighings, the earliest first, lead up to it.

    The rate is that of the last 28 days before the last weighing, and of no weighing before `since`.
    """
    points = [point for point in smoothed(weighings) if since is None or point.measured_at >= since]
    recent = [
        Point(point.measured_at, point.weight_kg, (point.measurement_id,))
        for point in points
        if point.measured_at >= points[-1].measured_at - _RATE_WINDOW
    ]
    return WeightTrend(points, rate_of_change(recent, confidence=0.95))

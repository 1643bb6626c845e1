"""One exercise over time: for each of its logs the volume and the best set's estimated one-rep maximum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.calendar import day_of
from coachwork.services.fitness.domain.performance import PerformedSet, Rows, by_log, total_kg
from coachwork.services.fitness.domain.strength import BRZYCKI_SOURCE, EPLEY_SOURCE, Formula, brzycki_kg, epley_kg
from coachwork.services.fitness.schemas.performance import FormulaChoice

FORMULAS: Mapping[FormulaChoice, Formula] = {"epley": epley_kg, "brzycki": brzycki_kg}
"""The formulas of the estimate, by name."""


@dataclass(frozen=True)
class FormulaCard:
    """A formula as callers are told of it."""

    name: FormulaChoice
    expression: str
    source: str


CARDS: Mapping[FormulaChoice, FormulaCard] = {
    "epley": FormulaCard("epley", "weight_kg * (1 + reps / 30), and weight_kg itself for one repetition", EPLEY_SOURCE),
    "brzycki": FormulaCard("brzycki", "weight_kg * 36 / (37 - reps)", BRZYCKI_SOURCE),
}


@dataclass(frozen=True)
class Estimate:
    """An estimated one-rep maximum in kg, not rounded, and the set it came from, the first of equals."""

    exact_kg: float
    made_by: PerformedSet

    @property
    def estimate_kg(self) -> float:
        """The estimate to a tenth: it is not more exact than that."""
        return round(self.exact_kg, 1)


@dataclass(frozen=True)
class SeriesPoint:
    """One log: `best` is None when none of its sets tells anything of a one-rep maximum.

    `is_record` says that its estimate is above that of every log before it in the series.
    """

    log_id: UUID
    performed_at: datetime
    day: date
    sets: int
    reps: int
    volume_kg: float
    best: Estimate | None
    is_record: bool


@dataclass(frozen=True)
class Series:
    """The points of one exercise, the earliest first; `tz` names the zone of their days."""

    exercise: str
    exercise_name: str
    tz: str
    formula: FormulaCard
    points: Sequence[SeriesPoint]
    rows: Rows

    @property
    def best(self) -> Estimate | None:
        """The highest estimate, by the set that made it first."""
        records = [point.best for point in self.points if point.is_record]
        return records[-1] if records else None

    @property
    def volume_kg(self) -> float:
        """The volume of every point."""
        return round(sum(point.volume_kg for point in self.points), 2)


def points_of(performed: Sequence[PerformedSet], formula: FormulaChoice, zone: ZoneInfo) -> list[SeriesPoint]:
    """Return a point for each log of one exercise, in the order of `performed`, which is that of time."""
    points, highest_kg = [], 0.0
    for sets in by_log(performed):
        best = _best(sets, FORMULAS[formula])
        is_record = best is not None and best.exact_kg > highest_kg
        points.append(_point(sets, best, zone, is_record=is_record))
        if best and is_record:
            highest_kg = best.exact_kg
    return points


def _best(sets: Sequence[PerformedSet], formula: Formula) -> Estimate | None:
    estimates = [Estimate(kg, one) for one in sets if (kg := one.one_rep_max_kg(formula)) is not None]
    return max(estimates, key=lambda one: one.exact_kg, default=None)


def _point(sets: Sequence[PerformedSet], best: Estimate | None, zone: ZoneInfo, *, is_record: bool) -> SeriesPoint:
    first = sets[0]
    return SeriesPoint(
        log_id=first.log_id,
        performed_at=first.performed_at,
        day=day_of(first.performed_at, zone),
        sets=len(sets),
        reps=sum(one.reps or 0 for one in sets),
        volume_kg=total_kg(sets),
        best=best,
        is_record=is_record,
    )

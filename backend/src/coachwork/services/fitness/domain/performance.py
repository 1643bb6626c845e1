"""What was performed, set by set and log by log: the rows that every figure of progress is made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.calendar import end_of_day, start_of_day
from coachwork.services.fitness.domain.strength import Formula, is_reliable, volume_kg


@dataclass(frozen=True)
class PerformedSet:
    """One set of an exercise; `set_position` is its place among its log's sets, from 0.

    None is what was not said; a set has repetitions with their load, a time, a distance, or several of them.
    """

    exercise: str
    exercise_name: str
    log_id: UUID
    set_position: int
    performed_at: datetime
    reps: int | None
    weight_kg: float | None
    duration_seconds: int | None = None
    distance_m: float | None = None

    @property
    def volume_kg(self) -> float:
        """Repetitions times load; nothing for what has none."""
        return volume_kg(self.reps or 0, self.weight_kg or 0.0)

    def one_rep_max_kg(self, formula: Formula) -> float | None:
        """Return the estimate this set makes, not rounded; None when it tells nothing of a one-rep maximum."""
        if self.reps is None or self.weight_kg is None or not is_reliable(self.reps, self.weight_kg):
            return None
        return formula(self.reps, self.weight_kg)


@dataclass(frozen=True)
class PerformedLog:
    """One log of an exercise, with the sums of its sets."""

    exercise: str
    log_id: UUID
    performed_at: datetime
    sets: int
    volume_kg: float


@dataclass(frozen=True)
class Rows:
    """Which rows a figure is made of: the logs of one exercise (its slug) or all, from `since` until before `until`."""

    exercise: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def cover(self, moment: datetime) -> bool:
        """Whether they are of a period that has this moment."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


def rows_of_days(first: date | None, last: date | None, zone: ZoneInfo, exercise: str | None = None) -> Rows:
    """Return the rows of the days from `first` to `last`, as the zone has them; None leaves that end open."""
    return Rows(
        exercise,
        since=start_of_day(first, zone) if first else None,
        until=end_of_day(last, zone) if last else None,
    )


def by_log(performed: Iterable[PerformedSet]) -> list[list[PerformedSet]]:
    """Return the sets of each log together; `performed` has them side by side."""
    return [list(sets) for _, sets in groupby(performed, key=lambda one: one.log_id)]


def total_kg(sets: Iterable[PerformedSet]) -> float:
    """Return the volume of several sets, to ten grams as loads are."""
    return round(sum(one.volume_kg for one in sets), 2)

"""What was planned against what was done."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from coachwork.services.fitness.domain.calendar import iso_week, mondays, sunday_of

Outcome = Literal["done", "missed", "upcoming"]


@dataclass(frozen=True)
class PlannedWorkout:
    """A workout planned for a day, and the logs that say they followed it, the earliest first."""

    workout_id: UUID
    name: str
    scheduled_on: date
    log_ids: Sequence[UUID]


@dataclass(frozen=True)
class Judged(PlannedWorkout):
    """A planned workout and what became of it: done on whichever day, missed, or not yet due."""

    outcome: Outcome


@dataclass(frozen=True)
class Adherence:
    """How much of what was due was done; `percent` is None when nothing was."""

    done: int
    missed: int
    upcoming: int

    @property
    def planned(self) -> int:
        """Everything, what is still to come with it."""
        return self.done + self.missed + self.upcoming

    @property
    def percent(self) -> float | None:
        """What was done out of what was done or missed, to a tenth; what is still to come does not count."""
        due = self.done + self.missed
        return round(100 * self.done / due, 1) if due else None


@dataclass(frozen=True)
class AdherenceWeek:
    """One ISO 8601 week of the plan, the earliest workout first."""

    starts_on: date
    workouts: Sequence[Judged]

    @property
    def iso_week(self) -> str:
        """The week's name, such as 2026-W40."""
        return iso_week(self.starts_on)

    @property
    def total(self) -> Adherence:
        """How much of it was done."""
        return adherence(self.workouts)


@dataclass(frozen=True)
class PlanKept:
    """What was planned and done, from the first week's Monday to the last one's Sunday; `tz` names the zone."""

    tz: str
    starts_on: date
    ends_on: date
    total: Adherence
    weeks: Sequence[AdherenceWeek]


def judged(planned: PlannedWorkout, today: date) -> Judged:
    """Return what became of a planned workout; today's is not missed before the day is over."""
    outcome: Outcome = "missed" if planned.scheduled_on < today else "upcoming"
    return Judged(**vars(planned), outcome="done" if planned.log_ids else outcome)


def adherence(workouts: Iterable[Judged]) -> Adherence:
    """Return how much was done."""
    counted = Counter(one.outcome for one in workouts)
    return Adherence(counted["done"], counted["missed"], counted["upcoming"])


def adherence_weeks(workouts: Sequence[Judged], days: tuple[date, date]) -> list[AdherenceWeek]:
    """Return each week of the period, those with nothing planned too."""
    return [
        AdherenceWeek(monday, [one for one in workouts if monday <= one.scheduled_on <= sunday_of(monday)])
        for monday in mondays(*days)
    ]

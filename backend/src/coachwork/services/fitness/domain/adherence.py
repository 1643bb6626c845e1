"""What was planned against what was done: workouts planned for a day, and programmes' days, planned by the week."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Literal
from uuid import UUID

from coachwork.services.fitness.domain.calendar import iso_week, mondays, sunday_of
from coachwork.services.fitness.domain.programmes.adherence import DoneDay, Plan, ProgrammeWeek

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

    done: int = 0
    missed: int = 0
    upcoming: int = 0

    def __add__(self, other: "Adherence") -> "Adherence":
        return Adherence(self.done + other.done, self.missed + other.missed, self.upcoming + other.upcoming)

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
class FollowedProgramme:
    """One week of a programme; what was done beyond its plan is among `days`, but makes up for no other week."""

    programme_id: UUID
    name: str
    total: Adherence
    days: Sequence[DoneDay]


@dataclass(frozen=True)
class AdherenceWeek:
    """One ISO 8601 week of the plan, the earliest workout first."""

    starts_on: date
    workouts: Sequence[Judged]
    programmes: Sequence[FollowedProgramme]

    @property
    def iso_week(self) -> str:
        """The week's name, such as 2026-W40."""
        return iso_week(self.starts_on)

    @property
    def total(self) -> Adherence:
        """How much of it was done."""
        return reduce(Adherence.__add__, [one.total for one in self.programmes], _counted(self.workouts))


@dataclass(frozen=True)
class PlanKept:
    """What was planned and done, from the first week's Monday to the last one's Sunday; `tz` names the zone."""

    tz: str
    starts_on: date
    ends_on: date
    weeks: Sequence[AdherenceWeek]

    @property
    def total(self) -> Adherence:
        """How much of it was done."""
        return reduce(Adherence.__add__, [week.total for week in self.weeks], Adherence())


def judged(planned: PlannedWorkout, today: date) -> Judged:
    """Return what became of a planned workout; today's is not missed before the day is over."""
    outcome: Outcome = "missed" if planned.scheduled_on < today else "upcoming"
    return Judged(**vars(planned), outcome="done" if planned.log_ids else outcome)


def followed(plan: Plan, week: ProgrammeWeek, today: date) -> FollowedProgramme:
    """Return what became of a programme's week; nothing of it is missed before the week is over."""
    done = min(len(week.done), week.planned)
    left = week.planned - done
    is_over = sunday_of(week.starts_on) < today
    total = Adherence(done, missed=left, upcoming=0) if is_over else Adherence(done, missed=0, upcoming=left)
    return FollowedProgramme(plan.programme_id, plan.name, total, week.done)


def adherence_weeks(
    workouts: Sequence[Judged], programmes: Mapping[date, Sequence[FollowedProgramme]], days: tuple[date, date]
) -> list[AdherenceWeek]:
    """Return each week of the period, those with nothing planned too; `programmes` has theirs by its Monday."""
    return [
        AdherenceWeek(
            monday,
            [one for one in workouts if monday <= one.scheduled_on <= sunday_of(monday)],
            [one for one in programmes.get(monday, ()) if one.total.planned or one.days],
        )
        for monday in mondays(*days)
    ]


def _counted(workouts: Iterable[Judged]) -> Adherence:
    counted = Counter(one.outcome for one in workouts)
    return Adherence(counted["done"], counted["missed"], counted["upcoming"])

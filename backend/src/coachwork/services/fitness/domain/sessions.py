"""What a training session is: what was asked for that day, what was done of it, and what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from coachwork.services.fitness.domain.logs import LoggedSet
from coachwork.services.fitness.domain.programmes.history import DoneSet, Target, unanswered
from coachwork.services.fitness.domain.programmes.progression import Decision

MOST_EXERCISES = 50
"""Of one exercise, as in a log."""


@dataclass(frozen=True)
class SessionSet(LoggedSet):
    """A set with its place in the log, which it keeps when another is deleted."""

    position: int


@dataclass(frozen=True)
class SessionExercise:
    """One exercise of a session; `planned_exercise` is what it was before it was swapped, `log_id` the log it owns."""

    id: UUID
    exercise: str
    exercise_name: str
    planned_exercise: str | None
    slot_id: UUID | None
    skipped: bool
    notes: str
    targets: Sequence[Target]
    decision: Decision | None
    log_id: UUID | None
    sets: Sequence[SessionSet] = ()

    @property
    def next_set(self) -> Target | None:
        """What the next set is asked to be; None when everything was done, or nothing is asked for."""
        return None if self.skipped else unanswered(self.targets, [done_set(one) for one in self.sets])

    @property
    def rest_seconds(self) -> int | None:
        """How long to rest before the next set, as the plan says of the sets that it belongs to."""
        upcoming = self.next_set
        return upcoming.rest_seconds if upcoming else None


@dataclass(frozen=True)
class TrainingSession:
    """A session, its exercises in the order they are done."""

    id: UUID
    programme_id: UUID | None
    day_id: UUID | None
    name: str
    notes: str
    cycle_week: int
    started_at: datetime
    finished_at: datetime | None
    rest_seconds: int | None
    rest_started_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    exercises: Sequence[SessionExercise] = ()

    @property
    def rest_until(self) -> datetime | None:
        """When the rest after the last set ends; None without one, and in a finished session."""
        if self.finished_at is not None or self.rest_seconds is None or self.rest_started_at is None:
            return None
        return self.rest_started_at + timedelta(seconds=self.rest_seconds)


def done_set(one: LoggedSet) -> DoneSet:
    """Return what a progression looks at."""
    return DoneSet(one.reps, one.weight_kg, one.rpe)

"""What a planned workout is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(frozen=True)
class WorkoutExercise:
    """One exercise of a workout; `exercise` is its slug."""

    exercise: str
    exercise_name: str
    target_sets: int
    target_reps: int | None
    target_seconds: int | None
    target_weight_kg: float | None
    rest_seconds: int | None
    notes: str


@dataclass(frozen=True)
class Workout:
    """A planned workout, its exercises in the order they are done."""

    id: UUID
    name: str
    notes: str
    scheduled_on: date | None
    created_at: datetime
    updated_at: datetime
    version: int
    exercises: Sequence[WorkoutExercise] = ()

"""Rows of exercises of one's own, of what is planned in workouts, and of what was done."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import CalendarDate, Printable, Timestamp
from coachwork.services.fitness.schemas.exercises import (
    Aliases,
    BodyAreas,
    EquipmentNeeded,
    ExerciseName,
    ExerciseSlug,
    Level,
    Measure,
    Mechanics,
    Movement,
    Muscles,
    Paragraphs,
)
from coachwork.services.fitness.schemas.logs import Rpe
from coachwork.services.fitness.schemas.quantities import HeartRate, Kilograms, Metres, Notes, Reps, Seconds
from coachwork.services.fitness.schemas.rows.row import Position, Row, Version
from coachwork.services.fitness.schemas.slots import (
    Rest,
    SetCount,
)
from coachwork.services.fitness.schemas.workouts import WorkoutName


class ExerciseRow(Row):
    """An exercise of one's own."""

    id: UUID
    slug: Annotated[str, Field(pattern=r"^my-[a-z0-9]+(-[a-z0-9]+)*$", max_length=100, examples=["my-log-flip"])]
    name: ExerciseName
    aliases: Aliases
    level: Level
    mechanics: Mechanics
    movement: Movement
    measure: Measure
    primary_muscles: Muscles
    secondary_muscles: Muscles
    equipment: EquipmentNeeded
    stresses: BodyAreas
    instructions: Paragraphs
    cautions: Paragraphs
    image_key: Annotated[str, Field(max_length=512), Printable] | None
    archived_at: Timestamp | None
    version: Version
    created_at: Timestamp
    updated_at: Timestamp


class WorkoutRow(Row):
    """A planned workout."""

    id: UUID
    name: WorkoutName
    notes: Notes
    scheduled_on: CalendarDate | None
    created_at: Timestamp
    updated_at: Timestamp
    version: Version


class WorkoutExerciseRow(Row):
    """An exercise of a planned workout."""

    key: ClassVar[tuple[str, ...]] = ("workout_id", "position")

    workout_id: UUID
    position: Position
    exercise: ExerciseSlug
    target_sets: SetCount
    target_reps: Reps | None
    target_seconds: Seconds | None
    target_weight_kg: Kilograms | None
    rest_seconds: Rest | None
    notes: Notes


class LogRow(Row):
    """A performance log."""

    id: UUID
    exercise: ExerciseSlug
    workout_id: UUID | None
    performed_at: Timestamp
    notes: Notes
    created_at: Timestamp
    version: Version


class SetRow(Row):
    """A set of a performance log."""

    key: ClassVar[tuple[str, ...]] = ("log_id", "position")

    log_id: UUID
    position: Position
    reps: Reps | None
    weight_kg: Kilograms | None
    rpe: Rpe | None
    duration_seconds: Seconds | None
    distance_m: Metres | None
    heart_rate_bpm: HeartRate | None

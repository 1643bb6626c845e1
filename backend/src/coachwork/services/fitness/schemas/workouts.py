"""Planned workouts: what is to be done, and when."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, field_validator, model_validator
from pydantic.json_schema import SkipJsonSchema

from coachwork.chassis.http.schemas import (
    CalendarDate,
    Cursor,
    Limit,
    Printable,
    RequestSchema,
    ResponseSchema,
)
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.quantities import Kilograms, Notes, Reps

WorkoutName = Annotated[str, Field(min_length=1, max_length=200, examples=["Lower body A"]), Printable]


class PlannedExerciseRequest(RequestSchema):
    """One exercise of a workout. Its target is repetitions or seconds, or neither: as many as can be done well."""

    exercise: ExerciseSlug
    target_sets: int = Field(strict=True, ge=1, le=50, examples=[3])
    target_reps: Reps | None = None
    target_seconds: Annotated[int, Field(strict=True, ge=1, le=86400)] | None = None
    target_weight_kg: Kilograms | None = None
    rest_seconds: Annotated[int, Field(strict=True, ge=0, le=3600, examples=[120])] | None = None
    notes: Notes = ""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if self.target_reps is not None and self.target_seconds is not None:
            raise ValueError("wants target_reps or target_seconds, not both")
        return self


MOST_PLANNED = 50
PlannedExercises = Annotated[list[PlannedExerciseRequest], Field(max_length=MOST_PLANNED)]


class WorkoutRequest(RequestSchema):
    """A whole workout, its exercises in the order they are done."""

    name: WorkoutName
    notes: Notes = ""
    scheduled_on: CalendarDate | None = Field(default=None, examples=["2026-10-02"])
    exercises: PlannedExercises = Field(default=[])


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class WorkoutPatch(RequestSchema):
    """The fields to change; what is left out stays. Null clears `notes` and `scheduled_on`."""

    name: WorkoutName | SkipJsonSchema[None] = Field(default=None, json_schema_extra=_without_default)
    notes: Notes | None = Field(default=None, json_schema_extra=_without_default)
    scheduled_on: CalendarDate | None = Field(default=None, json_schema_extra=_without_default)
    exercises: PlannedExercises | SkipJsonSchema[None] = Field(
        default=None, description="Replaces every exercise", json_schema_extra=_without_default
    )

    @field_validator("name", "exercises", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("cannot be cleared; leave it out to keep it")
        return value


class WorkoutQuery(RequestSchema):
    """Filters and page of the workout list; a workout that is not scheduled has no day to filter by."""

    scheduled_from: CalendarDate | None = Field(default=None, description="The first day, inclusive")
    scheduled_to: CalendarDate | None = Field(default=None, description="The last day, inclusive")
    limit: Limit = 20
    cursor: Cursor | None = None


class PlannedExerciseResponse(ResponseSchema):
    """One exercise of a workout."""

    exercise: ExerciseSlug
    exercise_name: str = Field(examples=["Barbell Back Squat"])
    target_sets: int
    target_reps: int | None
    target_seconds: int | None
    target_weight_kg: float | None
    rest_seconds: int | None
    notes: str


class WorkoutResponse(ResponseSchema):
    """A workout, its exercises in the order they are done."""

    id: UUID
    name: str = Field(examples=["Lower body A"])
    notes: str
    scheduled_on: date | None
    exercises: list[PlannedExerciseResponse]
    created_at: datetime
    updated_at: datetime

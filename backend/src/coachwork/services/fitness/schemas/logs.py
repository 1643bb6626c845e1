"""Performance logs: what was done, set by set."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field

from coachwork.chassis.http.schemas import Cursor, Limit, RequestSchema, ResponseSchema, Timestamp
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.period import From, To
from coachwork.services.fitness.schemas.quantities import HeartRate, Kilograms, Metres, Notes, Reps, Seconds


def _one_decimal(value: float) -> float:
    return round(value, 1)


Rpe = Annotated[float, Field(strict=True, ge=1, le=10, examples=[8.5]), AfterValidator(_one_decimal)]
"""Rating of perceived exertion, 1 to 10: 10 leaves no repetition in reserve.

Source: Zourdos et al., "Novel Resistance Training-Specific Rating of Perceived Exertion Scale Measuring Repetitions
in Reserve", J Strength Cond Res 2016;30(1):267-275.
"""

MOST_SETS = 100


class SetRequest(RequestSchema):
    """One set as it was done; its exercise's `measure` says what it cannot do without.

    `reps` asks for `reps` and `weight_kg`. `duration` and `distance` ask for `duration_seconds` or `distance_m`, and
    take `reps` with `weight_kg` in their place.
    """

    reps: Reps | None = None
    weight_kg: Kilograms | None = Field(default=None, description="Needed beside `reps`; 0 is the body alone")
    duration_seconds: Seconds | None = Field(default=None, description="How long a hold or an interval lasted")
    distance_m: Metres | None = Field(default=None, description="How far it went")
    heart_rate_bpm: HeartRate | None = Field(default=None, description="The average")
    rpe: Rpe | None = None


class LogRequest(RequestSchema):
    """What was done of one exercise, its sets in the order they were done."""

    exercise: ExerciseSlug
    performed_at: Timestamp | None = Field(
        default=None,
        description="Left out: now when a log is made, as before when it is replaced. At most a day ahead",
        examples=["2026-10-02T18:30:00Z"],
    )
    workout_id: UUID | None = Field(default=None, description="Your workout that it followed, if any")
    notes: Notes = ""
    sets: list[SetRequest] = Field(min_length=1, max_length=MOST_SETS)


class LogQuery(RequestSchema):
    """Filters and page of the list of logs."""

    exercise: ExerciseSlug | None = None
    start: From = None
    end: To = None
    limit: Limit = 20
    cursor: Cursor | None = None


class SetResponse(ResponseSchema):
    """One set as it was done; null is what was not said."""

    reps: int | None
    weight_kg: float | None
    duration_seconds: int | None
    distance_m: float | None
    heart_rate_bpm: int | None
    rpe: float | None


class LogResponse(ResponseSchema):
    """A performance log, its sets in the order they were done."""

    id: UUID
    exercise: ExerciseSlug
    exercise_name: str = Field(examples=["Barbell Back Squat"])
    workout_id: UUID | None
    performed_at: datetime
    notes: str
    sets: list[SetResponse]
    created_at: datetime

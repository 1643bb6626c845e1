"""Personal records: what made each, and what it beat."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.performance import FormulaChoice, FormulaResponse, FromDay, RowsResponse, ToDay
from coachwork.services.fitness.schemas.zones import UTC_ZONE, TimeZone

RecordKind = Literal["heaviest", "e1rm", "reps_at_weight", "volume", "longest", "farthest", "fastest"]
Unit = Literal["kg", "repetitions", "seconds", "m", "seconds_per_km"]


class RecordsQuery(RequestSchema):
    """Which records: of one exercise, of one kind, set between two days; without them, all."""

    exercise: ExerciseSlug | None = None
    kind: RecordKind | None = None
    formula: FormulaChoice = "epley"
    start: FromDay = None
    end: ToDay = None
    tz: TimeZone = UTC_ZONE


class FeatResponse(ResponseSchema):
    """A figure and the set it is of; a log's volume is of all its sets, so there `set_position` is null."""

    value: float = Field(examples=[110.8])
    log_id: UUID
    set_position: int | None = Field(description="Its place among the log's sets, from 0")
    performed_at: datetime
    reps: int | None
    weight_kg: float | None
    duration_seconds: int | None
    distance_m: float | None


class RecordResponse(ResponseSchema):
    """The best there is of a kind; `beat` is the record before it, null when nothing of the kind came before.

    `reps_at_weight` stands once for each load, the heaviest first: more repetitions than with any load as heavy.
    """

    exercise: ExerciseSlug
    exercise_name: str = Field(examples=["Barbell Back Squat"])
    kind: RecordKind
    unit: Unit
    made_by: FeatResponse
    beat: FeatResponse | None


class RecordsResponse(ResponseSchema):
    """Records by exercise: out of every set ever logged, those that were set in the period."""

    tz: str = Field(examples=["Europe/Berlin"])
    formula: FormulaResponse
    items: list[RecordResponse]
    rows: RowsResponse

"""Progress in detail: an exercise over time, muscles by week, records, streaks; each figure with its rows."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from coachwork.chassis.http.schemas import CalendarDate, RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.zones import UTC_ZONE, TimeZone

FormulaChoice = Literal["epley", "brzycki"]
Day = Annotated[CalendarDate, Field(ge=date(1950, 1, 1), le=date(2199, 12, 31))]
FromDay = Annotated[Day | None, Field(alias="from", description="The first day, in the time zone")]
ToDay = Annotated[Day | None, Field(alias="to", description="The last day, in the time zone")]


class PeriodQuery(RequestSchema):
    """From which day to which, and where."""

    start: FromDay = None
    end: ToDay = None
    tz: TimeZone = UTC_ZONE

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.start > self.end:
            raise ValueError("`from` lies after `to`")
        return self


class SeriesQuery(PeriodQuery):
    """Which period of an exercise, and by which formula; without a day, everything."""

    formula: FormulaChoice = "epley"


class RowsResponse(ResponseSchema):
    """The query of `list_logs` that lists the rows of a figure; what is null is left out of it."""

    exercise: ExerciseSlug | None
    since: datetime | None = Field(serialization_alias="from")
    until: datetime | None = Field(serialization_alias="to")


class MadeByResponse(ResponseSchema):
    """The set a figure came from; `set_position` is its place among the log's sets, from 0."""

    log_id: UUID
    set_position: int = Field(examples=[2])
    performed_at: datetime
    reps: int | None
    weight_kg: float | None
    duration_seconds: int | None
    distance_m: float | None


class EstimateResponse(ResponseSchema):
    """An estimated one-rep maximum and the set it came from."""

    estimate_kg: float = Field(examples=[110.8])
    made_by: MadeByResponse


class FormulaResponse(ResponseSchema):
    """How one-rep maxima are estimated."""

    name: str = Field(examples=["epley"])
    expression: str = Field(examples=["weight_kg * (1 + reps / 30)"])
    source: str


class SeriesPointResponse(ResponseSchema):
    """One log; `best` is null when no set of it tells anything of a one-rep maximum."""

    log_id: UUID
    performed_at: datetime
    day: date = Field(description="In the time zone asked for")
    sets: int
    reps: int
    volume_kg: float
    best: EstimateResponse | None
    is_record: bool = Field(description="Whether the estimate is above that of every log before it in this series")


class SeriesResponse(ResponseSchema):
    """One exercise over time, the earliest log first."""

    exercise: ExerciseSlug
    exercise_name: str = Field(examples=["Barbell Back Squat"])
    tz: str = Field(examples=["Europe/Berlin"])
    formula: FormulaResponse
    best: EstimateResponse | None
    volume_kg: float
    points: list[SeriesPointResponse]
    rows: RowsResponse

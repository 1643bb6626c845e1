"""Goals: something measurable, a target and a day, and an honest look ahead."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from coachwork.chassis.http.schemas import CalendarDate, Cursor, Limit, RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.body import RateResponse, Site
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.quantities import Notes

GoalKind = Literal["body_weight", "one_rep_max", "weekly_sessions", "measurement"]
GoalSite = Literal["body_fat", Site]
GoalStatus = Literal["active", "reached", "missed", "archived"]
GoalUnit = Literal["kg", "cm", "percent", "sessions_per_week"]
StartSource = Literal["given", "computed", "profile"]
ProjectionState = Literal[
    "reached", "not_enough_data", "moving_away", "no_clear_trend", "too_far_ahead", "on_time", "late"
]


def _two_decimals(value: float) -> float:
    return round(value, 2) + 0.0


GoalValue = Annotated[float, Field(strict=True, ge=0, le=1000), AfterValidator(_two_decimals)]
"""A value in its kind's unit: kg, cm, percent, or days with training a week."""


class GoalRequest(RequestSchema):
    """A new goal; its unit follows from its kind, as the answer says."""

    kind: GoalKind
    exercise: ExerciseSlug | None = Field(default=None, description="Of a one-rep maximum, and of nothing else")
    site: GoalSite | None = Field(default=None, description="Of a measurement, and of nothing else")
    start_value: GoalValue | None = Field(default=None, description="Left out: computed from what you logged")
    target_value: GoalValue = Field(examples=[72.0])
    due_on: CalendarDate = Field(examples=["2027-03-31"], description="After today, and at most five years ahead")
    note: Notes = ""

    @model_validator(mode="after")
    def _names_what_it_measures(self) -> Self:
        if (self.kind == "one_rep_max") != (self.exercise is not None):
            raise ValueError("wants an exercise for a one-rep maximum, and for nothing else")
        if (self.kind == "measurement") != (self.site is not None):
            raise ValueError("wants a site for a measurement, and for nothing else")
        return self


class GoalReplacement(RequestSchema):
    """What can change of a goal: what is left out keeps its start, and has no note."""

    start_value: GoalValue | None = Field(default=None, description="Left out: as it was")
    target_value: GoalValue = Field(examples=[72.0])
    due_on: CalendarDate = Field(examples=["2027-03-31"], description="After today, unless it stays as it was")
    note: Notes = ""
    archived: bool = Field(default=False, description="Put aside: neither reached nor missed")


class GoalQuery(RequestSchema):
    """Filters and page of the list of goals."""

    kind: GoalKind | None = None
    archived: bool | None = Field(default=None, description="Only those put aside, or only the others")
    limit: Limit = 20
    cursor: Cursor | None = None


class GoalReadingResponse(ResponseSchema):
    """A value and the rows it was computed from."""

    value: float
    at: datetime
    row_ids: list[UUID]


class ProjectionResponse(ResponseSchema):
    """Where a straight line through recent values leads: dates only where the values carry them, never a promise."""

    state: ProjectionState
    sentence: str = Field(description="The same in words")
    earliest_on: date | None
    likely_on: date | None
    latest_on: date | None = Field(description="Null as well where the values do not rule out that it is never reached")
    interval_percent: int = Field(examples=[80])
    method: str
    rate: RateResponse | None = Field(description="How fast it changes, and the rows that say so")


class GoalResponse(ResponseSchema):
    """A goal and how it stands."""

    id: UUID
    kind: GoalKind
    exercise: ExerciseSlug | None
    exercise_name: str | None
    site: GoalSite | None
    unit: GoalUnit
    start_value: float
    start_source: StartSource
    started_at: datetime
    target_value: float
    due_on: date
    note: str
    status: GoalStatus
    reached_at: datetime | None
    current: GoalReadingResponse | None = Field(description="Null while nothing is logged")
    progress_percent: float | None = Field(description="Of the way from start to target; negative when further away")
    measured_by: str = Field(description="What counts as the value")
    projection: ProjectionResponse | None = Field(description="Null for an archived goal")
    created_at: datetime
    updated_at: datetime

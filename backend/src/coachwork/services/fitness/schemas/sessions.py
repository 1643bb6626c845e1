"""Training sessions: what was asked for that day, what was done of it, set by set."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, field_validator
from pydantic.json_schema import SkipJsonSchema

from coachwork.chassis.http.schemas import Cursor, Limit, Printable, RequestSchema, ResponseSchema, Timestamp
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.logs import SetResponse
from coachwork.services.fitness.schemas.period import From, To
from coachwork.services.fitness.schemas.quantities import Notes
from coachwork.services.fitness.schemas.targets import DecisionResponse, TargetResponse

SessionName = Annotated[str, Field(min_length=1, max_length=200, examples=["Day A"]), Printable]


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class SessionRequest(RequestSchema):
    """A session of a programme's day, or an empty one."""

    day_id: UUID | None = Field(default=None, description="The day to do; left out: an empty session")
    name: SessionName | None = Field(default=None, description="Left out: the day's name, or Training")
    notes: Notes = ""
    started_at: Timestamp | None = Field(
        default=None, description="Left out: now. Earlier, to enter what was done; at most a day ahead"
    )


class SessionPatch(RequestSchema):
    """The fields to change; what is left out stays."""

    name: SessionName | SkipJsonSchema[None] = Field(default=None, json_schema_extra=_without_default)
    notes: Notes | SkipJsonSchema[None] = Field(default=None, json_schema_extra=_without_default)

    @field_validator("name", "notes", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("cannot be cleared; leave it out to keep it")
        return value


class FinishRequest(RequestSchema):
    """When a session ended."""

    finished_at: Timestamp | None = Field(default=None, description="Left out: now")


class SessionQuery(RequestSchema):
    """Filters and page of the list of sessions."""

    programme_id: UUID | None = None
    state: Literal["open", "finished"] | None = None
    start: From = None
    end: To = None
    limit: Limit = 20
    cursor: Cursor | None = None


class SessionExerciseRequest(RequestSchema):
    """An exercise to do beside what was planned."""

    exercise: ExerciseSlug
    notes: Notes = ""


class SessionExercisePatch(RequestSchema):
    """The fields to change; what is left out stays."""

    skipped: Annotated[bool, Field(strict=True)] | SkipJsonSchema[None] = Field(
        default=None, json_schema_extra=_without_default
    )
    notes: Notes | SkipJsonSchema[None] = Field(default=None, json_schema_extra=_without_default)

    @field_validator("skipped", "notes", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("cannot be cleared; leave it out to keep it")
        return value


class SwapRequest(RequestSchema):
    """What to do instead."""

    exercise: ExerciseSlug | None = Field(
        default=None, description="Left out: the nearest equivalent for the equipment and injuries of your profile"
    )


class SessionSetResponse(SetResponse):
    """One set as it was done, and its number, which it keeps when another is deleted."""

    position: int


class SessionExerciseResponse(ResponseSchema):
    """One exercise of a session."""

    id: UUID
    exercise: ExerciseSlug
    exercise_name: str = Field(examples=["Barbell Back Squat"])
    planned_exercise: str | None = Field(description="What it was before it was swapped")
    slot_id: UUID | None = Field(description="The programme's slot it was made from, while that is there")
    skipped: bool
    notes: str
    targets: list[TargetResponse]
    decision: DecisionResponse | None = Field(description="Why these targets; null for what was added by hand")
    next_set: TargetResponse | None = Field(description="What the next set belongs to; null when all was done")
    log_id: UUID | None = Field(description="The performance log its sets lie in, once there is one")
    sets: list[SessionSetResponse]


class SessionResponse(ResponseSchema):
    """A session; `version` is its ETag's."""

    id: UUID
    programme_id: UUID | None
    day_id: UUID | None
    name: str
    notes: str
    cycle_week: int
    started_at: datetime
    finished_at: datetime | None
    rest_seconds: int | None = Field(description="The rest before the next set, as planned")
    rest_until: datetime | None = Field(description="When that rest ends, for a timer")
    version: int
    created_at: datetime
    updated_at: datetime
    exercises: list[SessionExerciseResponse]

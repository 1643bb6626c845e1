"""The chat: what a caller sends, what the coach answers, and the arguments of its tools."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import Cursor, Limit, Page, Printable, RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import Equipment, Muscle

MessageText = Annotated[str, Field(min_length=1, max_length=4000, examples=["How much protein do I need?"]), Printable]
Title = Annotated[str, Field(min_length=1, max_length=120, examples=["Protein"]), Printable]


class SendMessage(RequestSchema):
    """A message, continuing a thread or starting one."""

    message: MessageText
    thread_id: UUID | None = None


class PageQuery(RequestSchema):
    """Which page of a list."""

    limit: Limit = 20
    cursor: Cursor | None = None


class RenameThread(RequestSchema):
    """A thread's new title."""

    title: Title


class SourceResponse(ResponseSchema):
    """Where a passage's facts come from."""

    title: str
    authors: str
    publisher: str
    year: int
    locator: str | None = None


class CitationResponse(ResponseSchema):
    """What a marker like [1] in the answer names: a passage that was retrieved for this turn."""

    marker: int = Field(ge=1)
    passage_id: str
    title: str
    excerpt: str
    source: SourceResponse


class ToolRunResponse(ResponseSchema):
    """A tool the coach ran for this turn, and its structured result."""

    name: str
    arguments: dict[str, Any]
    result: dict[str, Any]


class SafetyResponse(ResponseSchema):
    """Why a safe answer was given instead of coaching, and to whom the caller is referred."""

    concern: str
    referral: str


class TurnResponse(ResponseSchema):
    """One turn: a question and its answer, stored whole."""

    turn_id: UUID
    thread_id: UUID
    question: str
    answer: str
    model: str = Field(description='The model that answered; "offline" is the stand-in that needs no key')
    citations: list[CitationResponse]
    tool_runs: list[ToolRunResponse]
    safety: SafetyResponse | None
    input_tokens: int
    output_tokens: int
    created_at: datetime


class ThreadResponse(ResponseSchema):
    """A conversation."""

    id: UUID
    title: str
    summary: str | None = Field(
        description="Of its oldest turns, as the coach reads them; null while it reads them all"
    )
    summarised_turns: int = Field(description="How many turns the summary is of")
    created_at: datetime
    updated_at: datetime


class ThreadTurnsResponse(Page[TurnResponse]):
    """A conversation and one page of its turns."""

    thread: ThreadResponse


class BuildPlanArguments(RequestSchema):
    """Arguments of `build_plan`; what is left out comes from the caller's profile."""

    days_per_week: Annotated[int, Field(ge=1, le=7)] | None = None
    goal: Literal["general", "strength", "muscle", "fat_loss", "endurance"] | None = None
    equipment: Annotated[list[Equipment], Field(max_length=30)] | None = Field(
        default=None, description="Everything there is to train with; an empty list means the body alone"
    )


class SummariseProgressArguments(RequestSchema):
    """Arguments of `summarise_progress`."""

    weeks: int = Field(default=12, ge=1, le=104, description="How many weeks to look back")


class FindExercisesArguments(RequestSchema):
    """Arguments of `find_exercises`."""

    muscle: Muscle | None = None
    equipment: Annotated[list[Equipment], Field(max_length=30)] | None = Field(
        default=None, description="Everything there is to train with; an empty list means the body alone"
    )
    level: Literal["beginner", "intermediate", "advanced"] | None = None


class ReferArguments(RequestSchema):
    """Arguments of `refer`."""

    concern: Literal["injury", "eating_disorder", "medical_emergency", "self_harm"]

"""Turns of the coach and what becomes of them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.problems import Problem
from coachwork.chassis.http.schemas import ResponseSchema
from coachwork.services.fitness.schemas.chat import TurnResponse


class TurnStateResponse(ResponseSchema):
    """A turn and how far it has come: `result` once it is done, `problem` once it has failed."""

    turn_id: UUID
    thread_id: UUID | None = Field(description="The conversation; null until a new one has its first answer")
    state: Literal["queued", "running", "done", "failed", "cancelled"]
    question: str
    partial_text: str = Field(description="The answer as far as it is written: a preview, whose markers may change")
    result: TurnResponse | None
    problem: Problem | None
    created_at: datetime
    updated_at: datetime

"""Feedback on answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import Printable, RequestSchema, ResponseSchema

Verdict = Literal["up", "down"]
Reason = Annotated[str, Field(max_length=1_000, examples=["It did not say per kilogram of what"]), Printable]


class FeedbackRequest(RequestSchema):
    """What you think of an answer."""

    verdict: Verdict
    reason: Reason = ""
    share: bool = Field(
        default=False,
        description="Let the owner of this deployment read the question, the answer and this, to improve the coach;"
        " without your name, id or e-mail address. Leave it out when the question itself says who you are",
    )


class CitedPassageResponse(ResponseSchema):
    """A passage the answer cites."""

    passage_id: str
    title: str


class FeedbackResponse(ResponseSchema):
    """Your feedback, and the passages the answer cites."""

    turn_id: UUID
    verdict: Verdict
    reason: str
    is_shared: bool
    passages: list[CitedPassageResponse]
    created_at: datetime
    updated_at: datetime


class FeedbackExportQuery(RequestSchema):
    """Which part of an export."""

    limit: Annotated[int, Field(ge=1, le=1_000)] = 200
    after: UUID | None = Field(default=None, description="`id` of the last line of the part before")


class FeedbackCase(ResponseSchema):
    """One line of an export."""

    id: UUID
    verdict: Verdict
    reason: str
    question: str
    answer: str
    model: str
    passages: list[CitedPassageResponse]

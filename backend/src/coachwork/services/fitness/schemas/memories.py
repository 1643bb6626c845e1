"""What the coach remembers about the caller."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import Printable, RequestSchema, ResponseSchema

MemoryText = Annotated[
    str, Field(min_length=1, max_length=300, examples=["I train at home, before breakfast"]), Printable
]


class MemoryRequest(RequestSchema):
    """What to remember, in the caller's words."""

    text: MemoryText


class MemoryResponse(ResponseSchema):
    """What is remembered, and the turn it was said in, if it was said in one that is still there."""

    id: UUID
    text: str
    turn_id: UUID | None
    created_at: datetime
    updated_at: datetime


class RememberArguments(RequestSchema):
    """Arguments of `remember`."""

    text: MemoryText = Field(description="One short sentence, in the caller's own words")

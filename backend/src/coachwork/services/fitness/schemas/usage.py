"""What a caller's questions used of a model."""

from datetime import date, datetime

from pydantic import Field

from coachwork.chassis.http.schemas import ResponseSchema


class DayOfUseResponse(ResponseSchema):
    """What was used on a day, in UTC, as the model counted it."""

    day: date
    calls: int = Field(description="Calls of the chat model and of the embedder; a question makes three or four")
    input_tokens: int
    output_tokens: int
    embedding_tokens: int
    tokens: int = Field(description="All of them, as the limit counts them")


class UsageResponse(ResponseSchema):
    """Today's tokens, what is left of them, and the days of the last 30 on which any were used, today first."""

    tokens_per_day: int = Field(description="The limit")
    used: int = Field(description="Tokens used today")
    reserved: int = Field(description="Tokens put aside for calls under way")
    remaining: int
    renews_at: datetime = Field(description="When they are counted anew: the next midnight, UTC")
    days: list[DayOfUseResponse]

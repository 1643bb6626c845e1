"""How much somebody has in the knowledge base."""

from datetime import datetime

from pydantic import Field

from coachwork.chassis.http.schemas import ResponseSchema
from coachwork.services.knowledge.schemas.states import State


class BudgetResponse(ResponseSchema):
    """Today's token budget, which all services share."""

    tokens_per_day: int = Field(description="The limit")
    used: int = Field(description="Tokens used today")
    reserved: int = Field(description="Tokens reserved for calls in progress")
    remaining: int
    renews_at: datetime = Field(description="When the count starts again: the next midnight, UTC")


class KnowledgeStatsResponse(ResponseSchema):
    """How much there is, and how many tokens are left today."""

    documents: int = Field(description="In any state")
    documents_by_state: dict[State, int]
    searched_documents: int = Field(description="Documents that are searched")
    pages: int = Field(description="Pages of the searched documents")
    chunks: int = Field(description="Chunks of the searched documents")
    size_bytes: int = Field(description="Size of all files")
    collections: int
    threads: int = Field(description="Conversations that have not expired")
    turns: int = Field(description="Questions answered in them")
    budget: BudgetResponse

"""How much somebody has in the knowledge base."""

from datetime import datetime

from pydantic import Field

from coachwork.chassis.http.schemas import ResponseSchema
from coachwork.services.knowledge.schemas.states import State


class BudgetResponse(ResponseSchema):
    """Today's tokens, which all services share."""

    tokens_per_day: int = Field(description="The limit")
    used: int = Field(description="Tokens used today")
    reserved: int = Field(description="Tokens put aside for calls under way")
    remaining: int
    renews_at: datetime = Field(description="When they are counted anew: the next midnight, UTC")


class KnowledgeStatsResponse(ResponseSchema):
    """How much there is, and how much may be asked of it today."""

    documents: int = Field(description="Whatever their state")
    documents_by_state: dict[State, int]
    searched_documents: int = Field(description="Those that a search looks into")
    pages: int = Field(description="Of the documents that a search looks into")
    chunks: int = Field(description="Of the same")
    size_bytes: int = Field(description="Of all documents' files")
    collections: int
    threads: int = Field(description="Conversations that are not forgotten yet")
    turns: int = Field(description="Questions answered in them")
    budget: BudgetResponse

"""Searching in one's own documents."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import Printable, RequestSchema, ResponseSchema
from coachwork.services.knowledge.schemas.documents import Tag

Leg = Literal["vector", "keyword"]
"""A way to find chunks: by their vectors, or by their words."""
Mode = Literal["hybrid", "vector", "keyword"]
"""The legs of a search: both, or one."""


class DocumentSearchRequest(RequestSchema):
    """What to look for, and where; everywhere, when nothing narrows it."""

    query: Annotated[str, Field(min_length=1, max_length=8000, examples=["How long is the notice period?"]), Printable]
    mode: Mode = Field(
        default="hybrid",
        description="vector: by the embedder; keyword: by words (BM25); hybrid: both, fused by reciprocal rank",
    )
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    collection_id: UUID | None = None
    document_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="Of these documents; one that is not yours holds nothing"
    )
    tags: Annotated[tuple[Tag, ...], Field(max_length=20, description="Documents that have every one of them")] = ()


class RanksResponse(ResponseSchema):
    """The place of a hit in each leg's own order, 1 being the best; null where the leg did not find it."""

    vector: int | None
    keyword: int | None


class DocumentHitResponse(ResponseSchema):
    """A place in a document: `excerpt` stands from `start` up to `end` in the text of its page, word for word."""

    document_id: UUID
    document_name: str
    number: int = Field(
        ge=0, description="The chunk; `GET /api/v1/documents/{document_id}/chunks/{number}` has it whole"
    )
    page: int = Field(ge=1, description="As the PDF numbers them: the first is 1")
    start: int = Field(description="In characters of the page's text")
    end: int
    heading: str
    excerpt: str = Field(description="Of the chunk, what has most in common with the query")
    score: float = Field(description="The larger the better; to be compared with nothing but this answer's")
    ranks: RanksResponse


class DocumentSearchResponse(ResponseSchema):
    """What was found, the best first."""

    mode: Mode
    items: list[DocumentHitResponse]
    degraded: list[Leg] = Field(
        description="Legs that did not do all of their part: what only they would have found is missing"
    )

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
    """What to look for, and in which documents: in all of them unless narrowed."""

    query: Annotated[str, Field(min_length=1, max_length=8000, examples=["How long is the notice period?"]), Printable]
    mode: Mode = Field(
        default="hybrid",
        description="vector: by the embedder; keyword: by words (BM25); hybrid: both, fused by reciprocal rank",
    )
    limit: Annotated[int, Field(ge=1, le=50)] = 10
    collection_id: UUID | None = None
    document_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="Only these documents; ids that are not yours are ignored"
    )
    tags: Annotated[
        tuple[Tag, ...], Field(max_length=20, description="Only documents that have all of these tags")
    ] = ()


class RanksResponse(ResponseSchema):
    """The rank of a hit in each leg, 1 being the best; null where the leg did not find it."""

    vector: int | None
    keyword: int | None


class DocumentHitResponse(ResponseSchema):
    """A place in a document: `excerpt` is the text of its page from `start` to `end`, word for word."""

    document_id: UUID
    document_name: str
    number: int = Field(
        ge=0, description="The chunk; `GET /api/v1/documents/{document_id}/chunks/{number}` has it whole"
    )
    page: int = Field(ge=1, description="Page number within the file, from 1")
    start: int = Field(description="Offset in the page's text, in characters")
    end: int
    heading: str
    excerpt: str = Field(description="The part of the chunk that best matches the query")
    score: float = Field(description="Larger is better; only comparable within one answer")
    ranks: RanksResponse


class DocumentSearchResponse(ResponseSchema):
    """What was found, the best first."""

    mode: Mode
    items: list[DocumentHitResponse]
    degraded: list[Leg] = Field(
        description="Legs that were down or incomplete: hits that only they would have found are missing"
    )

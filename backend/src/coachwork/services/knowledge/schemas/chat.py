"""Questions to one's own documents, and answers that cite them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import Cursor, Limit, Page, Printable, RequestSchema, ResponseSchema
from coachwork.chassis.turns.telling import TurnStateSchema
from coachwork.services.knowledge.schemas.documents import Tag
from coachwork.services.knowledge.schemas.search import Leg

Question = Annotated[str, Field(min_length=1, max_length=4000, examples=["How long is the notice period?"]), Printable]


class AskDocuments(RequestSchema):
    """A question that starts or continues a thread, about all your documents or a narrower selection."""

    message: Question
    thread_id: UUID | None = None
    collection_id: UUID | None = None
    document_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = None
    tags: Annotated[
        tuple[Tag, ...], Field(max_length=20, description="Only documents that have all of these tags")
    ] = ()


class ExcerptCitation(ResponseSchema):
    """What a marker like [1] names: these very words, on this page of this document."""

    marker: int = Field(ge=1)
    document_id: UUID
    document_name: str
    page: int = Field(ge=1, description="Page number within the file, from 1")
    number: int = Field(
        ge=0, description="The chunk; `GET /api/v1/documents/{document_id}/chunks/{number}` has it whole"
    )
    start: int = Field(description="Offset of the excerpt in the page's text, in characters")
    end: int
    excerpt: str | None = Field(description="Word for word; null once the document is deleted")
    is_deleted: bool


class KnowledgeTurnResponse(ResponseSchema):
    """A question and its answer."""

    turn_id: UUID
    thread_id: UUID
    question: str
    answer: str
    model: str | None = Field(
        description='The model that answered; "offline" is the stand-in that needs no key; null where the documents'
        " hold no answer, so that none was asked or what it said is not shown"
    )
    citations: list[ExcerptCitation]
    degraded: list[Leg] = Field(description="Legs of the search that were down")
    input_tokens: int
    output_tokens: int
    created_at: datetime


class KnowledgeTurnStateResponse(TurnStateSchema[KnowledgeTurnResponse]):
    """A question and how far it has come: `result` once it is done, `problem` once it has failed."""


class KnowledgeThreadResponse(ResponseSchema):
    """A conversation; each turn expires some time after it was answered, and the thread with its last turn."""

    id: UUID
    title: str
    turns: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


class KnowledgeThreadTurnsResponse(Page[KnowledgeTurnResponse]):
    """A conversation and one page of its turns, the newest first."""

    thread: KnowledgeThreadResponse


class ThreadsQuery(RequestSchema):
    """Which page of the threads."""

    limit: Limit = 20
    cursor: Cursor | None = None


class HistoryQuery(RequestSchema):
    """Words to look for in questions and answers."""

    query: Annotated[str, Field(min_length=2, max_length=200, description="Words that must all be there"), Printable]
    limit: Limit = 20


class HistoryResponse(ResponseSchema):
    """The matches, newest first; `is_complete` is false where there may be more."""

    items: list[KnowledgeTurnResponse]
    is_complete: bool


class ShareThread(RequestSchema):
    """How long a link is valid."""

    days: int = Field(default=7, ge=1, le=90)


class ShareResponse(ResponseSchema):
    """A link to a thread."""

    id: UUID
    thread_id: UUID
    created_at: datetime
    expires_at: datetime


class NewShareResponse(ShareResponse):
    """A link, with its secret, which is shown only here."""

    token: str
    path: str = Field(description="The link's path; anybody who has it can read the thread without an account")


class SharedThreadResponse(Page[KnowledgeTurnResponse]):
    """A thread as read by its link: its turns, the newest first."""

    title: str
    expires_at: datetime = Field(description="When the link expires")

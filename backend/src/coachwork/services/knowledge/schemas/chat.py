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
    """A question, continuing a thread or starting one; of all documents, or of those that these narrow it to."""

    message: Question
    thread_id: UUID | None = None
    collection_id: UUID | None = None
    document_ids: Annotated[list[UUID], Field(min_length=1, max_length=100)] | None = None
    tags: Annotated[tuple[Tag, ...], Field(max_length=20, description="Documents that have every one of them")] = ()


class ExcerptCitation(ResponseSchema):
    """What a marker like [1] names: these very words, on this page of this document."""

    marker: int = Field(ge=1)
    document_id: UUID
    document_name: str
    page: int = Field(ge=1, description="As the PDF numbers them: the first is 1")
    number: int = Field(
        ge=0, description="The chunk; `GET /api/v1/documents/{document_id}/chunks/{number}` has it whole"
    )
    start: int = Field(description="Where the excerpt begins in the page's text, in characters")
    end: int
    excerpt: str | None = Field(description="Word for word; null once the document was deleted")
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
    """A conversation; each turn is forgotten some time after it was asked, and the thread with the last."""

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
    """What to look for in questions and answers."""

    query: Annotated[str, Field(min_length=2, max_length=200, description="Words that must all be there"), Printable]
    limit: Limit = 20


class HistoryResponse(ResponseSchema):
    """What was found, the newest first; `is_complete` is false where there may be more than was looked through."""

    items: list[KnowledgeTurnResponse]
    is_complete: bool


class ShareThread(RequestSchema):
    """For how long a link works."""

    days: int = Field(default=7, ge=1, le=90)


class ShareResponse(ResponseSchema):
    """A link to a thread."""

    id: UUID
    thread_id: UUID
    created_at: datetime
    expires_at: datetime


class NewShareResponse(ShareResponse):
    """A link, with the secret that opens it: it is shown this once."""

    token: str
    path: str = Field(description="What to open; whoever has it can read the thread, without an account")


class SharedThreadResponse(Page[KnowledgeTurnResponse]):
    """A thread, as whoever has its link reads it: its turns, the newest first."""

    title: str
    expires_at: datetime = Field(description="When the link ends")

"""The coach's knowledge as administrators see it: documents, the passages made of them, and those of the seeds."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from coachwork.chassis.http.schemas import Cursor, Limit, Printable, RequestSchema, ResponseSchema

MAX_TEXT_CHARACTERS = 300_000

Topic = Literal["training", "nutrition", "recovery", "safety"]
TextFormat = Literal["markdown", "text"]
Format = Literal["markdown", "text", "pdf"]
DocumentId = Annotated[str, Field(pattern=r"^doc-[0-9a-f]{16}$", examples=["doc-0123456789abcdef"])]
Title = Annotated[str, Field(min_length=1, max_length=200, examples=["Creatine in short"]), Printable]
Line = Annotated[str, Field(min_length=1, max_length=300), Printable]


class SourceRequest(RequestSchema):
    """Where a document's facts were published: answers that lean on it say so."""

    title: Line = Field(examples=["Safety and efficacy of creatine supplementation"])
    authors: Line = Field(examples=["Kreider RB et al."])
    publisher: Line = Field(examples=["Journal of the International Society of Sports Nutrition"])
    year: int = Field(ge=1900, le=2100, examples=[2017])
    kind: Annotated[str, Field(min_length=1, max_length=50), Printable] = Field(
        description="Such as paper, guideline, agency or textbook", examples=["paper"]
    )
    locator: Line | None = Field(default=None, description="A DOI, a URL, or pages", examples=["14:18"])


class FileDocument(RequestSchema):
    """What is said of a document whose text is in a file."""

    title: Title = Field(description="Another document of this title replaces the one before")
    topic: Topic
    format: TextFormat = Field(default="markdown", description="Markdown is cut at its headings; a PDF is recognised")
    source: SourceRequest


class DocumentRequest(FileDocument):
    """A document: what the coach shall know, and where it was published."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARACTERS, examples=["# Dose\n\n3 to 5 g a day."])]


class DocumentQuery(RequestSchema):
    """Which page of the documents."""

    limit: Limit = 20
    cursor: Cursor | None = None


class PassageQuery(DocumentQuery):
    """Which passages, and which page of them."""

    document_id: DocumentId | None = Field(default=None, description="Only this document's")


class SearchQuery(RequestSchema):
    """What to look for, as the coach would."""

    q: Annotated[str, Field(min_length=1, max_length=1_000, examples=["How much creatine?"]), Printable]
    limit: Annotated[int, Field(ge=1, le=50, description="How many hits at most")] = 10


class ReindexQuery(RequestSchema):
    """How much to do in this call."""

    limit: Annotated[int, Field(ge=1, le=2_000, description="How many passages to embed at most")] = 500


class KnowledgeSource(ResponseSchema):
    """Where the facts were published."""

    title: str
    authors: str
    publisher: str
    year: int
    kind: str
    locator: str | None


class DocumentResponse(ResponseSchema):
    """A document an administrator gave the coach."""

    id: DocumentId
    title: str
    topic: Topic
    format: Format
    source: KnowledgeSource
    pages: int = Field(description="1 unless it is a PDF", examples=[1])
    characters: int
    passages: int
    created_at: datetime
    updated_at: datetime


class IngestResponse(ResponseSchema):
    """What became of a document."""

    outcome: Literal["created", "replaced", "unchanged"]
    document: DocumentResponse
    passage_ids: list[str] = Field(examples=[["doc-0123456789abcdef-89abcdef-0001"]])


class PassageResponse(ResponseSchema):
    """A passage the coach may cite."""

    id: str
    document_id: DocumentId | None
    is_seeded: bool = Field(description="Whether it came with the seeds: those are changed there, by their tool")
    topic: Topic
    title: str
    text: str
    source: KnowledgeSource
    embedder: str = Field(description="Whose vector it has", examples=["text-embedding-3-small"])


class HitResponse(PassageResponse):
    """A passage that was found."""

    score: float = Field(description="Cosine similarity: 1 is the same, 0 has nothing in common", examples=[0.61])


class SearchResponse(ResponseSchema):
    """What the coach would find, the nearest first."""

    embedder: str
    items: list[HitResponse]


class ReindexResponse(ResponseSchema):
    """What a call did; call again while something remains."""

    embedder: str
    embedded: int = Field(description="Passages embedded in this call")
    removed: int = Field(description="Passages of no document, or of another embedder, taken out in this call")
    remaining: int = Field(description="Passages still to be embedded; 0 when the index is whole")

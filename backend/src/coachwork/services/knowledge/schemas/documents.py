"""Documents, as they are announced, listed and changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from coachwork.chassis.http.problems import Problem
from coachwork.chassis.http.schemas import Cursor, Limit, Printable, RequestSchema, ResponseSchema
from coachwork.chassis.pdf import Reason as PdfReason
from coachwork.services.knowledge.schemas.states import State

MAX_TAGS = 20
MAX_BATCH = 50


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _each_once(tags: tuple[str, ...]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for tag in tags:
        kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


Name = Annotated[
    str,
    Field(
        min_length=1,
        max_length=1_000,
        examples=["Boiler manual.pdf"],
        description="A display name; folders, control characters and direction overrides are removed, "
        "and the rest is cut to 200 characters",
    ),
]
Tag = Annotated[str, Field(min_length=1, max_length=50), Printable]
Tags = Annotated[
    tuple[Tag, ...],
    Field(
        max_length=MAX_TAGS,
        examples=[["heating", "2025"]],
        description="Duplicates that differ only in case are removed",
    ),
    AfterValidator(_each_once),
]
Sha256 = Annotated[
    str,
    BeforeValidator(_lower),
    Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the file, in hexadecimal"),
]
CollectionId = Annotated[UUID, Field(description="One of your collections; null for none")]


class PdfRequest(RequestSchema):
    """A file to be uploaded; with its hash, a duplicate is refused at once."""

    name: Name
    size_bytes: int = Field(
        strict=True, ge=1, le=2**40, examples=[1_048_576], description="The upload accepts exactly this many bytes"
    )
    sha256: Sha256 | None = None
    collection_id: CollectionId | None = None
    tags: Tags = ()


class PdfBatchRequest(RequestSchema):
    """Several files to be uploaded."""

    items: tuple[PdfRequest, ...] = Field(min_length=1, max_length=MAX_BATCH)


class PdfFields(RequestSchema):
    """The fields of a form beside its file."""

    name: Name | None = None
    collection_id: UUID | None = None
    tags: Tags = ()


class PdfPatch(RequestSchema):
    """What to change; omitted fields keep their values."""

    name: Name | None = None
    tags: Tags | None = None
    collection_id: CollectionId | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("needs at least one of name, tags and collection_id")
        if any(name in self.model_fields_set and getattr(self, name) is None for name in ("name", "tags")):
            raise ValueError("name and tags must not be null")
        return self


class ChunkingRequest(RequestSchema):
    """How to cut a document into chunks."""

    chunk_characters: int = Field(
        default=1_200, strict=True, ge=200, le=8_000, description="The most characters a chunk may have"
    )
    overlap_sentences: int = Field(
        default=1, strict=True, ge=0, le=5, description="How many sentences each chunk repeats of the one before"
    )


class PdfQuery(RequestSchema):
    """Filters and page of the list of documents."""

    collection_id: UUID | None = None
    tag: Tag | None = Field(default=None, description="Compared without case")
    state: State | None = None
    sha256: Sha256 | None = None
    limit: Limit = 20
    cursor: Cursor | None = None


class IngestionReasonResponse(Problem):
    """Why a document failed; `is_retryable` says whether a retry may succeed."""

    is_retryable: bool
    cause: PdfReason | None = Field(default=None, description="What is wrong with an unreadable PDF")
    duplicate_of: UUID | None = Field(default=None, description="The document that has the same file")


class PdfResponse(ResponseSchema):
    """A document and the progress of its ingestion."""

    id: UUID
    name: str
    collection_id: UUID | None
    tags: list[str]
    size_bytes: int
    sha256: str | None = Field(description="As announced until the file has been read; null while unknown")
    state: State
    reason: IngestionReasonResponse | None = Field(
        description="Why it failed; for an indexed document, why re-chunking failed"
    )
    pages_done: int
    pages_total: int | None = Field(description="Null until all pages have been read")
    chunks_done: int
    chunks_total: int | None = Field(description="Null until all pages have been cut")
    generation: int = Field(
        description="Increases each time the searched chunks are replaced; 0 while none are searched"
    )
    is_searched: bool = Field(
        description="Stays true during re-chunking: the previous chunks are searched until the new ones are complete"
    )
    chunk_characters: int
    overlap_sentences: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None = Field(description="When the document expires unless its file has arrived")


class PdfUploadForm(ResponseSchema):
    """Where the file goes: a multipart/form-data POST of these fields, then the file in a field named `file`."""

    url: str
    fields: Mapping[str, str]


class PdfCreatedResponse(ResponseSchema):
    """A new document; `upload` is null where the file came with the request."""

    document: PdfResponse
    upload: PdfUploadForm | None
    upload_expires_in_seconds: int | None


class PdfRefusedResponse(ResponseSchema):
    """Why one of several was refused; the others are unaffected."""

    problem: Problem


class PdfBatchResponse(ResponseSchema):
    """The outcome for each file, in the order given."""

    items: list[PdfCreatedResponse | PdfRefusedResponse]


class PdfRemovedResponse(ResponseSchema):
    """What was removed with a document."""

    document_id: UUID
    vectors: int = Field(description="Removed entries of the vector index")
    file_bytes: int = Field(description="Size of the removed file; 0 if there was none")


class PdfDownloadResponse(ResponseSchema):
    """A URL that downloads the file until it expires."""

    url: str
    expires_in_seconds: int


class ChunkQuery(RequestSchema):
    """A page of a document's chunks."""

    limit: Limit = 20
    cursor: Cursor | None = None


class ChunkResponse(ResponseSchema):
    """A chunk: the text of a page from `start` to `end`."""

    number: int = Field(description="Its place in the document, from 0")
    page: int = Field(description="From 1")
    start: int = Field(description="Offset of its first character in the page's text")
    end: int = Field(description="Offset after its last character")
    heading: str = Field(description="The heading above it, or empty")
    text: str

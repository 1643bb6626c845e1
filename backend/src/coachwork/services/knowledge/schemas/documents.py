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
        description="What it is called; folders, control characters and marks that turn text around are taken out, "
        "and what is left is cut to 200 characters",
    ),
]
Tag = Annotated[str, Field(min_length=1, max_length=50), Printable]
Tags = Annotated[
    tuple[Tag, ...],
    Field(max_length=MAX_TAGS, examples=[["heating", "2025"]], description="However capitalised, each is kept once"),
    AfterValidator(_each_once),
]
Sha256 = Annotated[
    str,
    BeforeValidator(_lower),
    Field(pattern=r"^[0-9a-f]{64}$", description="Of the file, in hexadecimal"),
]
CollectionId = Annotated[UUID, Field(description="Of one of your collections; null: in none")]


class PdfRequest(RequestSchema):
    """A file that is going to be uploaded; with its hash, one that is there already is refused at once."""

    name: Name
    size_bytes: int = Field(strict=True, ge=1, le=2**40, examples=[1_048_576], description="Exactly as many are taken")
    sha256: Sha256 | None = None
    collection_id: CollectionId | None = None
    tags: Tags = ()


class PdfBatchRequest(RequestSchema):
    """Several files that are going to be uploaded."""

    items: tuple[PdfRequest, ...] = Field(min_length=1, max_length=MAX_BATCH)


class PdfFields(RequestSchema):
    """What a form with a file says beside it."""

    name: Name | None = None
    collection_id: UUID | None = None
    tags: Tags = ()


class PdfPatch(RequestSchema):
    """What is to be changed: what is left out stays."""

    name: Name | None = None
    tags: Tags | None = None
    collection_id: CollectionId | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("wants at least one of name, tags, collection_id")
        if any(name in self.model_fields_set and getattr(self, name) is None for name in ("name", "tags")):
            raise ValueError("wants a name and tags that are not null where they are given")
        return self


class ChunkingRequest(RequestSchema):
    """How a document is to be cut."""

    chunk_characters: int = Field(default=1_200, strict=True, ge=200, le=8_000, description="At most so long")
    overlap_sentences: int = Field(
        default=1, strict=True, ge=0, le=5, description="How many sentences of one chunk the next one begins with"
    )


class PdfQuery(RequestSchema):
    """Filters and page of the list of documents."""

    collection_id: UUID | None = None
    tag: Tag | None = Field(default=None, description="However it is capitalised")
    state: State | None = None
    sha256: Sha256 | None = None
    limit: Limit = 20
    cursor: Cursor | None = None


class IngestionReasonResponse(Problem):
    """Why a document failed; with `is_retryable` the same may work later."""

    is_retryable: bool
    cause: PdfReason | None = Field(default=None, description="What is wrong with an unreadable PDF")
    duplicate_of: UUID | None = Field(default=None, description="The document that has the same file")


class PdfResponse(ResponseSchema):
    """A document, and how far it is."""

    id: UUID
    name: str
    collection_id: UUID | None
    tags: list[str]
    size_bytes: int
    sha256: str | None = Field(description="As announced until the file was read; null while it is unknown")
    state: State
    reason: IngestionReasonResponse | None = Field(
        description="Why it failed; of an indexed document: why it could not be cut anew"
    )
    pages_done: int
    pages_total: int | None = Field(description="Null until all are read")
    chunks_done: int
    chunks_total: int | None = Field(description="Null until all pages are cut")
    generation: int = Field(description="Grows each time what is searched is replaced; 0: nothing is")
    is_searched: bool = Field(description="Also while it is cut anew, as it was until then")
    chunk_characters: int
    overlap_sentences: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime | None = Field(description="When it is forgotten unless its file has arrived")


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
    """Why one of several was refused; the others were not for that."""

    problem: Problem


class PdfBatchResponse(ResponseSchema):
    """What became of each, in the order given."""

    items: list[PdfCreatedResponse | PdfRefusedResponse]


class PdfRemovedResponse(ResponseSchema):
    """What went with a document."""

    document_id: UUID
    vectors: int = Field(description="How many entries of the index")
    file_bytes: int = Field(description="How large the file was; 0 where there was none")


class PdfDownloadResponse(ResponseSchema):
    """A URL that downloads the file for a while."""

    url: str
    expires_in_seconds: int


class ChunkQuery(RequestSchema):
    """A page of a document's chunks."""

    limit: Limit = 20
    cursor: Cursor | None = None


class ChunkResponse(ResponseSchema):
    """A chunk: a page's text from `start` to `end`."""

    number: int = Field(description="Its place in the document, from 0")
    page: int = Field(description="From 1")
    start: int = Field(description="The first of its characters in the page's text")
    end: int = Field(description="Behind the last one")
    heading: str = Field(description="What it stands under, or nothing")
    text: str

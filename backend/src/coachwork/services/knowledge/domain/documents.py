"""Documents: what is known of each, which are searched, and which claim their file's hash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args
from uuid import UUID

from coachwork.services.knowledge.schemas.states import State

STATES: Sequence[State] = get_args(State)
WORKING: frozenset[State] = frozenset({"parsing", "embedding"})
"""Somebody has it, until its `due_at`."""
UNFINISHED: frozenset[State] = WORKING | {"queued"}
"""Something will come of it, by its `due_at`."""

CHUNK_CHARACTERS = 1_200
OVERLAP_SENTENCES = 1


@dataclass(frozen=True)
class Chunking:
    """How a document is cut: at most so many characters a chunk, each beginning with the last sentences before it."""

    characters: int = CHUNK_CHARACTERS
    overlap_sentences: int = OVERLAP_SENTENCES


@dataclass(frozen=True)
class Document:
    """A document of `owner_id`; see docs/knowledge.md for what becomes of its `state`.

    Args:
        sha256: of its file, in hexadecimal: as declared until ingestion has computed it; None while it is unknown.
        reason: why it failed, or why it could not be cut anew: a problem.
        pages_done, chunks_done: how far the latest ingestion is; the totals are None while they are unknown.
        generation: of what is searched, 0 when nothing is.
        pages, chunks: how many are searched.
        attempt: grows whenever somebody takes the document up or it is taken away from them.
        version: of what its owner sees, but for the progress.
        expires_at: when it is forgotten unless its file has arrived; None when it has.
        building: the generation that the latest ingestion makes, or made.
        due_at: when who has it, or who was asked to take it up, counts as gone.
        is_removed: it was deleted, and all but this is being removed.
    """

    id: UUID
    owner_id: UUID
    name: str
    size_bytes: int
    created_at: datetime
    updated_at: datetime
    collection_id: UUID | None = None
    tags: tuple[str, ...] = ()
    sha256: str | None = None
    state: State = "awaiting_upload"
    reason: Mapping[str, Any] | None = None
    pages_done: int = 0
    pages_total: int | None = None
    chunks_done: int = 0
    chunks_total: int | None = None
    generation: int = 0
    pages: int = 0
    chunks: int = 0
    attempt: int = 0
    version: int = 1
    expires_at: datetime | None = None
    building: int = 1
    chunking: Chunking = Chunking()
    due_at: datetime | None = None
    is_removed: bool = False

    @property
    def is_searched(self) -> bool:
        """Whether a whole generation of it is in the index; one that is being cut anew is searched as it was."""
        return self.generation > 0 and not self.is_removed

    def is_there(self, now: datetime) -> bool:
        """Whether its owner has it: neither deleted nor waiting for a file that can no longer arrive."""
        return not self.is_removed and (self.expires_at is None or now < self.expires_at)

    def is_overdue(self, now: datetime) -> bool:
        """Whether nothing will come of it, because whoever had it is gone."""
        return self.state in UNFINISHED and self.due_at is not None and self.due_at < now

    def has(self, tags: Sequence[str]) -> bool:
        """Whether it has each of these tags, however they are capitalised."""
        mine = {tag.casefold() for tag in self.tags}
        return all(tag.casefold() in mine for tag in tags)


@dataclass(frozen=True)
class Claim:
    """That within an owner's collection a file's hash is a document's alone; for a while, or as long as it is there."""

    owner_id: UUID
    collection_id: UUID | None
    sha256: str
    document_id: UUID
    expires_at: datetime | None


def claim_of(document: Document) -> Claim | None:
    """Return what a document claims: nothing once it has failed, was cancelled or deleted."""
    if document.sha256 is None or document.is_removed or document.state in {"failed", "cancelled"}:
        return None
    return Claim(
        document.owner_id, document.collection_id, document.sha256, document.id, expires_at=document.expires_at
    )


@dataclass(frozen=True)
class Stats:
    """What an owner has: documents by state, and the sums of those that are searched; `size_bytes` is of all."""

    documents: int
    by_state: Mapping[State, int]
    searched_documents: int
    pages: int
    chunks: int
    size_bytes: int


def stats_of(documents: Sequence[Document]) -> Stats:
    """Return the sums."""
    searched = [one for one in documents if one.is_searched]
    return Stats(
        documents=len(documents),
        by_state={state: sum(one.state == state for one in documents) for state in STATES},
        searched_documents=len(searched),
        pages=sum(one.pages for one in searched),
        chunks=sum(one.chunks for one in searched),
        size_bytes=sum(one.size_bytes for one in documents),
    )


def original_key(owner_id: UUID, document_id: UUID) -> str:
    """Return where a document's file is."""
    return f"originals/{owner_id}/{document_id}.pdf"


def original_of(key: str) -> tuple[UUID, UUID] | None:
    """Return the owner and the document whose file an object is; None when it is none of ours."""
    folder, _, rest = key.partition("/")
    owner, _, name = rest.partition("/")
    if folder != "originals" or not name.endswith(".pdf"):
        return None
    try:
        found = UUID(owner), UUID(name.removesuffix(".pdf"))
    except ValueError:
        return None
    return found if original_key(*found) == key else None

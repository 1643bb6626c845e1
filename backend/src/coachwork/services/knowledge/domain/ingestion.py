"""What becomes of a document, step by step: each step says what it needs, and gives the document as it is then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from coachwork.services.knowledge.domain.documents import UNFINISHED, WORKING, Chunking, Document
from coachwork.services.knowledge.errors import (
    DocumentNotFound,
    IngestionStopped,
    IngestionUnderWay,
    NothingToCancel,
    NothingToRetry,
    NotIndexed,
)

Reason = Mapping[str, Any]


def arrived(document: Document, now: datetime, due_at: datetime) -> Document:
    """Queue a document whose file is there; one whose file was there before stays as it is."""
    _require_there(document, now)
    if document.state != "awaiting_upload":
        return document
    return _moved(document, now, state="queued", expires_at=None, due_at=due_at)


def taken(document: Document, now: datetime, due_at: datetime) -> Document:
    """Give a queued document, or one whose ingestion was broken off, to a new attempt.

    Raises:
        IngestionStopped: there is nothing to do, or somebody does it.
    """
    is_left = document.state in WORKING and document.is_overdue(now)
    if document.is_removed or not (document.state == "queued" or is_left):
        raise IngestionStopped
    return _moved(document, now, state="parsing", attempt=document.attempt + 1, due_at=due_at)


def identified(document: Document, attempt: int, sha256: str, now: datetime) -> Document:
    """Say which file it is."""
    _require_held(document, attempt)
    return replace(document, sha256=sha256, updated_at=now)


def progressed(document: Document, attempt: int, now: datetime, due_at: datetime, **done: int | None) -> Document:
    """Say how far the attempt is, and that it lives."""
    _require_held(document, attempt)
    return replace(document, updated_at=now, due_at=due_at, **done)  # type: ignore[arg-type]  # its own counts


def parsed(document: Document, attempt: int, now: datetime, due_at: datetime, *, pages: int, chunks: int) -> Document:
    """Say that all pages are read and cut, so that their chunks are embedded."""
    _require_held(document, attempt)
    return _moved(
        document, now, state="embedding", due_at=due_at, pages_done=pages, pages_total=pages, chunks_total=chunks
    )


def handed_over(document: Document, attempt: int, now: datetime, due_at: datetime) -> Document:
    """Let somebody else go on."""
    _require_held(document, attempt)
    return _moved(document, now, state="queued", due_at=due_at)


def indexed(document: Document, attempt: int, now: datetime) -> Document:
    """Have what was built searched in place of what was."""
    _require_held(document, attempt)
    chunks = document.chunks_total or 0
    return _moved(
        document,
        now,
        state="indexed",
        reason=None,
        due_at=None,
        generation=document.building,
        pages=document.pages_total or 0,
        chunks=chunks,
        chunks_done=chunks,
    )


def failed(document: Document, attempt: int, reason: Reason, now: datetime) -> Document:
    """Say why the attempt led to nothing; what was searched before still is."""
    if document.is_removed or document.attempt != attempt or document.state not in UNFINISHED:
        raise IngestionStopped
    return _given_up(document, now, "failed", reason)


def refused(document: Document, reason: Reason, now: datetime) -> Document:
    """Say why a file that was waited for will not do."""
    _require_there(document, now)
    if document.state != "awaiting_upload":
        raise IngestionStopped
    return replace(_given_up(document, now, "failed", reason), expires_at=None)


def abandoned(document: Document, reason: Reason, now: datetime) -> Document:
    """Say that whoever had it is gone; it stays as it is when they are not."""
    return _given_up(document, now, "failed", reason) if document.is_overdue(now) else document


def cancelled(document: Document, now: datetime) -> Document:
    """Take it away from whoever has it, or will."""
    _require_there(document, now)
    if document.state not in UNFINISHED | {"awaiting_upload"}:
        raise NothingToCancel
    return replace(_given_up(document, now, "cancelled", None), expires_at=None)


def retried(document: Document, now: datetime, due_at: datetime) -> Document:
    """Queue it again; what was built is built on."""
    _require_there(document, now)
    if document.state not in {"failed", "cancelled"}:
        raise NothingToRetry
    return _queued(document, now, due_at)


def rechunked(document: Document, chunking: Chunking, now: datetime, due_at: datetime) -> Document:
    """Queue it to be cut otherwise; it is searched as it was until then."""
    _require_there(document, now)
    if document.state in UNFINISHED:
        raise IngestionUnderWay
    if document.state != "indexed":
        raise NotIndexed
    return replace(_queued(document, now, due_at), building=document.building + 1, chunking=chunking)


def removed(document: Document, now: datetime) -> Document:
    """Hide it from everybody, and take it away from whoever has it."""
    return _moved(document, now, is_removed=True, attempt=document.attempt + 1, expires_at=None)


def edited(document: Document, now: datetime, **changes: Any) -> Document:
    """Change what its owner says of it."""
    _require_there(document, now)
    return _moved(document, now, **changes)


def _queued(document: Document, now: datetime, due_at: datetime) -> Document:
    return _moved(
        document, now, state="queued", reason=None, due_at=due_at,
        pages_done=0, chunks_done=0, chunks_total=None,
    )  # fmt: skip


def _given_up(document: Document, now: datetime, state: str, reason: Reason | None) -> Document:
    """End an ingestion without a result: what is searched already stays, counts and all, and so does its state."""
    after = _moved(document, now, state=state, reason=reason, due_at=None, attempt=document.attempt + 1)
    if not document.generation:
        return after
    pages, chunks = document.pages, document.chunks
    return replace(after, state="indexed", pages_done=pages, pages_total=pages, chunks_done=chunks, chunks_total=chunks)


def _moved(document: Document, now: datetime, **changes: Any) -> Document:
    return replace(document, updated_at=now, version=document.version + 1, **changes)


def _require_there(document: Document, now: datetime) -> None:
    if not document.is_there(now):
        raise DocumentNotFound


def _require_held(document: Document, attempt: int) -> None:
    if document.is_removed or document.attempt != attempt or document.state not in WORKING:
        raise IngestionStopped

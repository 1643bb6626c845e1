"""Documents and collections, made up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from coachwork.chassis.ids import uuid7
from coachwork.services.knowledge.domain.collections import Collection
from coachwork.services.knowledge.domain.documents import Document

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
"""The present in tests that have a clock of their own."""
LATER = NOW + timedelta(minutes=5)
"""When whoever has a document counts as gone."""


def document(owner_id: UUID | None = None, **fields: Any) -> Document:
    """Return a document that waits for its file, or whatever the fields say."""
    waiting = Document(uuid7(), owner_id or uuid4(), "a.pdf", 1_000, NOW, NOW, expires_at=NOW + timedelta(hours=1))
    if fields.get("state", "awaiting_upload") != "awaiting_upload":
        waiting = replace(waiting, expires_at=None)
    return replace(waiting, **fields)


def indexed(owner_id: UUID | None = None, **fields: Any) -> Document:
    """Return a document of two pages and three chunks that is searched, or whatever the fields say."""
    counts = {"pages_done": 2, "pages_total": 2, "chunks_done": 3, "chunks_total": 3, "pages": 2, "chunks": 3}
    return document(owner_id, **{"state": "indexed", "generation": 1, **counts, **fields})


def collection(owner_id: UUID, **fields: Any) -> Collection:
    """Return a collection."""
    return replace(Collection(uuid7(), owner_id, "Papers", "", NOW, NOW), **fields)


def digest(text: str) -> str:
    """Return the hash of a file that has this text."""
    return sha256(text.encode()).hexdigest()

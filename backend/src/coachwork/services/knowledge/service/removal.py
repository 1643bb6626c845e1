"""Removal: first nobody finds it any more, then its parts go, and its row last, so that what is broken off goes on."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import DependencyError
from coachwork.chassis.http.preconditions import require_version
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.documents import Document, original_key
from coachwork.services.knowledge.errors import DocumentNotFound
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.threads import forget_documents


@dataclass(frozen=True)
class Removed:
    """What went with a document: how many vectors, and how many bytes of file."""

    document_id: UUID
    vectors: int
    file_bytes: int


def remove_document(owner: Owner, document_id: UUID, expected: int | None = None) -> Removed:
    """Remove a document and everything made of it; after a failure the same call goes on.

    Raises:
        DocumentNotFound: the owner has no such document.
        PreconditionFailed: its version is not the expected one.
        DependencyError: a part is down; nobody finds the document any more, but not everything of it is gone.
    """
    hidden = owner.documents.change(owner.id, document_id, partial(_hidden, owner, expected))
    removed = remove_parts(owner, hidden)
    _forget(owner, [hidden])
    return removed


def remove_documents(owner: Owner, document_ids: Sequence[UUID], deadline: Deadline) -> bool:
    """Remove documents and everything made of them, until the deadline; return whether all of them are removed.

    The owner's answers, which may be many, are gone through once for all documents.

    Raises:
        DependencyError: a part is down; those before it are removed, and the same call goes on.
    """
    removed: list[Document] = []
    in_time = True
    try:
        for document_id in document_ids:
            in_time = deadline.left_seconds > 0
            if not in_time:
                break
            with suppress(DocumentNotFound):  # somebody was faster
                hidden = owner.documents.change(owner.id, document_id, partial(_hidden, owner, None))
                remove_parts(owner, hidden)
                removed.append(hidden)
    except DependencyError:
        _forget(owner, removed)
        raise
    _forget(owner, removed)
    return in_time


def sweep(owner: Owner, documents: Sequence[Document]) -> None:
    """Remove what is left of documents that their owner no longer has."""
    swept = [owner.documents.change(owner.id, one.id, partial(_swept, owner)) for one in documents]
    hidden = [one for one in swept if one.is_removed]
    for one in hidden:
        remove_parts(owner, one)
    _forget(owner, hidden)


def remove_parts(owner: Owner, document: Document) -> Removed:
    """Remove vectors, chunks and file."""
    vectors = owner.index.ids({"document_id": str(document.id)})
    owner.index.delete(vectors)
    owner.chunks.delete(owner.id, document.id, None)
    key = original_key(owner.id, document.id)
    file = owner.originals.describe(key)
    owner.originals.delete(key)
    return Removed(document.id, len(vectors), file.size_bytes if file else 0)


def _forget(owner: Owner, documents: Sequence[Document]) -> None:
    """Take their words out of what was answered from them, then their rows: citations stay, and say they are gone."""
    if cited := {one.id for one in documents if one.generation}:  # what was never searched was never cited
        forget_documents(owner.resources, owner.id, cited)
    for one in documents:
        owner.documents.forget(one)


def _hidden(owner: Owner, expected: int | None, document: Document) -> Document:
    if document.is_removed:
        return document
    if not document.is_there(owner.clock()):
        raise DocumentNotFound
    require_version(expected, document.version)
    return ingestion.removed(document, owner.clock())


def _swept(owner: Owner, document: Document) -> Document:
    if document.is_removed or document.is_there(owner.clock()):
        return document
    return ingestion.removed(document, owner.clock())

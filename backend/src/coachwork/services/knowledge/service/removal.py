"""Removal: first nobody finds it any more, then its parts go, and its row last, so that what is broken off goes on."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from coachwork.chassis.http.preconditions import require_version
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.documents import Document, original_key
from coachwork.services.knowledge.errors import DocumentNotFound
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.threads import forget_document


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
    _forget(owner, hidden)
    return removed


def sweep(owner: Owner, document: Document) -> None:
    """Remove what is left of a document that its owner no longer has."""
    hidden = owner.documents.change(owner.id, document.id, partial(_swept, owner))
    if hidden.is_removed:
        remove_parts(owner, hidden)
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


def _forget(owner: Owner, document: Document) -> None:
    """Take its words out of what was answered from it, then its row: citations of it stay, and say that it is gone."""
    forget_document(owner.resources, owner.id, document.id)
    owner.documents.forget(document)


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

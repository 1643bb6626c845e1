"""Documents: read, listed, changed, cut anew, tried again, cancelled, downloaded."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from coachwork.chassis.errors import DependencyError, InvalidRequest
from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor
from coachwork.chassis.observability.logs import logger
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.chunks import Chunk
from coachwork.services.knowledge.domain.documents import Chunking, Document, original_key
from coachwork.services.knowledge.domain.names import plain_name
from coachwork.services.knowledge.errors import (
    ChunkNotFound,
    DocumentNotFound,
    IngestionAbandoned,
    NotIndexed,
    UploadMissing,
)
from coachwork.services.knowledge.schemas.documents import ChunkingRequest, ChunkQuery, PdfPatch, PdfQuery
from coachwork.services.knowledge.service.ingestion import start
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.pages import id_of
from coachwork.services.knowledge.service.reasons import reason_of
from coachwork.services.knowledge.service.removal import sweep

_MOST_SWEPT = 3
"""Of one list: nobody waits long for it."""
_READ_TO_FILTER = 200


def read_document(owner: Owner, document_id: UUID) -> Document:
    """Return a document; one whose worker is gone has failed. Raises `DocumentNotFound`."""
    found = owner.documents.get(owner.id, document_id)
    if found is None:
        raise DocumentNotFound
    return _settled(owner, found)


def list_documents(owner: Owner, query: PdfQuery) -> tuple[Sequence[Document], str | None]:
    """Return a page of the documents, the newest first, and the next page's cursor if there is one.

    By its file's hash a document that was made a moment ago may not be found yet.
    """
    page: list[Document] = []
    gone: list[Document] = []
    next_cursor = None
    for document in _found(owner, query):
        if not document.is_there(owner.clock()):
            gone.append(document)
        elif _fits(settled := _settled(owner, document), query):
            if len(page) == query.limit:
                next_cursor = encode_cursor(str(page[-1].id))
                break
            page.append(settled)
    _sweep(owner, gone[:_MOST_SWEPT])
    return page, next_cursor


def edit_document(owner: Owner, document_id: UUID, patch: PdfPatch, expected: int | None) -> Document:
    """Change what its owner says of it.

    Raises:
        DocumentNotFound, PreconditionFailed, UnfitName
        CollectionNotFound: it cannot be put there.
        DuplicateDocument: the same file is there already.
    """
    changes = patch.model_dump(exclude_unset=True)
    if patch.name is not None:
        changes["name"] = plain_name(patch.name)

    def edit(document: Document) -> Document:
        if document.is_there(owner.clock()):
            require_version(expected, document.version)
        return ingestion.edited(document, owner.clock(), **changes)

    return owner.documents.change(owner.id, document_id, edit)


def retry_document(owner: Owner, document_id: UUID) -> Document:
    """Ingest a document again that failed or was cancelled; what was done already is not done again.

    Raises:
        DocumentNotFound, NothingToRetry, TasksUnavailable
        UploadMissing: its file never arrived.
        DuplicateDocument: the same file is there by now.
    """
    read_document(owner, document_id)  # whoever sees that its worker is gone says so
    if owner.originals.describe(original_key(owner.id, document_id)) is None:
        raise UploadMissing
    return _queue(owner, document_id, ingestion.retried)


def rechunk_document(owner: Owner, document_id: UUID, request: ChunkingRequest) -> Document:
    """Cut a document otherwise; it is searched as it was until that is done.

    Raises:
        DocumentNotFound, NotIndexed, IngestionUnderWay, TasksUnavailable
    """
    chunking = Chunking(request.chunk_characters, request.overlap_sentences)
    read_document(owner, document_id)
    return _queue(owner, document_id, lambda seen, now, due_at: ingestion.rechunked(seen, chunking, now, due_at))


def cancel_document(owner: Owner, document_id: UUID) -> Document:
    """Cancel an upload or an ingestion: work on it stops at its next step. Raises as `ingestion.cancelled`."""
    return owner.documents.change(owner.id, document_id, lambda seen: ingestion.cancelled(seen, owner.clock()))


def list_chunks(owner: Owner, document_id: UUID, query: ChunkQuery) -> tuple[Sequence[Chunk], str | None]:
    """Return a page of a document's chunks, in order; raises `DocumentNotFound`, `NotIndexed`."""
    first = decode_cursor(query.cursor, int)[0] if query.cursor else 0
    if not 0 <= first < 10**9:
        raise InvalidRequest("The cursor is not one this operation gave")
    chunks = _chunks(owner, document_id)
    last = first + query.limit
    return chunks[first:last], encode_cursor(last) if last < len(chunks) else None


def read_chunk(owner: Owner, document_id: UUID, number: int) -> Chunk:
    """Return one chunk; raises `DocumentNotFound`, `NotIndexed`, `ChunkNotFound`."""
    chunks = _chunks(owner, document_id)
    if number >= len(chunks):
        raise ChunkNotFound
    return chunks[number]


def download_url(owner: Owner, document_id: UUID) -> str:
    """Return a URL that saves the file under its name; raises `DocumentNotFound`, `UploadMissing`."""
    document = read_document(owner, document_id)
    key = original_key(owner.id, document_id)
    if owner.originals.describe(key) is None:
        raise UploadMissing
    return owner.originals.presigned_get(key, owner.resources.settings.document_url_seconds, filename=document.name)


def _chunks(owner: Owner, document_id: UUID) -> Sequence[Chunk]:
    document = read_document(owner, document_id)
    chunks = owner.chunks.read(owner.id, document_id, document.generation) if document.is_searched else None
    if chunks is None:
        raise NotIndexed
    return chunks


def _queue(owner: Owner, document_id: UUID, step: Callable[..., Document]) -> Document:
    queued = owner.documents.change(
        owner.id, document_id, lambda seen: step(seen, owner.clock(), owner.queue_ends_at())
    )
    return start(owner, queued)


def _settled(owner: Owner, document: Document) -> Document:
    """Return the document; that its worker is gone is stored first."""
    if not document.is_overdue(owner.clock()):
        return document
    reason = reason_of(document.id, IngestionAbandoned())
    try:
        return owner.documents.change(
            owner.id, document.id, lambda seen: ingestion.abandoned(seen, reason, owner.clock())
        )
    except DocumentNotFound:
        return document


def _found(owner: Owner, query: PdfQuery) -> Iterable[Document]:
    """Return what a list looks through, the newest first, from its cursor on."""
    position = id_of(query.cursor)
    if query.sha256:
        found = owner.documents.with_file(owner.id, query.sha256)
        return [one for one in found if position is None or one.id < position]
    is_filtered = query.collection_id or query.tag or query.state
    at_once = _READ_TO_FILTER if is_filtered else query.limit + _MOST_SWEPT
    return owner.documents.rows(owner.id, after=position, at_once=at_once)


def _sweep(owner: Owner, gone: Sequence[Document]) -> None:
    """Remove what is left of uploads that never arrived and of removals that were broken off."""
    try:
        sweep(owner, gone)
    except DependencyError as error:  # the list is right without it, and the next one tries again
        logger.warning("leftovers not removed", documents=[str(one.id) for one in gone], problem=error.slug)


def _fits(document: Document, query: PdfQuery) -> bool:
    return (
        (query.collection_id is None or document.collection_id == query.collection_id)
        and (query.tag is None or document.has([query.tag]))
        and (query.state is None or document.state == query.state)
    )

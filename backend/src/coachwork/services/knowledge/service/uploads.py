"""Uploads: a document is announced, its file arrives, and its ingestion begins, once however often it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import UUID

from coachwork.chassis.blobs import Upload
from coachwork.chassis.errors import CoachworkError, DependencyError
from coachwork.chassis.ids import uuid7
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.pdf import UnreadablePdf, is_pdf
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks.port import Invocation
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.documents import UNFINISHED, Document, original_key, original_of
from coachwork.services.knowledge.domain.names import plain_name
from coachwork.services.knowledge.errors import (
    DocumentNotFound,
    FileTooLarge,
    IngestionStopped,
    UploadDiffers,
    UploadMissing,
)
from coachwork.services.knowledge.schemas.documents import PdfFields, PdfRequest
from coachwork.services.knowledge.service.ingestion import ingest, start
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.reasons import reason_of

CONTENT_TYPE = "application/pdf"
_GRACE = timedelta(minutes=15)
"""How long an upload that began in time may last."""


@dataclass(frozen=True)
class Announced:
    """A document whose file is waited for, and the form that uploads it."""

    document: Document
    upload: Upload


def announce(owner: Owner, request: PdfRequest) -> Announced:
    """Store a document, and return it with the form that uploads exactly its file.

    Raises:
        FileTooLarge: it is larger than a document may be.
        UnfitName: its name has nothing in it that can be shown.
        DuplicateDocument: the same file is in the same collection.
        CollectionNotFound, TooManyDocuments, AccountGone
    """
    settings = owner.resources.settings
    if request.size_bytes > settings.document_max_bytes:
        raise FileTooLarge(settings.document_max_bytes)
    document = _new(owner, request, plain_name(request.name), request.size_bytes, request.sha256)
    upload = owner.originals.presigned_post(
        original_key(owner.id, document.id),
        content_type=CONTENT_TYPE,
        size_bytes=document.size_bytes,
        seconds=settings.document_upload_seconds,
        sha256=document.sha256,
    )
    owner.documents.create(document, settings.documents_per_user)
    return Announced(document, upload)


def announce_many(owner: Owner, requests: Sequence[PdfRequest]) -> list[Announced | CoachworkError]:
    """Do the same for several, each on its own: one that is refused takes nothing from the others.

    Raises:
        DependencyError: a part is down; those before it stay, and expire like any that are not uploaded.
    """
    return [_tried(owner, request) for request in requests]


def receive(owner: Owner, content: bytes, name: str, fields: PdfFields) -> Document:
    """Store a document with its file, and begin its ingestion; raises as `announce`, and as follows.

    Raises:
        UnreadablePdf: the bytes are no PDF.
        TasksUnavailable: nobody ingests it; it has failed.
        DependencyError: a part is down; nothing was taken, so that the same file may be sent again.
    """
    if not is_pdf(content):
        raise UnreadablePdf("not-a-pdf")
    digest = sha256(content).hexdigest()
    document = _new(owner, fields, plain_name(fields.name or name), len(content), digest)
    owner.documents.create(document, owner.resources.settings.documents_per_user)
    key = original_key(owner.id, document.id)
    try:
        owner.originals.write(key, content, CONTENT_TYPE)
        queued, is_first = _queued(owner, document.id)
    except DocumentNotFound:  # deleted before its file was there, by somebody who found none to delete
        owner.originals.delete(key)
        raise
    except DependencyError:
        _take_back(owner, document)
        raise
    return start(owner, queued) if is_first else queued


def complete(owner: Owner, document_id: UUID) -> Document:
    """Begin the ingestion of a document whose file has arrived; return it as it is when it has begun before.

    Raises:
        DocumentNotFound: there is none, or its time has passed.
        UploadMissing: its file is not there.
        TasksUnavailable: nobody ingests it; it has failed.
    """
    document, is_first = _accept(owner, document_id)
    return start(owner, document) if is_first else document


def arrived(resources: Resources, key: str, invocation: Invocation) -> None:
    """Ingest the document whose file arrived, unless that is done or somebody does it; remove a file nobody waits for.

    An event that comes again goes on with what was broken off.

    Raises:
        DependencyError: a part is down; it is to be tried again.
    """
    found = original_of(key)
    if found is None:
        return
    owner = Owner(resources, found[0], invocation)
    try:
        document, _ = _accept(owner, found[1])
    except DocumentNotFound:
        owner.originals.delete(key)
        logger.info("late file removed", document_id=str(found[1]))
    except UploadMissing:
        logger.info("file gone again", document_id=str(found[1]))
    else:
        if document.state in UNFINISHED:
            ingest(owner, document.id)


def _accept(owner: Owner, document_id: UUID) -> tuple[Document, bool]:
    """Queue a document whose file is there; return it, and whether it is this call that did."""
    found = owner.documents.get(owner.id, document_id)
    if found is None:
        raise DocumentNotFound
    if found.state != "awaiting_upload":
        return found, False
    file = owner.originals.describe(original_key(owner.id, document_id))
    if file is None:
        raise UploadMissing
    if file.size_bytes != found.size_bytes:
        return _refused(owner, found, file.size_bytes), False
    return _queued(owner, document_id)


def _queued(owner: Owner, document_id: UUID) -> tuple[Document, bool]:
    was_waiting = [False]

    def queue(document: Document) -> Document:
        was_waiting[0] = document.state == "awaiting_upload"
        return ingestion.arrived(document, owner.clock(), owner.queue_ends_at())

    return owner.documents.change(owner.id, document_id, queue), was_waiting[0]


def _take_back(owner: Owner, document: Document) -> None:
    """Remove a document that its owner is told was not taken; what cannot be removed now expires."""
    hidden = owner.documents.change(owner.id, document.id, partial(ingestion.removed, now=owner.clock()))
    owner.originals.delete(original_key(owner.id, document.id))
    owner.documents.forget(hidden)


def _refused(owner: Owner, document: Document, size_bytes: int) -> Document:
    error = UploadDiffers(f"The file was announced with {document.size_bytes} bytes, and has {size_bytes}")
    reason = reason_of(document.id, error)
    try:
        return owner.documents.change(
            owner.id, document.id, lambda seen: ingestion.refused(seen, reason, owner.clock())
        )
    except IngestionStopped:
        return owner.documents.get(owner.id, document.id) or document


def _new(owner: Owner, request: PdfRequest | PdfFields, name: str, size_bytes: int, digest: str | None) -> Document:
    now = owner.clock()
    expires_at = now + timedelta(seconds=owner.resources.settings.document_upload_seconds) + _GRACE
    return Document(
        uuid7(),
        owner.id,
        name,
        size_bytes,
        now,
        now,
        collection_id=request.collection_id,
        tags=request.tags,
        sha256=digest,
        expires_at=expires_at.replace(microsecond=0),
    )


def _tried(owner: Owner, request: PdfRequest) -> Announced | CoachworkError:
    try:
        return announce(owner, request)
    except DependencyError:
        raise
    except CoachworkError as refusal:
        return refusal

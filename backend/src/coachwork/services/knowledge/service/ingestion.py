"""Ingestion: a document's file is read, cut and embedded by one attempt at a time, which another can go on from.

An attempt has its document by a number that whoever takes the document up raises; what an older attempt would store is
refused. Chunks and vectors of a generation are whole before one conditional write makes them what is searched, so at
whatever moment an attempt ends there is the old generation, or the new one. See docs/knowledge.md.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import sha256
from time import monotonic
from uuid import UUID

from coachwork.chassis.budget.callers import embedder_for
from coachwork.chassis.errors import CoachworkError, DependencyError, MalformedRequest, TasksUnavailable
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.pdf import PageText, PdfLimits, UnreadablePdf, opened_pdf
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks.port import Invocation, Task
from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.port import Filter, Metadata
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.chunks import Chunk, chunks_of
from coachwork.services.knowledge.domain.documents import Document, original_key
from coachwork.services.knowledge.errors import (
    DocumentNotFound,
    IngestionOutOfTime,
    IngestionStopped,
    UploadDiffers,
    UploadMissing,
)
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.reasons import reason_of
from coachwork.services.knowledge.service.removal import remove_parts

TASK = "knowledge.ingest"
BATCH = 64
"""Chunks embedded in one request."""
_TELL_SECONDS = 1.0
_MARGIN_SECONDS = 5.0


def start(owner: Owner, document: Document) -> Document:
    """Have a queued document ingested, elsewhere or later; return it.

    Raises:
        TasksUnavailable: nobody takes it; it has failed.
    """
    task = Task(TASK, document.id, owner.id)
    here = partial(run, owner.resources, task)
    try:
        owner.resources.tasks().start(task, owner.invocation, here)
    except TasksUnavailable as error:
        fail(owner, document, error)
        raise
    return document


def run(resources: Resources, task: Task, invocation: Invocation) -> None:
    """Ingest a document, as far as there is time; do nothing when it is done, cancelled, or another's meanwhile.

    Raises:
        DocumentStoreUnavailable: what came of it could not be said.
    """
    if task.owner_id is None:
        raise MalformedRequest("The event does not say whose document it is")
    ingest(Owner(resources, task.owner_id, invocation), task.subject_id)


def ingest(owner: Owner, document_id: UUID) -> None:
    """Take a document up and ingest it, as `run`."""
    take = partial(_taken, owner)
    try:
        document = owner.documents.change(owner.id, document_id, take)
    except (DocumentNotFound, IngestionStopped):
        return
    _Attempt(owner, document).run()


def fail(owner: Owner, document: Document, error: CoachworkError) -> bool:
    """Say why nothing comes of it, unless it is somebody else's by now; return whether it was still this one's."""
    reason = reason_of(document.id, error)
    try:
        owner.documents.change(
            owner.id, document.id, lambda seen: ingestion.failed(seen, document.attempt, reason, owner.clock())
        )
    except (DocumentNotFound, IngestionStopped):
        logger.info("failure not stored", document_id=str(document.id), problem=error.slug)
        return False
    return True


class _HandedOver(Exception):
    """There is no time left in this invocation."""


class _Attempt:
    """One go at a document, which is this attempt's until a write finds otherwise."""

    def __init__(self, owner: Owner, document: Document) -> None:
        self._owner = owner
        self._document = document
        self._told = monotonic()
        self._has_progressed = False
        self._deadline = owner.invocation.deadline
        slowest = 2 * owner.resources.settings.openai_timeout_seconds + _MARGIN_SECONDS
        self._margin = min(slowest, self._deadline.left_seconds / 2) if self._deadline else 0.0

    def run(self) -> None:
        """Ingest the document, hand it over, or say why it failed."""
        document = self._document
        try:
            self._embed(self._chunks())
            self._publish()
        except _HandedOver:
            self._hand_over()
        except (IngestionStopped, DocumentNotFound):
            self._leave()
        except CoachworkError as error:
            logger.info("document not ingested", document_id=str(document.id), problem=error.slug)
            self._fail(error)
        except Exception:  # a fault of ours: the owner sees that it failed, and whoever runs this sees why
            self._fail(CoachworkError())
            raise

    def _chunks(self) -> Sequence[Chunk]:
        """Return the chunks of the generation that is built: those of an earlier attempt, or of the file."""
        document = self._document
        chunks = self._owner.chunks.read(document.owner_id, document.id, document.building)
        if chunks is None:
            chunks = self._cut()
        pages = self._document.pages_total or max((chunk.page for chunk in chunks), default=0)
        self._move(ingestion.parsed, self._owner.lease_ends_at(), pages=pages, chunks=len(chunks))
        return chunks

    def _cut(self) -> list[Chunk]:
        document, store = self._document, self._owner.chunks
        known = store.read_pages(document.owner_id, document.id, document.building)
        pages = list(known)
        cut = document.chunking
        try:
            read = self._pages(pages)
            chunks = list(chunks_of(read, characters=cut.characters, overlap_sentences=cut.overlap_sentences))
        except _HandedOver:
            if len(pages) > len(known):
                store.write_pages(document.owner_id, document.id, document.building, pages)
            raise
        if not chunks:
            raise UnreadablePdf("no-text")
        self._move(ingestion.progressed, self._owner.lease_ends_at(), pages_done=len(pages))
        store.write(document.owner_id, document.id, document.building, chunks)
        return chunks

    def _pages(self, pages: list[PageText]) -> Iterator[PageText]:
        """Yield the text of every page; those an earlier attempt has read are not read again, the others are added."""
        known = len(pages)
        with opened_pdf(self._original(), self._limits(), first_page=known + 1) as pdf:
            self._move(ingestion.progressed, self._owner.lease_ends_at(), pages_done=known, pages_total=pdf.page_count)
            yield from pages[:known]
            for page in pdf.pages:
                pages.append(page)
                self._tell(pages_done=len(pages))
                yield page

    def _limits(self) -> PdfLimits:
        """Return what reading may cost; a page on which this invocation would end is one that takes too long."""
        settings, limits = self._owner.resources.settings, PdfLimits()
        left = self._deadline.left_seconds - _MARGIN_SECONDS if self._deadline else limits.seconds
        return replace(
            limits,
            pages=settings.document_max_pages,
            size_bytes=settings.document_max_bytes,
            seconds=max(1.0, min(limits.seconds, left)),
        )

    def _original(self) -> bytes:
        """Return the file, if it is the one that was announced."""
        document, most = self._document, self._owner.resources.settings.document_max_bytes
        content = self._owner.originals.read(original_key(document.owner_id, document.id), most)
        if content is None:
            raise UploadMissing
        digest = sha256(content).hexdigest()
        if document.sha256 is None:
            self._move_with(lambda seen: ingestion.identified(seen, document.attempt, digest, self._owner.clock()))
        elif document.sha256 != digest:
            raise UploadDiffers(f"The file was announced with the SHA-256 {document.sha256}, and has {digest}")
        if len(content) != document.size_bytes:
            raise UploadDiffers(f"The file was announced with {document.size_bytes} bytes, and has {len(content)}")
        return content

    def _embed(self, chunks: Sequence[Chunk]) -> None:
        """Put into the index what an earlier attempt has not."""
        owner, document = self._owner, self._document
        built: Filter = {"document_id": str(document.id), "generation": document.building}
        there = set(owner.index.ids(built))
        missing = [chunk for chunk in chunks if self._id(chunk) not in there]
        embedder = embedder_for(owner.resources, Principal(owner.id, None), "knowledge")
        done = len(chunks) - len(missing)
        for batch in _batches(missing):
            embeddings = embedder.embed([f"{chunk.heading}\n\n{chunk.text}".strip() for chunk in batch])
            owner.index.upsert([self._item(chunk, vector) for chunk, vector in zip(batch, embeddings, strict=True)])
            done += len(batch)
            self._tell(chunks_done=done)

    def _publish(self) -> None:
        """Have the new generation searched; then the ones before it are in nobody's way, and go."""
        owner, before = self._owner, self._document.generation
        self._move_with(lambda seen: ingestion.indexed(seen, self._document.attempt, owner.clock()))
        document = self._document
        try:
            keep = f"{document.id}:{document.generation}:"
            everything = owner.index.ids({"document_id": str(document.id)})
            owner.index.delete([one for one in everything if not one.startswith(keep)])
            owner.chunks.delete_pages(owner.id, document.id, document.generation)
            for generation in range(max(1, before), document.generation):
                owner.chunks.delete(owner.id, document.id, generation)
        except DependencyError as error:  # nobody finds them, and deleting the document removes them
            logger.warning("old chunks not removed", document_id=str(document.id), problem=error.slug)

    def _hand_over(self) -> None:
        if not self._has_progressed:
            self._fail(IngestionOutOfTime())
            return
        try:
            self._move(ingestion.handed_over, self._owner.queue_ends_at())
            start(self._owner, self._document)
        except (IngestionStopped, DocumentNotFound):
            self._leave()
        except TasksUnavailable as error:  # it has failed, and says so
            logger.info("document not handed over", document_id=str(self._document.id), problem=error.slug)

    def _fail(self, error: CoachworkError) -> None:
        if not fail(self._owner, self._document, error):
            self._leave()

    def _leave(self) -> None:
        """Take along what was written for a document that was deleted meanwhile."""
        document = self._document
        if self._owner.documents.get(document.owner_id, document.id) is None:
            remove_parts(self._owner, document)

    def _tell(self, **done: int) -> None:
        """Say how far it is, at most once a second; notice that it is over, or that there is no time left."""
        self._has_progressed = True
        if self._deadline and self._deadline.left_seconds < self._margin:
            raise _HandedOver
        if monotonic() - self._told >= _TELL_SECONDS:
            self._move(ingestion.progressed, self._owner.lease_ends_at(), **done)
            self._told = monotonic()

    def _move(self, step: Callable[..., Document], due_at: datetime, **details: int) -> None:
        attempt, now = self._document.attempt, self._owner.clock()
        self._move_with(lambda seen: step(seen, attempt, now, due_at, **details))

    def _move_with(self, transition: Callable[[Document], Document]) -> None:
        self._document = self._owner.documents.change(self._owner.id, self._document.id, transition)

    def _id(self, chunk: Chunk) -> str:
        return f"{self._document.id}:{self._document.building}:{chunk.number}"

    def _item(self, chunk: Chunk, embedding: Sequence[float]) -> Item:
        document = self._document
        metadata: Metadata = {
            "owner_id": str(document.owner_id),
            "document_id": str(document.id),
            "generation": document.building,
            "number": chunk.number,
            "page": chunk.page,
        }
        return Item(self._id(chunk), chunk.text, embedding, metadata)


def _taken(owner: Owner, document: Document) -> Document:
    return ingestion.taken(document, owner.clock(), owner.lease_ends_at())


def _batches(chunks: Sequence[Chunk]) -> Iterator[Sequence[Chunk]]:
    for first in range(0, len(chunks), BATCH):
        yield chunks[first : first + BATCH]

"""Documents become passages that the coach cites: taken in, listed, searched, deleted, by administrators."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from coachwork.chassis.http.schemas import decode_cursor, encode_cursor
from coachwork.chassis.models import Embedder
from coachwork.chassis.pdf import PdfLimits, is_pdf, read_pages
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.chassis.vectors import Hit, Item, VectorIndex
from coachwork.chassis.vectors.port import Metadata
from coachwork.services.fitness.domain.knowledge.errors import (
    DocumentKnown,
    DocumentNotFound,
    KnowledgeBusy,
    TooManyDocuments,
    UnfitDocument,
)
from coachwork.services.fitness.domain.knowledge.passages import (
    Cut,
    cuts_of,
    document_id_of,
    passage_ids,
    plain,
    title_of,
)
from coachwork.services.fitness.repository import knowledge as repository
from coachwork.services.fitness.repository.knowledge import Document, NewDocument, Original
from coachwork.services.fitness.schemas.knowledge import (
    MAX_TEXT_CHARACTERS,
    DocumentQuery,
    DocumentRequest,
    FileDocument,
    PassageQuery,
    SearchQuery,
)

MAX_DOCUMENTS = 500
MAX_PASSAGES = 400
"""Of one document: what an embedder takes well within the time of a request."""
BATCH = 32
"""Passages embedded in one request."""
_PDF_LIMITS = PdfLimits(pages=300, characters=MAX_TEXT_CHARACTERS, seconds=15)
"""What is read within a request that is answered in 29 seconds."""

Outcome = Literal["created", "replaced", "unchanged"]


@dataclass(frozen=True)
class Ingested:
    """What became of a document, and its passages' ids in order."""

    outcome: Outcome
    document: Document
    passage_ids: Sequence[str]


class Knowledge:
    """The coach's knowledge: originals in the database, passages in the index.

    A document is in the database only when all its passages were in the index, and each change of the index is made
    under one lock: what is lost from the index all the same, `reindex` puts back.
    """

    def __init__(self, database: Database, index: VectorIndex, embedder: Embedder) -> None:
        self.database = database
        self.index = index
        self.embedder = embedder

    def ingest(self, request: DocumentRequest) -> Ingested:
        """Take a text in; the same again changes nothing, another of the same title replaces it.

        Raises:
            UnfitDocument: it has no words, or too many passages.
            DocumentKnown: the text is there under another title.
            TooManyDocuments: there are as many as there can be.
            KnowledgeBusy: somebody else changes the knowledge.
        """
        return self._ingest(request, request.format, [plain(request.text)], "body/text")

    def ingest_file(self, request: FileDocument, content: bytes) -> Ingested:
        """Take a file in: UTF-8 text, or a PDF; as `ingest`.

        Raises:
            UnreadablePdf: it is a PDF that cannot be read.
        """
        if is_pdf(content):
            pages = [page.text for page in read_pages(content, _PDF_LIMITS)]
            return self._ingest(request, "pdf", pages, "body/file")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise UnfitDocument("body/file", "is neither a PDF nor text in UTF-8") from error
        if len(text) > MAX_TEXT_CHARACTERS:
            raise UnfitDocument("body/file", f"has {len(text)} characters, and may have {MAX_TEXT_CHARACTERS}")
        return self._ingest(request, request.format, [plain(text)], "body/file")

    def documents(self, query: DocumentQuery) -> tuple[Sequence[Document], str | None]:
        """Return one page of the documents by title, and the next page's cursor if there is one."""
        after = None
        if query.cursor:
            title, document_id = decode_cursor(query.cursor, str, str)
            after = plain(title), plain(document_id)
        with self.database.service_session() as session:
            found = repository.page(session, query.limit + 1, after)
        if len(found) <= query.limit:
            return found, None
        last = found[query.limit - 1]
        return found[: query.limit], encode_cursor(last.title, last.id)

    def passages(self, query: PassageQuery) -> tuple[Sequence[Item], str | None]:
        """Return one page of the index's passages by id, the seeds' too, and the next page's cursor if there is one."""
        after = decode_cursor(query.cursor, str)[0] if query.cursor else ""
        where: Metadata | None = {"document_id": query.document_id} if query.document_id else None
        ids = [one for one in self.index.ids(where) if one > after]
        next_cursor = encode_cursor(ids[query.limit - 1]) if len(ids) > query.limit else None
        return self.index.get(ids[: query.limit]), next_cursor

    def search(self, query: SearchQuery) -> list[Hit]:
        """Return what the coach would find, the nearest first."""
        [embedding] = self.embedder.embed([query.q])
        return self.index.search(embedding, limit=query.limit)

    def delete(self, document_id: str) -> None:
        """Remove a document and its passages; raises `DocumentNotFound` or `KnowledgeBusy`."""
        with self.locked() as session:
            if not repository.delete(session, document_id):
                raise DocumentNotFound
            self.index.delete(self.index.ids({"document_id": document_id}))

    @contextmanager
    def locked(self) -> Iterator[Session]:
        """Yield a transaction that has the knowledge alone; raises `KnowledgeBusy`."""
        with self.database.service_session() as session:
            if not repository.lock(session):
                raise KnowledgeBusy
            yield session

    def items(self, document: Original, wanted: Sequence[str] | None = None) -> Iterator[list[Item]]:
        """Yield a document's passages, those wanted or all, embedded a batch at a time."""
        cuts = _cuts(document)
        ids = passage_ids(document.id, document.content_sha256, len(cuts))
        pairs = [(key, cut) for key, cut in zip(ids, cuts, strict=True) if wanted is None or key in wanted]
        for start in range(0, len(pairs), BATCH):
            batch = pairs[start : start + BATCH]
            texts = [f"{title_of(document.title, cut.headings)}\n\n{cut.text}" for _, cut in batch]
            embeddings = self.embedder.embed(texts)
            yield [
                Item(key, cut.text, embedding, self._metadata(document, cut))
                for (key, cut), embedding in zip(batch, embeddings, strict=True)
            ]

    def _ingest(self, request: FileDocument, kind: str, pages: list[str], location: str) -> Ingested:
        document = _original(request, kind, pages)
        text_sha256 = sha256(json.dumps(pages).encode()).digest()
        count = _checked_count(document, location)
        ids = passage_ids(document.id, document.content_sha256, count)
        with self.database.service_session() as session:
            stored = repository.find(session, document.id)
            if stored and stored.content_sha256 == document.content_sha256:
                return Ingested("unchanged", stored, ids)
            _check_room(session, document.id, is_new=stored is None, text_sha256=text_sha256)
        batches = list(self.items(document))
        with self.locked() as session:
            repository.save(session, _new(document, text_sha256, count))
            for batch in batches:
                self.index.upsert(batch)
            before = self.index.ids({"document_id": document.id})
            self.index.delete([key for key in before if key not in ids])
            saved = repository.find(session, document.id)
        assert saved is not None  # noqa: S101  it was saved in this very transaction
        return Ingested("replaced" if stored else "created", saved, ids)

    def _metadata(self, document: Original, cut: Cut) -> Metadata:
        source = document.source
        places = [source["locator"], f"p. {cut.page}" if cut.page else None]
        return {
            "document_id": document.id,
            "topic": document.topic,
            "title": title_of(document.title, cut.headings),
            "source_title": source["title"],
            "source_authors": source["authors"],
            "source_publisher": source["publisher"],
            "source_year": source["year"],
            "source_kind": source["kind"],
            "source_locator": ", ".join(place for place in places if place),
            "embedder": self.embedder.name,
        }


def _original(request: FileDocument, kind: str, pages: list[str]) -> Original:
    source: Mapping[str, Any] = request.source.model_dump()
    content = json.dumps([request.title, request.topic, kind, source, pages], sort_keys=True)
    digest = sha256(content.encode()).digest()
    return Original(document_id_of(request.title), request.title, request.topic, kind, dict(source), pages, digest)


def _new(document: Original, text_sha256: bytes, count: int) -> NewDocument:
    return NewDocument(
        id=document.id,
        title=document.title,
        topic=document.topic,
        format=document.format,
        source=document.source,
        pages=document.pages,
        text_sha256=text_sha256,
        content_sha256=document.content_sha256,
        passage_count=count,
    )


def _cuts(document: Original) -> list[Cut]:
    return cuts_of(document.pages, has_headings=document.format == "markdown", is_paged=document.format == "pdf")


def _checked_count(document: Original, location: str) -> int:
    count = len(_cuts(document))
    if not count:
        raise UnfitDocument(location, "has no words")
    if count > MAX_PASSAGES:
        raise UnfitDocument(location, f"makes {count} passages, and may make {MAX_PASSAGES}: split it")
    return count


def _check_room(session: Session, document_id: str, *, is_new: bool, text_sha256: bytes) -> None:
    twin = repository.find_by_text(session, text_sha256)
    if twin and twin.id != document_id:
        raise DocumentKnown(f"The same text is there as {twin.title!r}")
    if is_new and repository.count(session) >= MAX_DOCUMENTS:
        raise TooManyDocuments

"""Documents of the coach's knowledge, and passages that wait for another embedder; under the chassis's own role."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from coachwork.chassis.sql.session import Session

_LOCK = 7_240_433


@dataclass(frozen=True)
class Document:
    """A document without its text."""

    id: str
    title: str
    topic: str
    format: str
    source: dict[str, Any]
    pages: int
    characters: int
    passages: int
    content_sha256: bytes
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class NewDocument:
    """What is stored of a document."""

    id: str
    title: str
    topic: str
    format: str
    source: Mapping[str, Any]
    pages: Sequence[str]
    text_sha256: bytes
    content_sha256: bytes
    passage_count: int


@dataclass(frozen=True)
class Original:
    """A document's text with what its passages are made of."""

    id: str
    title: str
    topic: str
    format: str
    source: dict[str, Any]
    pages: list[str]
    content_sha256: bytes


@dataclass(frozen=True)
class Named:
    """A document's id and title."""

    id: str
    title: str


@dataclass(frozen=True)
class Version:
    """A document's passages by what their ids are made of."""

    id: str
    content_sha256: bytes
    passage_count: int


@dataclass(frozen=True)
class Displaced:
    """A seeded passage that waits to be embedded."""

    id: str
    text: str
    metadata: dict[str, Any]


def lock(session: Session) -> bool:
    """Have the knowledge alone until the transaction ends; False when somebody else has it."""
    return bool(session.value("select pg_try_advisory_xact_lock(%(lock)s)", {"lock": _LOCK}))


def count(session: Session) -> int:
    """Return how many documents there are."""
    return int(session.value("select count(*) from coachwork.knowledge_documents"))


def find_by_text(session: Session, text_sha256: bytes) -> Named | None:
    """Return the document that has this text, if there is one."""
    return session.one(
        Named,
        "select id, title from coachwork.knowledge_documents where text_sha256 = %(text)s",
        {"text": text_sha256},
    )


def find(session: Session, document_id: str) -> Document | None:
    """Return the document, if there is one."""
    return session.one(
        Document,
        """
        select id, title, topic, format, source, cardinality(pages) as pages,
               length(array_to_string(pages, '')) as characters, passage_count as passages,
               content_sha256, created_at, updated_at
        from coachwork.knowledge_documents where id = %(id)s
        """,
        {"id": document_id},
    )


def page(session: Session, limit: int, after: tuple[str, str] | None) -> list[Document]:
    """Return up to `limit` documents by title and id, those after a position."""
    title, document_id = after or ("", "")
    return session.all(
        Document,
        """
        select id, title, topic, format, source, cardinality(pages) as pages,
               length(array_to_string(pages, '')) as characters, passage_count as passages,
               content_sha256, created_at, updated_at
        from coachwork.knowledge_documents where (title, id) > (%(title)s, %(id)s)
        order by title, id limit %(limit)s
        """,
        {"title": title, "id": document_id, "limit": limit},
    )


def versions(session: Session) -> list[Version]:
    """Return every document's version."""
    return session.all(
        Version, "select id, content_sha256, passage_count from coachwork.knowledge_documents order by id"
    )


def original(session: Session, document_id: str) -> Original | None:
    """Return a document with its text."""
    return session.one(
        Original,
        """select id, title, topic, format, source, pages, content_sha256
        from coachwork.knowledge_documents where id = %(id)s""",
        {"id": document_id},
    )


def save(session: Session, document: NewDocument) -> None:
    """Store a document, or another text in place of the one before."""
    session.execute(
        """
        insert into coachwork.knowledge_documents
            (id, title, topic, format, source, pages, text_sha256, content_sha256, passage_count)
        values (%(id)s, %(title)s, %(topic)s, %(format)s, %(source)s, %(pages)s, %(text)s, %(content)s, %(count)s)
        on conflict (id) do update set
            title = excluded.title, topic = excluded.topic, format = excluded.format, source = excluded.source,
            pages = excluded.pages, text_sha256 = excluded.text_sha256, content_sha256 = excluded.content_sha256,
            passage_count = excluded.passage_count, updated_at = now()
        """,
        {
            "id": document.id,
            "title": document.title,
            "topic": document.topic,
            "format": document.format,
            "source": json.dumps(dict(document.source)),
            "pages": list(document.pages),
            "text": document.text_sha256,
            "content": document.content_sha256,
            "count": document.passage_count,
        },
    )


def delete(session: Session, document_id: str) -> bool:
    """Remove a document; False when there is none."""
    return bool(session.execute("delete from coachwork.knowledge_documents where id = %(id)s", {"id": document_id}))


def displace(session: Session, passages: Sequence[Displaced]) -> None:
    """Keep seeded passages until they are embedded anew."""
    session.execute_many(
        """insert into coachwork.knowledge_displaced (id, text, metadata) values (%(id)s, %(text)s, %(metadata)s)
        on conflict (id) do update set text = excluded.text, metadata = excluded.metadata""",
        [{"id": one.id, "text": one.text, "metadata": json.dumps(one.metadata)} for one in passages],
    )


def displaced(session: Session, after: str, limit: int) -> list[Displaced]:
    """Return up to `limit` of those that wait, by id, those after a position."""
    return session.all(
        Displaced,
        "select id, text, metadata from coachwork.knowledge_displaced where id > %(after)s order by id limit %(limit)s",
        {"after": after, "limit": limit},
    )


def displaced_count(session: Session) -> int:
    """Return how many wait."""
    return int(session.value("select count(*) from coachwork.knowledge_displaced"))


def forget_displaced(session: Session, ids: Sequence[str]) -> None:
    """Forget those that are in the index again."""
    session.execute("delete from coachwork.knowledge_displaced where id = any(%(ids)s)", {"ids": list(ids)})

"""Owners with many documents that are searched: made-up texts and vectors, written where the service looks for them."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from uuid import UUID
from zlib import crc32

import numpy

from coachwork.bootstrap import bootstrap
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.documents.port import Document as Stored
from coachwork.chassis.documents.port import Page
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.keywords import Entry, KeywordIndex, Source
from coachwork.chassis.keywords.words import match_expression
from coachwork.chassis.models.port import Counted
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.chroma import ChromaIndex
from coachwork.chassis.vectors.chroma.embedded import EmbeddedChroma
from coachwork.services.knowledge.domain.documents import Document
from coachwork.services.knowledge.repository.rows import attributes_of, document_key
from coachwork.services.knowledge.schemas.search import Mode
from coachwork.services.knowledge.service.owner import INDEX
from coachwork.tools.progress import progress_bar

DIMENSIONS = 384
WORDS = 100
_CHUNKS_EACH = 100
_DOCUMENTS_AT_ONCE = 50
_VOCABULARY = 50_000
_ASKED = 5
_TOO_COMMON = 100
"""Nobody looks for the words that are everywhere; the search itself leaves such out."""
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_BARE = "select rowid, rank from words where words match ? order by rank limit ?"


class _Embedder:
    """A text's vector is drawn at random, the same each time: how near texts are does not matter here."""

    name = "offline-random"
    dimensions = DIMENSIONS

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:  # noqa: ARG002  free
        """Return a vector of unit length for each."""
        return [_drawn(text) for text in texts]


class _Rows:
    """A table of documents in memory, of which only the owner's list is read."""

    def __init__(self, documents: Sequence[Document]) -> None:
        rows = [Stored(document_key(one.owner_id, one.id), attributes_of(one, 1)) for one in documents]
        self._rows: dict[str, list[Stored]] = {}
        for row in sorted(rows, key=lambda row: row.key.sort, reverse=True):
            self._rows.setdefault(row.key.partition, []).append(row)

    def query(self, partition: str, *, limit: int, after: str | None = None, **_: object) -> Page:
        """Return a page of the owner's documents, the newest first."""
        rows = self._rows[partition]
        start = next((place for place, row in enumerate(rows) if after and row.key.sort < after), 0)
        page = rows[start : start + limit]
        return Page(page, page[-1].key.sort if start + limit < len(rows) else None)


@dataclass(frozen=True)
class Shelves:
    """Owners and their documents; `principal` is one of them, with `words` in a file of their own."""

    resources: Resources
    principal: Principal
    words: Path

    def queries(self) -> Iterator[str]:
        """Yield texts to look for, of words that are in some chunks, without an end."""
        random = Random(7)  # noqa: S311  not for secrets
        while True:
            words, weights = _weighted(_TOO_COMMON)
            yield " ".join(random.choices(words, cum_weights=weights, k=_ASKED))

    def bare(self, mode: Mode, query: str, depth: int) -> None:
        """Ask the engines of a mode themselves."""
        if mode != "keyword":
            where = {"owner_id": str(self.principal.user_id)}
            self.resources.vector_index(INDEX).search(_drawn(query), limit=depth, where=where)
        if mode != "vector":
            with closing(sqlite3.connect(self.words)) as connection:
                connection.execute(_BARE, [match_expression(query), depth]).fetchall()


def shelves(folder: Path, owners: int, chunks_each: int) -> Shelves:
    """Return an index with the chunks of so many owners; the words are those of the one who searches.

    What was filled in this folder before is the same, and is taken as it is.
    """
    random = Random(owners * chunks_each)  # noqa: S311  not for secrets
    ids = [_id(random) for _ in range(owners)]
    documents = [_document(owner_id, random) for owner_id in ids for _ in range(chunks_each // _CHUNKS_EACH)]
    resources = _resources(folder, documents)
    texts = {Source(str(one.id), 1): place for place, one in enumerate(documents)}
    is_filled = folder / "filled"
    if not is_filled.exists():
        with progress_bar(f"Index of {owners} owner(s)") as tell:
            _fill(resources, documents, tell)
        is_filled.touch()
    mine = [Source(str(one.id), 1) for one in documents if one.owner_id == ids[0]]
    words, loading = resources.keyword_index(), Deadline(3_600)
    words.search(str(ids[0]), "", mine, lambda one: _texts(texts[one]), limit=1, deadline=loading, only=True)
    [file] = (folder / "words").glob("*.sqlite3")
    return Shelves(resources, Principal(ids[0], None), file)


def _fill(resources: Resources, documents: Sequence[Document], tell: Callable[[int, int], None]) -> None:
    """Store the chunks, as many at once as the index takes well."""
    index = resources.vector_index(INDEX)
    for first in range(0, len(documents), _DOCUMENTS_AT_ONCE):
        some = list(enumerate(documents))[first : first + _DOCUMENTS_AT_ONCE]
        index.upsert([item for place, one in some for item in _items(one, _texts(place))])
        tell((first + len(some)) * _CHUNKS_EACH, len(documents) * _CHUNKS_EACH)


def _resources(folder: Path, documents: Sequence[Document]) -> Resources:
    settings = Settings.load(
        {
            "ENVIRONMENT": "test",
            "DATABASE_URL": "postgresql://nobody@localhost/nothing",
            "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----",
            "CHROMA_PATH": str(folder / "chroma"),
        }
    )
    embedder, words, rows = _Embedder(), KeywordIndex(folder / "words", max_bytes=10**10), _Rows(documents)
    index = ChromaIndex(EmbeddedChroma(folder / "chroma"), INDEX, embedder=embedder.name, dimensions=DIMENSIONS)
    return replace(
        bootstrap(settings),
        embedder=lambda: embedder,
        keyword_index=lambda: words,
        tables=lambda _: rows,
        vector_index=lambda _: index,
    )


def _id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _document(owner_id: UUID, random: Random) -> Document:
    counts = {"pages": _CHUNKS_EACH, "chunks": _CHUNKS_EACH, "generation": 1}
    return Document(_id(random), owner_id, "Made up.pdf", 1_000, _NOW, _NOW, state="indexed", **counts)


def _texts(seed: int) -> list[Entry]:
    random = Random(seed)  # noqa: S311  not for secrets
    words, weights = _weighted(0)
    return [
        Entry(number, "", " ".join(random.choices(words, cum_weights=weights, k=WORDS)), json.dumps([number + 1, 0, 1]))
        for number in range(_CHUNKS_EACH)
    ]


def _items(document: Document, entries: Sequence[Entry]) -> Iterator[Item]:
    same = {"owner_id": str(document.owner_id), "document_id": str(document.id), "generation": 1}
    for entry in entries:
        place = {**same, "number": entry.number, "page": entry.number + 1}
        yield Item(f"{document.id}:1:{entry.number}", entry.text, _drawn(entry.text), place)


def _drawn(text: str) -> list[float]:
    """Return a random vector of unit length, the same each time for a text."""
    drawn = numpy.random.default_rng(crc32(text.encode())).standard_normal(DIMENSIONS)
    vector: list[float] = (drawn / numpy.linalg.norm(drawn)).tolist()
    return vector


@cache
def _weighted(first: int) -> tuple[list[str], list[float]]:
    """Return made-up words from the `first` commonest on, and how often each occurs, summed up.

    Source: Zipf 1949, "Human Behavior and the Principle of Least Effort" (the nth word is n times as rare).
    """
    numbers = range(first, _VOCABULARY)
    return [f"word{number}" for number in numbers], list(accumulate(1 / (number + 1) for number in numbers))

"""One owner's index: an SQLite file with the texts, compressed, and FTS5's index of their words.

A document is added in one transaction, so that a file never has half of it. The file is a copy of what is kept
elsewhere: no write waits for the disk.
"""

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coachwork.chassis.keywords.words import indexable, storable

_VERSION = 1
"""Of the tables below and of how words are made of a text: a file of another is made anew."""
_ENTRY_BITS = 24
"""An entry's row is its document's, shifted, plus its number: a hit tells its document without a look at the entry."""
_SCHEMA = """
    begin immediate;
    create table documents (key integer primary key, document_id text not null unique, generation integer not null);
    create table entries (id integer primary key, heading text not null, text blob not null, details text not null);
    create virtual table words using fts5(heading, text, content='', tokenize='porter unicode61 remove_diacritics 2');
    insert into words (words, rank) values ('rank', 'bm25(2.0, 1.0)'); -- a heading's word counts for two
    pragma user_version = 1; -- `_VERSION`
    commit;
"""
_EVERYWHERE = "select rowid, rank from words where words match :expression order by rank limit :limit"
_WITHIN = """
    select rowid, rank from words where words match :expression
    and (rowid >> 24) in (select value from json_each(:keys)) -- `_ENTRY_BITS`
    order by rank limit :limit"""


@dataclass(frozen=True)
class Source:
    """A document as it was cut at one time; of two generations of it only one is in an index."""

    document_id: str
    generation: int


@dataclass(frozen=True)
class Entry:
    """A piece of a document: `number` (0 to 16,777,215) tells it from the others, `details` are the caller's own."""

    number: int
    heading: str
    text: str
    details: str = ""


@dataclass(frozen=True)
class KeywordHit:
    """One answer: `score` is BM25's, larger is better, and only comparable within one search."""

    source: Source
    number: int
    score: float


class IndexFile:
    """An open file; made when it is not there. What it raises are SQLite's errors.

    Its user sees to it that nobody removes the file meanwhile, and that one alone writes.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def sources(self) -> dict[Source, int]:
        """Return what is in it, each with the key it has here."""
        rows = self._connection.execute("select document_id, generation, key from documents")
        return {Source(document_id, generation): key for document_id, generation, key in rows}

    def add(self, documents: Mapping[Source, Sequence[Entry]]) -> None:
        """Put documents in, all or none, each in the place of another generation of it."""
        new = {source.document_id for source in documents}
        with self._connection:
            self._remove([key for source, key in self.sources().items() if source.document_id in new])
            for source, entries in documents.items():
                key = self._connection.execute(
                    "insert into documents (document_id, generation) values (?, ?)",
                    (source.document_id, source.generation),
                ).lastrowid
                assert key is not None  # noqa: S101  an insert has a row
                self._insert(key << _ENTRY_BITS, entries)

    def remove(self, sources: Collection[Source]) -> None:
        """Take documents out; one that is not there is no error."""
        with self._connection:
            self._remove([key for source, key in self.sources().items() if source in sources])

    def search(self, expression: str, within: Collection[Source], limit: int) -> list[KeywordHit]:
        """Return up to `limit` hits of an FTS5 expression in these documents, the best first."""
        known = self.sources()
        wanted = {key: source for source in within if (key := known.get(source)) is not None}
        rows = self._connection.execute(
            _EVERYWHERE if len(wanted) == len(known) else _WITHIN,
            {"expression": expression, "keys": str([*wanted]), "limit": limit},
        )
        return [KeywordHit(wanted[row >> _ENTRY_BITS], _number(row), -score) for row, score in rows]

    def read(self, wanted: Sequence[tuple[Source, int]]) -> dict[tuple[Source, int], Entry]:
        """Return the entries that are there of those asked for by document and number."""
        known = self.sources()
        found: dict[tuple[Source, int], Entry] = {}
        for source, number in wanted:
            if source in known and (row := self._row((known[source] << _ENTRY_BITS) + number)):
                found[source, number] = Entry(number, *row)
        return found

    def _insert(self, first_row: int, entries: Sequence[Entry]) -> None:
        texts = [(first_row + one.number, storable(one.heading), storable(one.text), one.details) for one in entries]
        self._connection.executemany(
            "insert into entries (id, heading, text, details) values (?, ?, ?, ?)",
            ((row, heading, zlib.compress(text.encode(), 1), details) for row, heading, text, details in texts),
        )
        self._connection.executemany(
            "insert into words (rowid, heading, text) values (?, ?, ?)",
            ((row, indexable(heading), indexable(text)) for row, heading, text, _ in texts),
        )

    def _remove(self, keys: Iterable[int]) -> None:
        """FTS5 forgets a row when it is told what was in it."""
        for key in keys:
            span = (key << _ENTRY_BITS, (key + 1) << _ENTRY_BITS)
            rows = self._connection.execute("select id from entries where id >= ? and id < ?", span).fetchall()
            for (row,) in rows:
                old = self._row(row)
                assert old is not None  # noqa: S101  it was there in this transaction
                self._connection.execute(
                    "insert into words (words, rowid, heading, text) values ('delete', ?, ?, ?)",
                    (row, indexable(old[0]), indexable(old[1])),
                )
            self._connection.execute("delete from entries where id >= ? and id < ?", span)
            self._connection.execute("delete from documents where key = ?", (key,))

    def _row(self, row: int) -> tuple[str, str, str] | None:
        found = self._connection.execute("select heading, text, details from entries where id = ?", (row,)).fetchone()
        return (found[0], zlib.decompress(found[1]).decode(), found[2]) if found else None


@contextmanager
def opened(path: Path) -> Iterator[IndexFile]:
    """Open the file for as long as the context lasts; one that was begun and not finished is finished."""
    connection = sqlite3.connect(path)
    try:
        connection.execute("pragma synchronous = off")
        connection.execute("pragma temp_store = memory")
        [version] = connection.execute("pragma user_version").fetchone()
        if version == 0:
            connection.executescript(_SCHEMA)
        elif version != _VERSION:
            raise OtherVersion(f"{path.name} is of version {version}, not {_VERSION}")
        yield IndexFile(connection)
    finally:
        connection.close()


class OtherVersion(sqlite3.DatabaseError):
    """The file was made by another release, which indexed otherwise."""


def is_broken(error: sqlite3.Error) -> bool:
    """Whether the file itself is at fault, so that another made in its place would do."""
    codes = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_MISMATCH}
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in codes


def _number(row: int) -> int:
    return row & ((1 << _ENTRY_BITS) - 1)

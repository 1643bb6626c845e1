"""BM25 over texts of one owner at a time, in files of this instance that follow what is kept elsewhere.

Source: Robertson, Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; SQLite's FTS5 computes it.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.keywords.errors import KeywordIndexUnavailable
from coachwork.chassis.keywords.file import Entry, IndexFile, KeywordHit, Source, is_broken
from coachwork.chassis.keywords.folder import IndexFolder
from coachwork.chassis.keywords.words import match_expression

Result = TypeVar("Result")
Load = Callable[[Source], Sequence[Entry] | None]
"""Reads a document as it is kept, or None when it is gone; called by several threads at once."""

MAX_BYTES = 256_000_000
"""Half of what a function has in /tmp by default. Source: AWS Lambda's quotas."""
_READERS = 8
_TURNS = 64


@dataclass(frozen=True)
class KeywordHits:
    """Hits, the best first, and those documents that were to be searched and were not: no time, no room, or gone."""

    hits: Sequence[KeywordHit]
    missing: Collection[Source]


class KeywordIndex:
    """Finds by words in the documents it is told of; safe for threads, and for processes that share the folder.

    A file holds one owner's texts. What lacks is loaded by the search that needs it, for as long as its deadline lets
    it; the next search goes on from there. A broken file is made anew.

    Args:
        folder: of this user and machine; `folder.temporary_folder()` but in tests.
        max_bytes: of all files together, and so of one.

    Raises:
        KeywordIndexUnavailable: from every method, when the folder cannot be used.
    """

    def __init__(self, folder: Path, *, max_bytes: int = MAX_BYTES) -> None:
        self._folder = IndexFolder(folder, max_bytes)
        self._max_bytes = max_bytes
        self._turns = [Lock() for _ in range(_TURNS)]

    def search(
        self,
        owner_id: str,
        query: str,
        within: Collection[Source],
        load: Load,
        *,
        limit: int,
        deadline: Deadline,
        only: bool = False,
    ) -> KeywordHits:
        """Return up to `limit` entries of these documents that have words of the query, whatever it consists of.

        Args:
            only: there are no other documents of this owner: what else the file holds is removed.
        """
        wanted = frozenset(within)
        self._follow(owner_id, wanted, load, deadline, only=only)
        expression = match_expression(query)

        def find() -> KeywordHits:
            with self._folder.reading(owner_id) as file:
                if file is None:
                    return KeywordHits([], wanted)
                hits = file.search(expression, wanted, limit) if expression else []
                return KeywordHits(hits, wanted - file.sources().keys())

        return self._mended(owner_id, find)

    def read(
        self, owner_id: str, wanted: Sequence[tuple[Source, int]], load: Load, *, deadline: Deadline
    ) -> dict[tuple[Source, int], Entry]:
        """Return the entries by document and number; those that are nowhere are left out."""
        self._follow(owner_id, frozenset(source for source, _ in wanted), load, deadline, only=False)

        def find() -> dict[tuple[Source, int], Entry]:
            with self._folder.reading(owner_id) as file:
                return file.read(wanted) if file else {}

        found = self._mended(owner_id, find)
        for source in dict.fromkeys(source for source, number in wanted if (source, number) not in found):
            found |= {(source, entry.number): entry for entry in load(source) or ()}
        return {key: found[key] for key in wanted if key in found}

    def forget(self, owner_id: str) -> None:
        """Remove what this machine holds of the owner."""
        self._mended(owner_id, lambda: self._folder.remove(owner_id))

    def _follow(self, owner_id: str, wanted: Collection[Source], load: Load, deadline: Deadline, *, only: bool) -> None:
        """Bring the file up to date as far as time and room allow; one thread at a time does it for an owner."""
        if self._in_step(owner_id, wanted, only=only):
            return
        with self._turn(owner_id, deadline) as mine:
            if not mine or self._in_step(owner_id, wanted, only=only):
                return
            if only:
                self._retire(owner_id, wanted)
            present = self._sources(owner_id)
            for several in _loaded([one for one in wanted if one not in present], load, deadline):
                self._add(owner_id, several)
                if self._folder.size_bytes(owner_id) >= self._max_bytes:
                    break
            self._folder.make_room(owner_id)

    def _in_step(self, owner_id: str, wanted: Collection[Source], *, only: bool) -> bool:
        present = self._sources(owner_id)
        return present == wanted if only else present.issuperset(wanted)

    def _sources(self, owner_id: str) -> frozenset[Source]:
        def read() -> frozenset[Source]:
            with self._folder.reading(owner_id) as file:
                return frozenset(file.sources()) if file else frozenset()

        return self._mended(owner_id, read)

    def _retire(self, owner_id: str, wanted: Collection[Source]) -> None:
        old = self._sources(owner_id).difference(wanted)
        if old:
            self._write(owner_id, lambda file: file.remove(old))

    def _add(self, owner_id: str, documents: Mapping[Source, Sequence[Entry]]) -> None:
        self._write(owner_id, lambda file: file.add(documents))

    def _write(self, owner_id: str, change: Callable[[IndexFile], None]) -> None:
        def write() -> None:
            with self._folder.writing(owner_id) as file:
                change(file)

        self._mended(owner_id, write)

    def _mended(self, owner_id: str, operation: Callable[[], Result]) -> Result:
        """Run the operation; once more without the file, when the file is what it failed on."""
        try:
            try:
                return operation()
            except sqlite3.Error as error:
                if not is_broken(error):
                    raise
                self._folder.remove(owner_id)
                return operation()
        except (sqlite3.Error, OSError) as error:
            raise KeywordIndexUnavailable from error

    @contextmanager
    def _turn(self, owner_id: str, deadline: Deadline) -> Iterator[bool]:
        """Wait for other threads that load for this owner; says False when time is up before."""
        lock = self._turns[hash(owner_id) % _TURNS]
        mine = lock.acquire(timeout=deadline.left_seconds)
        try:
            yield mine
        finally:
            if mine:
                lock.release()


def _loaded(sources: Sequence[Source], load: Load, deadline: Deadline) -> Iterator[Mapping[Source, Sequence[Entry]]]:
    """Yield the documents that are there, as many as are read at once, until time is up."""
    with ThreadPoolExecutor(_READERS) as readers:
        for start in range(0, len(sources), _READERS):
            if not deadline.left_seconds:
                return
            several = sources[start : start + _READERS]
            read = zip(several, readers.map(load, several), strict=True)
            yield {source: entries for source, entries in read if entries is not None}

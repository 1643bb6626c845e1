"""The port: what a service asks of a table of documents, whoever keeps it.

A document lies under a partition and a sort key; those of one partition are read in the order of their sort keys.
Attributes are JSON-like: text, whole and decimal numbers, booleans, None, lists and mappings of these. A number comes
back equal to what was written, a decimal one without a fraction as a whole one. Whatever a caller may have sent and
no table can hold (half a character, a number of 39 digits, a key of more than 1,024 bytes) is an `InvalidRequest`; a
document of more than 400 KB a `DocumentTooLarge`.

A document whose attribute `expires_at` (seconds since 1970) has passed goes some days later, and is found until then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

Attributes = Mapping[str, Any]
"""A document without its key. Attributes that are absent and attributes that are None are not the same."""


class Key(NamedTuple):
    """Where a document lies."""

    partition: str
    sort: str


@dataclass(frozen=True)
class Document:
    """A stored document."""

    key: Key
    attributes: Attributes


@dataclass(frozen=True)
class Expected:
    """What must be true of what is stored for a write to happen.

    Args:
        exists: whether there must (True) or must not (False) be a document; None: either.
        attributes: what the stored ones must equal; implies that there is a document.
        unless_after: an attribute that, where it holds a number of this or less, makes any other expectation true:
            a claim that has expired is as good as none.
    """

    exists: bool | None = None
    attributes: Attributes = field(default_factory=dict)
    unless_after: tuple[str, int] | None = None


ANYTHING = Expected()
ABSENT = Expected(exists=False)
PRESENT = Expected(exists=True)


@dataclass(frozen=True)
class Put:
    """Stores a whole document in place of whatever was there."""

    key: Key
    attributes: Attributes
    expected: Expected = ANYTHING


@dataclass(frozen=True)
class Update:
    """Changes some attributes, one at least, of a document that there is.

    Args:
        set: these get these values.
        add: these numbers grow by as much; absent ones count as zero.
        remove: these go.
    """

    key: Key
    set: Attributes = field(default_factory=dict)
    add: Mapping[str, int] = field(default_factory=dict)
    remove: Sequence[str] = ()
    expected: Expected = PRESENT


@dataclass(frozen=True)
class Delete:
    """Removes a document; fine when there is none, unless it is expected."""

    key: Key
    expected: Expected = ANYTHING


@dataclass(frozen=True)
class Check:
    """Writes nothing, but must hold for the others of its transaction to happen."""

    key: Key
    expected: Expected


Write = Put | Update | Delete | Check


class NotAsExpected(Exception):
    """A write found something else stored than it expected, and nothing was written.

    It is the repository's to translate: what it means to the caller depends on what was tried. `index` is the first
    write that failed, `found` what is stored there, as far as the engine tells.
    """

    def __init__(self, index: int = 0, found: Document | None = None) -> None:
        super().__init__(f"write {index} found something else than it expected")
        self.index = index
        self.found = found


@dataclass(frozen=True)
class Page:
    """Documents in order; `next_after` is where the next page begins, None on the last."""

    documents: Sequence[Document]
    next_after: str | None


class Table(Protocol):
    """Documents by key. Every method raises `DocumentStoreUnavailable` when the engine does not answer as it should,
    also when it is asked for more than it is provisioned for and patience has run out.
    """

    def get(self, key: Key) -> Document | None:
        """Return what is stored now: whatever was written before this call is seen."""

    def get_many(self, keys: Sequence[Key]) -> list[Document]:
        """Return those that exist, in the order asked, as they are now."""

    def query(  # one access pattern each: see docs/knowledge.md
        self,
        partition: str,
        *,
        prefix: str = "",
        descending: bool = False,
        after: str | None = None,
        limit: int,
        where: Attributes | None = None,
    ) -> Page:
        """Return up to `limit` documents of a partition as they are now, by sort key.

        Args:
            prefix: only those whose sort key begins so.
            after: a page's `next_after`, for the next one.
            limit: how many are returned, 1 to 1,000.
            where: only those whose attributes equal these; others are read (and paid for), but not returned, and
                as many are read as it takes to fill the page, but after 10,000 the page is as full as it is.

        Raises:
            InvalidRequest: `after` is none of this list.
        """

    def query_index(self, index: str, value: str, *, limit: int) -> list[Document]:
        """Return up to `limit` documents that a global index finds under `value`.

        What was written a moment ago may be missing: never decide by it what must be unique.
        """

    def write(self, write: Write) -> Document | None:
        """Do one write, and return the document as it is after an update; None for the others.

        Raises:
            NotAsExpected: something else is stored; nothing was written.
        """

    def transact(self, writes: Sequence[Write]) -> None:
        """Do 1 to 100 writes to different keys, all or none; what others write to the same is waited for.

        Raises:
            NotAsExpected: one found something else; nothing was written.
        """

    def delete_many(self, keys: Sequence[Key]) -> None:
        """Remove these; unknown ones are no error. Not at once: when it fails, some may be gone."""

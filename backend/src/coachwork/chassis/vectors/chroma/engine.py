"""What the adapter asks of Chroma, whichever way there: the embedded engine, or a server's REST API."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.vectors.port import Filter, Hit, Item


class Collection(Protocol):
    """An open collection. Raises `CollectionMissing` when it was removed since, else `VectorIndexUnavailable`."""

    @property
    def metadata(self) -> Mapping[str, Any]:
        """What was noted about the collection when it was made."""

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items, at most `Chroma.batch_size` of them."""

    def query(self, embedding: Sequence[float], limit: int, where: Filter | None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items that `where` lets through."""

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in any order."""

    def ids(self, where: Filter | None, *, limit: int, offset: int) -> list[str]:
        """Return one page of the ids of the items that `where` lets through."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""

    def count(self, deadline: Deadline) -> int:
        """Return how many items there are, or fail by the deadline."""


class Chroma(Protocol):
    """A way to Chroma; safe to share by threads. Every method may raise `VectorIndexUnavailable`."""

    @property
    def ids_a_request(self) -> int:
        """How many ids one request may list: each looks through all that the filter lets through again."""

    def find(self, name: str, deadline: Deadline | None = None) -> Collection:
        """Return the collection; raises `CollectionMissing` where there is none."""

    def create(self, name: str, metadata: Mapping[str, str | int]) -> Collection:
        """Make a collection compared by cosine, or return the one that somebody else made first."""

    def drop(self, name: str) -> None:
        """Remove a collection with everything in it; raises `CollectionMissing` where there is none."""

    def batch_size(self) -> int:
        """Return how many items one request may carry."""

    def close(self) -> None:
        """Drop what is held open; the next use opens it again."""

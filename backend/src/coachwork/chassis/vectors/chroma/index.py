"""The VectorIndex port on a Chroma collection."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.vectors.chroma.engine import Chroma, Collection
from coachwork.chassis.vectors.chroma.payloads import hit_from
from coachwork.chassis.vectors.collections import CollectionMissing, embedder_mismatch, missing_refused
from coachwork.chassis.vectors.port import Filter, Hit, Item, lets_none_through

Result = TypeVar("Result")

_HEALTH_SECONDS = 1.5
_PAGE = 250
"""Items a request: Chroma Cloud takes 300. Source: docs.trychroma.com/cloud/quotas-limits."""


class ChromaIndex:
    """A collection that remembers whose vectors it holds; made at the first upsert; safe to share by threads.

    Where there is no collection yet, there is nothing in it: only `search` takes that for an error.

    Args:
        chroma: the way to it.
        name: the collection's.
        embedder: the name of the embedder that makes every vector.
        dimensions: the length of its vectors.

    Raises:
        EmbedderMismatch: from `search`; from `upsert` too, unless the collection is empty: it is made anew.
    """

    def __init__(self, chroma: Chroma, name: str, *, embedder: str, dimensions: int) -> None:
        self._chroma = chroma
        self._name = name
        self._embedder: dict[str, str | int] = {"embedder": embedder, "dimensions": dimensions}
        self._opened: Collection | None = None

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items, replacing those with the same id."""

        def write(collection: Collection) -> None:
            self._check(collection)
            page = min(_PAGE, self._chroma.batch_size())
            for start in range(0, len(items), page):
                collection.upsert(items[start : start + page])

        if items:
            with missing_refused(self._name):
                self._make_ready()
                self._run(write)

    def search(self, embedding: Sequence[float], *, limit: int, where: Filter | None = None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items that `where` lets through."""

        def query(collection: Collection) -> list[Hit]:
            self._check(collection)
            if lets_none_through(where):
                return []
            hits = collection.query(embedding, limit, where)
            return hits if len(hits) >= limit else _completed(collection, hits, embedding, limit, where)

        with missing_refused(self._name):
            return self._run(query)

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in the order asked."""

        def read(collection: Collection) -> list[Item]:
            found: dict[str, Item] = {}
            for start in range(0, len(ids), _PAGE):
                found.update((item.id, item) for item in collection.get(ids[start : start + _PAGE]))
            return [found[item_id] for item_id in ids if item_id in found]

        return self._run_if_any(read, [])

    def ids(self, where: Filter | None = None) -> list[str]:
        """Return the ids of the items that `where` lets through, sorted."""

        def read(collection: Collection) -> list[str]:
            found: list[str] = []
            while not lets_none_through(where):
                page = collection.ids(where, limit=self._chroma.ids_a_request, offset=len(found))
                found.extend(page)
                if len(page) < self._chroma.ids_a_request:
                    break
            return sorted(found)

        return self._run_if_any(read, [])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""

        def remove(collection: Collection) -> None:
            for start in range(0, len(ids), _PAGE):
                collection.delete(ids[start : start + _PAGE])

        self._run_if_any(remove, None)

    def count(self) -> int:
        """Return how many items there are; a server answers within 1.5 s, or this fails."""
        deadline = Deadline(_HEALTH_SECONDS)
        return self._run_if_any(lambda collection: collection.count(deadline), 0, deadline)

    def _run_if_any(
        self, operation: Callable[[Collection], Result], otherwise: Result, deadline: Deadline | None = None
    ) -> Result:
        try:
            return self._run(operation, deadline)
        except CollectionMissing:
            return otherwise

    def _run(self, operation: Callable[[Collection], Result], deadline: Deadline | None = None) -> Result:
        """Run the operation; once more when the collection was replaced since it was opened."""
        remembered = self._opened
        if remembered is not None:
            try:
                return operation(remembered)
            except CollectionMissing:
                self._opened = None
        collection = self._opened = self._chroma.find(self._name, deadline)
        return operation(collection)

    def _make_ready(self) -> None:
        """Make the collection where there is none, or none but an empty one of another embedder."""
        try:
            collection = self._chroma.find(self._name)
            if self._is_ours(collection) or collection.count(Deadline(_HEALTH_SECONDS)):
                return
            self._chroma.drop(self._name)
        except CollectionMissing:
            pass
        self._opened = self._chroma.create(self._name, self._embedder)

    def _check(self, collection: Collection) -> None:
        if not self._is_ours(collection):
            raise embedder_mismatch(self._name, collection.metadata, self._embedder)

    def _is_ours(self, collection: Collection) -> bool:
        return all(collection.metadata.get(key) == value for key, value in self._embedder.items())


def _completed(
    collection: Collection, hits: list[Hit], embedding: Sequence[float], limit: int, where: Filter | None
) -> list[Hit]:
    """Add what the engine's graph of neighbours lost: many equal vectors link to each other and cut others off.

    Of what the filter lets through, one page is looked at one by one.
    """
    ids = set(collection.ids(where, limit=_PAGE, offset=0)) - {hit.id for hit in hits}
    lost = [hit_from(item, embedding) for item in collection.get(sorted(ids))] if ids else []
    return sorted([*hits, *lost], key=lambda hit: -hit.score)[:limit]

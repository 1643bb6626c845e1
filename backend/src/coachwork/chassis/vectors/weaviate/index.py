"""The VectorIndex port on a Weaviate collection."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors.collections import CollectionMissing, embedder_mismatch, missing_refused
from coachwork.chassis.vectors.port import Filter, Hit, Item
from coachwork.chassis.vectors.weaviate.calls import WeaviateRefusal, refusals_final
from coachwork.chassis.vectors.weaviate.collection import (
    WeaviateCollection,
    create_collection,
    drop_collection,
    find_collection,
)
from coachwork.chassis.vectors.weaviate.payloads import wanted_of
from coachwork.chassis.vectors.weaviate.schema import collection_name, conflict, missing_types
from coachwork.chassis.vectors.weaviate.server import Weaviate

Result = TypeVar("Result")

_HEALTH_SECONDS = 1.5
_FRESH_SECONDS = 30.0
_PAGE = 250


class WeaviateIndex:
    """A collection that remembers whose vectors it holds; made at the first upsert; safe to share by threads.

    Where there is no collection yet, there is nothing in it: only `search` takes that for an error. What is known
    of the collection is asked for again after 30 s: its vectors' names tell of no change as an id would.

    Args:
        server: the way to it.
        name: the collection's: a letter, then letters, digits and underscores. Weaviate has its first as a capital.
        embedder: the name of the embedder that makes every vector.
        dimensions: the length of its vectors.

    Raises:
        EmbedderMismatch: from `search`; from `upsert` too, unless the collection is empty: it is made anew.
        ValueError: for another name, or a metadata key that is not made of letters, digits and underscores.
    """

    def __init__(self, server: Weaviate, name: str, *, embedder: str, dimensions: int) -> None:
        self._server = server
        self._name = collection_name(name)
        self._shown_name = name
        self._embedder: dict[str, str | int] = {"embedder": embedder, "dimensions": dimensions}
        self._opened: tuple[WeaviateCollection, Deadline] | None = None

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items, replacing those with the same id."""

        def write(collection: WeaviateCollection) -> None:
            self._check(collection)
            for start in range(0, len(items), _PAGE):
                collection.upsert(items[start : start + _PAGE])

        if items:
            with missing_refused(self._shown_name):
                self._make_ready(items)
                self._run(write)

    def search(self, embedding: Sequence[float], *, limit: int, where: Filter | None = None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items that `where` lets through."""

        def query(collection: WeaviateCollection) -> list[Hit]:
            self._check(collection)
            wanted = wanted_of(where or {}, collection.types)
            return [] if wanted is None else collection.query(embedding, limit, wanted)

        with missing_refused(self._shown_name):
            return self._run(query, keys=where or ())

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in the order asked."""

        def read(collection: WeaviateCollection) -> list[Item]:
            found: dict[str, Item] = {}
            for start in range(0, len(ids), _PAGE):
                found.update((item.id, item) for item in collection.get(ids[start : start + _PAGE]))
            return [found[item_id] for item_id in ids if item_id in found]

        return self._run_if_any(read, [])

    def ids(self, where: Filter | None = None) -> list[str]:
        """Return the ids of the items that `where` lets through, sorted."""

        def read(collection: WeaviateCollection) -> list[str]:
            wanted = wanted_of(where or {}, collection.types)
            return [] if wanted is None else sorted(collection.ids(wanted))

        return self._run_if_any(read, [], keys=where or ())

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""

        def remove(collection: WeaviateCollection) -> None:
            for start in range(0, len(ids), _PAGE):
                collection.delete(ids[start : start + _PAGE])

        self._run_if_any(remove, None)

    def count(self) -> int:
        """Return how many items there are; the server answers within 1.5 s, or this fails.

        To connect and to find the collection, which are once and then every 30 s, it has 10 s each.
        """
        deadline = Deadline(_HEALTH_SECONDS)
        return self._run_if_any(lambda collection: collection.count(deadline), 0)

    def _run_if_any(
        self, operation: Callable[[WeaviateCollection], Result], otherwise: Result, keys: Iterable[str] = ()
    ) -> Result:
        try:
            return self._run(operation, keys)
        except CollectionMissing:
            return otherwise

    def _run(self, operation: Callable[[WeaviateCollection], Result], keys: Iterable[str] = ()) -> Result:
        """Run the operation; once more when it is refused and the collection is not what it was."""
        collection = self._known(keys)
        try:
            return operation(collection)
        except WeaviateRefusal as refusal:
            current = self._find()
            if current.is_same(collection):
                raise VectorIndexUnavailable from refusal
        with refusals_final():
            return operation(current)

    def _known(self, keys: Iterable[str]) -> WeaviateCollection:
        """Return the collection; looked up when that was long ago, or when it did not know a key then."""
        if self._opened:
            collection, fresh = self._opened
            if fresh.left_seconds and not set(keys) - collection.types.keys():
                return collection
        return self._find()

    def _find(self) -> WeaviateCollection:
        self._opened = None
        return self._remember(find_collection(self._server, self._name))

    def _find_or_none(self) -> WeaviateCollection | None:
        try:
            return self._find()
        except CollectionMissing:
            return None

    def _remember(self, collection: WeaviateCollection) -> WeaviateCollection:
        self._opened = collection, Deadline(_FRESH_SECONDS)
        return collection

    def _make_ready(self, items: Sequence[Item]) -> None:
        """Have a collection that takes the items: made where there is none, or none but an empty one of another."""
        collection = self._find_or_none()
        if collection and not self._is_ours(collection):
            with refusals_final():
                count = collection.count(Deadline(_HEALTH_SECONDS))
            if not count:
                drop_collection(self._server, self._name)
                collection = None
        if collection is None:
            types = missing_types(items, {})
            collection = create_collection(self._server, self._name, self._embedder, types)
        if new := missing_types(items, collection.types):
            collection = collection.add_keys(new)
        if clash := conflict(items, collection.types):
            raise VectorIndexUnavailable(f"The collection {self._shown_name} {clash}")
        self._remember(collection)

    def _check(self, collection: WeaviateCollection) -> None:
        if not self._is_ours(collection):
            raise embedder_mismatch(self._shown_name, collection.embedder, self._embedder)

    def _is_ours(self, collection: WeaviateCollection) -> bool:
        return all(collection.embedder.get(key) == value for key, value in self._embedder.items())

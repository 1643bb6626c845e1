"""A vector index whose calls a trace shows: which index, what for, how many items."""

from collections.abc import Sequence

from coachwork.chassis.observability.tracing import subsegment
from coachwork.chassis.vectors.port import Filter, Hit, Item, VectorIndex


class TracedVectorIndex:
    """An index whose calls are subsegments named vectors."""

    def __init__(self, index: VectorIndex, name: str) -> None:
        self._index = index
        self._name = name

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items."""
        with subsegment("vectors", index=self._name, operation="upsert", items=len(items)):
            self._index.upsert(items)

    def search(self, embedding: Sequence[float], *, limit: int, where: Filter | None = None) -> list[Hit]:
        """Find the nearest."""
        with subsegment("vectors", index=self._name, operation="search", limit=limit) as annotations:
            hits = self._index.search(embedding, limit=limit, where=where)
            annotations["items"] = len(hits)
        return hits

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return items by id."""
        with subsegment("vectors", index=self._name, operation="get", items=len(ids)):
            return self._index.get(ids)

    def ids(self, where: Filter | None = None) -> list[str]:
        """Return ids."""
        with subsegment("vectors", index=self._name, operation="ids") as annotations:
            found = self._index.ids(where)
            annotations["items"] = len(found)
        return found

    def delete(self, ids: Sequence[str]) -> None:
        """Remove items by id."""
        with subsegment("vectors", index=self._name, operation="delete", items=len(ids)):
            self._index.delete(ids)

    def count(self) -> int:
        """Return how many items there are."""
        with subsegment("vectors", index=self._name, operation="count"):
            return self._index.count()

"""The port: what a service asks of a vector index, whichever engine answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

MetadataValue = str | int | float | bool
"""What a metadata value may be."""

Metadata = Mapping[str, MetadataValue]


@dataclass(frozen=True)
class Item:
    """One entry: its text, its embedding (unit length, the embedder's dimension) and flat metadata."""

    id: str
    text: str
    embedding: Sequence[float]
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """One answer: `score` is cosine similarity in [-1, 1], larger is nearer."""

    id: str
    text: str
    score: float
    metadata: Metadata


class VectorIndex(Protocol):
    """A named collection of items. Every method raises `VectorIndexUnavailable` when the engine does not answer."""

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items, replacing those with the same id."""

    def search(self, embedding: Sequence[float], *, limit: int, where: Metadata | None = None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items whose metadata equals every pair of `where`."""

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in the order asked."""

    def ids(self, where: Metadata | None = None) -> list[str]:
        """Return the ids of the items whose metadata equals every pair of `where`, sorted."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""

    def count(self) -> int:
        """Return how many items there are; the cheapest call, used by the health check."""

"""The port: what a service asks of a vector index, whichever engine answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

MetadataValue = str | int | float | bool
"""What a metadata value may be."""

Metadata = Mapping[str, MetadataValue]

Filter = Mapping[str, MetadataValue | Sequence[MetadataValue]]
"""What items must have: for each key that value, or any of up to 1,000, all of one type; of none, none is found."""


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

    def search(self, embedding: Sequence[float], *, limit: int, where: Filter | None = None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items that `where` lets through."""

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in the order asked."""

    def ids(self, where: Filter | None = None) -> list[str]:
        """Return the ids of the items that `where` lets through, sorted."""

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""

    def count(self) -> int:
        """Return how many items there are; the cheapest call, used by the health check."""


def any_of(wanted: MetadataValue | Sequence[MetadataValue]) -> list[MetadataValue]:
    """Return the values that a filter's value stands for."""
    return [wanted] if isinstance(wanted, str | int | float) else list(wanted)


def lets_none_through(where: Filter | None) -> bool:
    """Return whether a key may have none of no values, so that there is nothing to ask an engine for."""
    return any(not any_of(wanted) for wanted in (where or {}).values())

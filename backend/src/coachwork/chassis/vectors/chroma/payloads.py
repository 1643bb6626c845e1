"""Items, hits and conditions as Chroma writes them, in its Python and its REST API alike: columns of equal length."""

from collections.abc import Sequence
from typing import Any

from coachwork.chassis.vectors.port import Filter, Hit, Item, MetadataValue, any_of

COSINE = {"hnsw": {"space": "cosine"}}
HIT_COLUMNS = ["documents", "metadatas", "distances"]
ITEM_COLUMNS = ["documents", "metadatas", "embeddings"]


def columns_of(items: Sequence[Item]) -> dict[str, Any]:
    """Return the items as columns; empty metadata as None, since Chroma takes no empty mapping."""
    return {
        "ids": [item.id for item in items],
        "embeddings": [list(item.embedding) for item in items],
        "documents": [item.text for item in items],
        "metadatas": [dict(item.metadata) or None for item in items],
    }


def condition_of(where: Filter | None) -> dict[str, Any] | None:
    """Return `where` in Chroma's words; it takes no empty condition, nor one of a single part."""
    conditions = [{key: _one_of(any_of(wanted))} for key, wanted in (where or {}).items()]
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}


def _one_of(values: list[MetadataValue]) -> Any:
    return values[0] if len(values) == 1 else {"$in": values}


def hits_of(answer: Any) -> list[Hit]:
    """Read the answer to a query with one embedding and `HIT_COLUMNS`."""
    columns = (answer[key][0] for key in ("ids", "documents", "distances", "metadatas"))
    return [
        Hit(item_id, text, 1.0 - distance, metadata or {})
        for item_id, text, distance, metadata in zip(*columns, strict=True)
    ]


def items_of(answer: Any) -> list[Item]:
    """Read the answer to a get with `ITEM_COLUMNS`."""
    columns = (answer[key] for key in ("ids", "documents", "embeddings", "metadatas"))
    return [
        Item(item_id, text, [float(value) for value in vector], metadata or {})
        for item_id, text, vector, metadata in zip(*columns, strict=True)
    ]


def hit_from(item: Item, embedding: Sequence[float]) -> Hit:
    """Return an item as a hit; both vectors are of unit length, so that their product is the similarity."""
    score = sum(ours * theirs for ours, theirs in zip(item.embedding, embedding, strict=True))
    return Hit(item.id, item.text, score, item.metadata)

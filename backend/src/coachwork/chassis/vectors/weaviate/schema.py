"""How a collection is described to Weaviate: its name, what it notes about the embedder, a property for each key."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from weaviate.classes.config import (
    Configure,
    DataType,
    Property,
    StopwordsPreset,
    Tokenization,
    VectorDistances,
)

from coachwork.chassis.vectors.port import Item, MetadataValue

ITEM_ID, TEXT, VECTOR = "item_id", "text", "default"
_METADATA = "meta_"
_KEY = re.compile(r"[A-Za-z0-9_]{1,200}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")
_TYPES = {bool: DataType.BOOL, int: DataType.INT, float: DataType.NUMBER, str: DataType.TEXT}

Types = Mapping[str, DataType]
"""The type of each metadata key that a collection knows."""


def collection_name(name: str) -> str:
    """Return the name as Weaviate has it, which begins with a capital.

    Raises:
        ValueError: it is not made of a letter, then letters, digits and underscores, 255 at most.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"A Weaviate collection's name is a letter, then letters, digits and underscores: {name!r}")
    return name[:1].upper() + name[1:]


def property_of(key: str) -> str:
    """Return the property that keeps a metadata key; prefixed, for Weaviate reserves `id`, `vector` and more.

    Raises:
        ValueError: it is not made of letters, digits and underscores, 200 at most.
    """
    if not _KEY.fullmatch(key):
        raise ValueError(f"Weaviate takes metadata keys of letters, digits and underscores: {key!r}")
    return _METADATA + key


def metadata_of(properties: Mapping[str, Any]) -> dict[str, MetadataValue]:
    """Return the metadata among an object's properties; a key that it lacks comes as None."""
    return {
        name.removeprefix(_METADATA): value
        for name, value in properties.items()
        if name.startswith(_METADATA) and value is not None
    }


def type_of(value: MetadataValue) -> DataType:
    """Return Weaviate's type for a value."""
    return _TYPES[type(value)]


def types_of(properties: Iterable[Any]) -> dict[str, DataType]:
    """Read the types of the metadata keys out of a collection's properties."""
    return {
        found.name.removeprefix(_METADATA): found.data_type for found in properties if found.name.startswith(_METADATA)
    }


def missing_types(items: Iterable[Item], known: Types) -> dict[str, DataType]:
    """Return the types of the keys that the items have and the collection does not.

    Raises:
        ValueError: Weaviate cannot keep one of the keys.
    """
    new = {key: type_of(value) for item in items for key, value in item.metadata.items() if key not in known}
    for key in new:
        property_of(key)
    return new


def conflict(items: Iterable[Item], types: Types) -> str | None:
    """Return what is wrong with the items' metadata, if any of it is not of the type that its key has."""
    for item in items:
        for key, value in item.metadata.items():
            ours, theirs = type_of(value), types[key]
            if ours is not theirs and (ours, theirs) != (DataType.INT, DataType.NUMBER):
                return f"keeps {theirs.value} as {key}, not {ours.value}"
    return None


def metadata_property(key: str, data_type: DataType) -> Property:
    """Return the property for a metadata key: compared as a whole, never searched for its words."""
    is_text = data_type is DataType.TEXT
    return Property(
        name=property_of(key),
        data_type=data_type,
        index_filterable=True,
        index_searchable=False,
        tokenization=Tokenization.FIELD if is_text else None,
    )


def definition(embedder: Mapping[str, str | int], types: Types) -> dict[str, Any]:
    """Return what a new collection is made of: our own vectors compared by cosine, no vectorizer, no stop words."""
    return {
        "description": json.dumps(dict(embedder)),
        "vector_config": Configure.Vectors.self_provided(
            name=VECTOR, vector_index_config=Configure.VectorIndex.hnsw(distance_metric=VectorDistances.COSINE)
        ),
        # else a filter for the value "a" would be refused as one for nothing but a stop word
        "inverted_index_config": Configure.inverted_index(stopwords_preset=StopwordsPreset.NONE),
        "properties": [
            *(_kept(name) for name in (ITEM_ID, TEXT)),
            *(metadata_property(key, data_type) for key, data_type in types.items()),
        ],
    }


def embedder_of(description: str | None) -> dict[str, Any]:
    """Return what a collection notes about its embedder; empty when the note is not ours."""
    try:
        noted = json.loads(description or "")
    except ValueError:
        return {}
    return noted if isinstance(noted, dict) else {}


def _kept(name: str) -> Property:
    return Property(name=name, data_type=DataType.TEXT, index_filterable=False, index_searchable=False)

"""Collections as they are described over REST: read strictly, answered in full as a server answers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rehearsal.vendors.weaviate_server.errors import Rejected, Untaught

VECTOR = "default"
STOP_WORDS = frozenset(
    {"a", "an", "and", "as", "at", "by", "in", "is", "it", "no", "not", "of", "on", "or", "the", "to"}
)
"""A part of Weaviate's English list, which new collections have unless told otherwise."""

_ABSENT = object()
_CLASS_NAME = re.compile(r"[A-Z][_0-9A-Za-z]{0,254}")
_PROPERTY_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,230}")
_RESERVED = {"_additional", "_id", "id"}
_TYPES = {"text", "int", "number", "boolean"}
_LEFT_OVER = {
    "moduleConfig": {"none": {"skip": False, "vectorizePropertyName": True}},
    "skip_vectorization": False,
    "vectorize_property_name": True,
}
"""What the client adds to a property, and means nothing to a server where nothing makes vectors."""

_OURS = {
    "vectorizer": {"none": {}},
    "vectorIndexType": "hnsw",
    "vectorIndexConfig": {"distance": "cosine"},
}


@dataclass(frozen=True)
class PropertyDefinition:
    """A property: its type, and whether it may be filtered by."""

    name: str
    data_type: str
    is_filterable: bool
    is_searchable: bool
    tokenization: str | None

    def shown(self) -> dict[str, Any]:
        """Return it as the REST API does."""
        return {
            "name": self.name,
            "dataType": [self.data_type],
            "indexFilterable": self.is_filterable,
            "indexRangeFilters": False,
            "indexSearchable": self.is_searchable,
            **({"tokenization": self.tokenization} if self.tokenization else {}),
        }


@dataclass(frozen=True)
class ClassDefinition:
    """A collection: its name and description, and how its inverted index treats stop words."""

    name: str
    description: str
    has_stop_words: bool

    def shown(self, properties: Mapping[str, PropertyDefinition]) -> dict[str, Any]:
        """Return it as the REST API does."""
        return {
            "class": self.name,
            "description": self.description,
            "invertedIndexConfig": {
                "bm25": {"b": 0.75, "k1": 1.2},
                "cleanupIntervalSeconds": 60,
                "stopwords": {
                    "additions": None,
                    "preset": "en" if self.has_stop_words else "none",
                    "removals": None,
                },
            },
            "multiTenancyConfig": {"enabled": False, "autoTenantCreation": False, "autoTenantActivation": False},
            "properties": [one.shown() for one in properties.values()],
            "replicationConfig": {"asyncEnabled": False, "factor": 1},
            "vectorConfig": {
                VECTOR: {
                    "vectorizer": {"none": {}},
                    "vectorIndexType": "hnsw",
                    "vectorIndexConfig": _HNSW,
                }
            },
        }


def class_of(body: Any) -> tuple[ClassDefinition, list[PropertyDefinition]]:
    """Read a new collection."""
    only(body, {"class", "description", "invertedIndexConfig", "properties", "vectorConfig"}, "class")
    if body["vectorConfig"] != {VECTOR: _OURS}:
        raise Untaught(f"vectorConfig {body['vectorConfig']}")
    inverted = body.get("invertedIndexConfig", {})
    only(inverted, {"stopwords"}, "invertedIndexConfig")
    preset = inverted.get("stopwords", {}).get("preset", "en")
    if preset not in {"en", "none"}:
        raise Untaught(f"stopwords {preset}")
    if not _CLASS_NAME.fullmatch(body["class"]):
        raise Rejected(f"'{body['class']}' is not a valid class name")
    definition = ClassDefinition(body["class"], body.get("description", ""), preset == "en")
    return definition, [property_of(one) for one in body.get("properties", [])]


def property_of(body: Any) -> PropertyDefinition:
    """Read a new property."""
    body = {key: value for key, value in body.items() if _LEFT_OVER.get(key, _ABSENT) != value}
    only(body, {"name", "dataType", "indexFilterable", "indexSearchable", "tokenization"}, "property")
    (data_type,) = body["dataType"]
    if data_type not in _TYPES:
        raise Untaught(f"dataType {data_type}")
    is_text = data_type == "text"
    if not _PROPERTY_NAME.fullmatch(body["name"]) or body["name"] in _RESERVED:
        raise Rejected(f"'{body['name']}' is not a valid property name")
    if not is_text and (body.get("indexSearchable") or body.get("tokenization")):
        raise Rejected("`indexSearchable` and `tokenization` are allowed only for text/text[] data types")
    return PropertyDefinition(
        body["name"],
        data_type,
        is_filterable=body.get("indexFilterable", True),
        is_searchable=body.get("indexSearchable", is_text),
        tokenization=body.get("tokenization", "word") if is_text else None,
    )


def only(body: Any, taught: set[str], what: str) -> None:
    """Return when the JSON object has no other keys; raises `Untaught`."""
    if not isinstance(body, dict):
        raise Untaught(f"{what} that is no object")
    if strange := body.keys() - taught:
        raise Untaught(f"{what}: {', '.join(sorted(strange))}")


_HNSW: dict[str, Any] = {
    "cleanupIntervalSeconds": 300,
    "distance": "cosine",
    "dynamicEfFactor": 8,
    "dynamicEfMax": 500,
    "dynamicEfMin": 100,
    "ef": -1,
    "efConstruction": 128,
    "filterStrategy": "acorn",
    "flatSearchCutoff": 40000,
    "maxConnections": 32,
    "skip": False,
    "vectorCacheMaxObjects": 1000000000000,
}

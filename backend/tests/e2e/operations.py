"""The OpenAPI document as data for tests: its operations, requests that are examples of it, and where ids go."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from re import findall
from typing import Any

from coachwork.tools.openapi import document

Json = dict[str, Any]
Place = tuple[str, ...]
_METHODS = ("get", "post", "put", "patch", "delete")
ITEM = "[]"
"""In a place, what stands for an item of an array."""


@cache
def api() -> Json:
    """Return the document of the code as it is."""
    parsed: Json = json.loads(document())
    return parsed


@dataclass(frozen=True)
class Operation:
    """One operation: `parameters` are those of its path, `ids` where else it takes ids: in its query and its body."""

    id: str
    method: str
    path: str
    wants_token: bool
    parameters: Sequence[str]
    query_ids: Sequence[str]
    body: Json | None = field(repr=False)

    def url(self, ids: dict[str, str]) -> str:
        """Return its path with these ids."""
        return self.path.format_map(ids)

    @property
    def body_ids(self) -> list[Place]:
        """Where in its body ids go."""
        return list(_id_places(self.body)) if self.body else []


@cache
def operations() -> Sequence[Operation]:
    """Return every operation there is."""
    return [
        Operation(
            id=found["operationId"],
            method=method.upper(),
            path=path,
            wants_token=bool(found.get("security")),
            parameters=findall(r"{(\w+)}", path),
            query_ids=[
                one["name"] for one in found.get("parameters", []) if one["in"] == "query" and _is_id(one["schema"])
            ],
            body=found.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema"),
        )
        for path, item in api()["paths"].items()
        for method, found in item.items()
        if method in _METHODS
    ]


def example(schema: Json, text: str, place: Place = (), value: object = None) -> Any:
    """Return a value the schema takes: what it requires and what has examples, free texts being `text`.

    At `place`, if there is one, it holds `value`.
    """
    schema = _resolved(schema)
    if not place and value is not None:
        return value
    if schema.get("type") == "object":
        return _object(schema, text, place, value)
    if schema.get("type") == "array":
        return [example(schema["items"], text, place[1:], value)] if place or schema.get("minItems") else []
    return _scalar(schema, text)


def _object(schema: Json, text: str, place: Place, value: object) -> Json:
    required = schema.get("required", [])
    wanted = {
        name: part
        for name, part in schema.get("properties", {}).items()
        if name in required or "examples" in _resolved(part) or (place and place[0] == name)
    }
    return {
        name: example(part, text, place[1:], value) if place and place[0] == name else example(part, text)
        for name, part in wanted.items()
    }


def _scalar(schema: Json, text: str) -> Any:
    is_free_text = schema.get("type") == "string" and not {"pattern", "enum", "format", "const"} & schema.keys()
    if is_free_text:
        return text[: schema.get("maxLength", len(text))]
    for word in ("const", "default"):
        if word in schema:
            return schema[word]
    by_format = {"uuid": "00000000-0000-4000-8000-000000000000", "password": "correct horse battery"}
    unknown = by_format.get(schema.get("format", ""), schema.get("minimum", 1))
    return (schema.get("examples") or schema.get("enum") or [unknown])[0]


def _resolved(schema: Json) -> Json:
    """Return the schema itself: references followed, of alternatives the first that is not null."""
    beside = {name: part for name, part in schema.items() if name not in {"$ref", "anyOf", "oneOf", "allOf"}}
    if "$ref" in schema:
        return {**_resolved(api()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]), **beside}
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            alternatives = [one for one in schema[word] if one.get("type") != "null"]
            return {**_resolved(alternatives[0]), **beside}
    return schema


def _is_id(schema: Json) -> bool:
    return _resolved(schema).get("format") == "uuid"


def _id_places(schema: Json) -> Iterator[Place]:
    schema = _resolved(schema)
    if _is_id(schema):
        yield ()
    for name, part in schema.get("properties", {}).items():
        yield from ((name, *rest) for rest in _id_places(part))
    if schema.get("type") == "array":
        yield from ((ITEM, *rest) for rest in _id_places(schema["items"]))

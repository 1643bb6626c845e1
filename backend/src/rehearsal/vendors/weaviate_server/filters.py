"""Filters as the client sends them, checked against the collection as Weaviate checks them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from weaviate.proto.v1 import base_pb2

from rehearsal.vendors.weaviate_server.definitions import STOP_WORDS
from rehearsal.vendors.weaviate_server.errors import Rejected, Untaught
from rehearsal.vendors.weaviate_server.store import StoredCollection, StoredObject
from rehearsal.vendors.weaviate_server.wire import only

Passes = Callable[[StoredObject], bool]

_SINGLE = {"value_text": "text", "value_int": "int", "value_number": "number", "value_boolean": "boolean"}
_ARRAYS = {f"{field}_array": kind for field, kind in _SINGLE.items()}
_OPERATORS = base_pb2.Filters


def passes_of(message: Any, collection: StoredCollection) -> Passes:
    """Return whether an object passes the filter; an unset one lets all through."""
    if not message.ListFields():
        return lambda _: True
    if message.operator == _OPERATORS.OPERATOR_AND:
        only(message, "operator", "filters")
        parts = [passes_of(part, collection) for part in message.filters]
        return lambda one: all(part(one) for part in parts)
    kind, values = _values(message)
    only(message.target, "property")
    name = message.target.property
    if name == "_id":
        return _by_id(kind, values)
    return _by_property(name, kind, values, collection)


def _values(message: Any) -> tuple[str, list[Any]]:
    only(message, "operator", "target", *_SINGLE, *_ARRAYS)
    field = message.WhichOneof("test_value")
    value = getattr(message, field)
    if message.operator == _OPERATORS.OPERATOR_EQUAL and field in _SINGLE:
        return _SINGLE[field], [value]
    if message.operator == _OPERATORS.OPERATOR_CONTAINS_ANY and field in _ARRAYS:
        return _ARRAYS[field], list(value.values)
    raise Untaught(f"a filter of operator {message.operator} with {field}")


def _by_id(kind: str, values: list[Any]) -> Passes:
    if kind != "text":
        raise Rejected('using ["_id"] to filter by uuid: must use "valueText" to specify the id')
    wanted = {UUID(value) for value in values}
    return lambda one: one.uuid in wanted


def _by_property(name: str, kind: str, values: list[Any], collection: StoredCollection) -> Passes:
    defined = collection.property(name)
    if not defined.is_filterable:
        raise Rejected(f"Filtering by property '{name}' requires inverted index")
    if kind != defined.data_type and {kind, defined.data_type} != {"int", "number"}:
        raise Rejected(f"data type filter cannot use {kind!r} on type {defined.data_type!r}")
    if defined.data_type == "text":
        if defined.tokenization != "field":
            raise Untaught(f"tokenization {defined.tokenization}")
        values = [value.strip() for value in values]
        if collection.definition.has_stop_words and STOP_WORDS & set(values):
            raise Rejected("invalid search term, only stopwords provided")
    wanted = set(values)
    return lambda one: name in one.properties and _as_compared(one.properties[name]) in wanted


def _as_compared(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value

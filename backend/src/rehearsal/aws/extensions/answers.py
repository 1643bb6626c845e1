"""Answers of every service. Stock moto looks for each member of a structure under up to twelve names in turn.

So a query of DynamoDB, in which each attribute's value has one of ten members, spends nine tenths of its time.
"""

from typing import Any

from moto.core.model import StructureShape
from moto.core.serialize import ResponseSerializer, Serialized

_stock_serialize = ResponseSerializer._serialize_type_structure


def serialize_structure(
    self: ResponseSerializer, serialized: Serialized, value: Any, shape: StructureShape, key: str
) -> None:
    """Take the members of a dictionary with no other keys than their names; anything else goes moto's own way."""
    members = shape.members
    if type(value) is not dict or value.keys() - members.keys() or self._value_picker.response_transformers:
        _stock_serialize(self, serialized, value, shape, key)
        return
    found = self.MAP_TYPE() if key else serialized
    for name, member in members.items():
        if value.get(name) is not None:
            self._serialize(found, value[name], member, name)
    if key:
        self._default_serialize(serialized, found, shape, key)


def install() -> None:
    """Put this in place of moto's own."""
    ResponseSerializer._serialize_type_structure = serialize_structure  # type: ignore[method-assign]  # for all of them

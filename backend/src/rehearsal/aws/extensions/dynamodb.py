"""DynamoDB. Stock moto

- serves requests side by side without a lock, so two conditional writes of one key can both succeed, and a transaction
  that is undone takes with it what others wrote meanwhile;
- looks for each of an attribute value's ten types under several names, though a value has one: nine tenths of the time
  of a query.
"""

from threading import RLock
from typing import Any

from moto.core.model import StructureShape
from moto.core.serialize import BaseJSONSerializer, JSONSerializer, Serialized
from moto.dynamodb.responses import DynamoHandler

_LOCK = RLock()
_call_action = DynamoHandler.call_action
_serialize_structure = JSONSerializer._serialize_type_structure


def call_action(self: DynamoHandler) -> Any:
    """Answer one request after the other, each of which sees all or nothing of the others."""
    with _LOCK:
        return _call_action(self)


def serialize_structure(
    self: BaseJSONSerializer, serialized: Serialized, value: Any, shape: StructureShape, key: str
) -> None:
    """Take an attribute's value by the type it has; any other structure as stock moto does."""
    if shape.name != "AttributeValue" or not isinstance(value, dict):
        _serialize_structure(self, serialized, value, shape, key)
        return
    found: Serialized = {}
    for name, one in value.items():
        self._serialize(found, one, shape.members[name], name)
    serialized[key] = found


def install() -> None:
    """Put these in place of moto's own."""
    DynamoHandler.call_action = call_action  # type: ignore[method-assign]  # so that it is found
    JSONSerializer._serialize_type_structure = serialize_structure  # type: ignore[method-assign]  # likewise

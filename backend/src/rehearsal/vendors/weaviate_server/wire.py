"""Protocol buffers to the stand-in's values and back, with the client's own generated messages."""

import struct
from typing import Any
from uuid import UUID

from google.protobuf.message import Message
from google.protobuf.struct_pb2 import NULL_VALUE
from weaviate.proto.v1 import base_pb2, properties_pb2, search_get_pb2

from rehearsal.vendors.weaviate_server.definitions import VECTOR, PropertyDefinition
from rehearsal.vendors.weaviate_server.errors import Rejected, Untaught
from rehearsal.vendors.weaviate_server.store import StoredCollection, StoredObject, Value

_SINGLE = base_pb2.Vectors.VECTOR_TYPE_SINGLE_FP32


def only(message: Message, *taught: str) -> None:
    """Return when no other field of the message is set; raises `Untaught`."""
    strange = [field.name for field, _ in message.ListFields() if field.name not in taught]
    if strange:
        raise Untaught(f"{type(message).__name__}: {', '.join(strange)}")


def vector_of(message: Any, *, named: bool) -> tuple[float, ...]:
    """Read one vector."""
    only(message, "name", "vector_bytes", "type")
    if message.type != _SINGLE or (named and message.name != VECTOR):
        raise Untaught(f"a vector {message.name!r} of type {message.type}")
    return struct.unpack(f"<{len(message.vector_bytes) // 4}f", message.vector_bytes)


def object_of(message: Any, collection: StoredCollection) -> StoredObject:
    """Read an object to be stored."""
    only(message, "collection", "uuid", "properties", "vectors")
    only(message.properties, "non_ref_properties")
    (vector,) = message.vectors
    try:
        uuid = UUID(message.uuid)
    except ValueError as error:
        raise Rejected(f"invalid UUID {message.uuid}") from error
    sent = dict(message.properties.non_ref_properties.items())
    properties = {name: _as_kept(collection.property(name), value) for name, value in sent.items()}
    return StoredObject(uuid, properties, vector_of(vector, named=True))


def result_of(
    stored: StoredObject,
    distance: float | None,
    wanted: Any,
    properties: list[PropertyDefinition],
) -> search_get_pb2.SearchResult:
    """Write a found object; a property it lacks is there as null."""
    only(wanted, "uuid", "distance", "vectors")
    metadata = search_get_pb2.MetadataResult(id_as_bytes=stored.uuid.bytes)
    if wanted.distance and distance is not None:
        metadata.distance, metadata.distance_present = distance, True
    for name in wanted.vectors:
        if name != VECTOR:
            raise Untaught(f"a vector {name!r}")
        packed = struct.pack(f"<{len(stored.vector)}f", *stored.vector)
        metadata.vectors.append(base_pb2.Vectors(name=name, vector_bytes=packed, type=_SINGLE))
    fields = {one.name: _value_of(one, stored.properties.get(one.name)) for one in properties}
    found = search_get_pb2.PropertiesResult(non_ref_props=properties_pb2.Properties(fields=fields))
    return search_get_pb2.SearchResult(metadata=metadata, properties=found)


def _as_kept(defined: PropertyDefinition, value: Any) -> Any:
    """Give back its type to a number, which all come as floating point."""
    if defined.data_type == "int" and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _value_of(defined: PropertyDefinition, value: Value | None) -> properties_pb2.Value:
    if value is None:
        return properties_pb2.Value(null_value=NULL_VALUE)
    field = {"text": "text_value", "int": "int_value", "number": "number_value", "boolean": "bool_value"}
    written: dict[str, Any] = {field[defined.data_type]: value}
    return properties_pb2.Value(**written)

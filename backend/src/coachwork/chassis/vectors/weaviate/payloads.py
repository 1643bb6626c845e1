"""Items, hits and filters as Weaviate's client writes them."""

from collections.abc import Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any
from uuid import UUID, uuid5

from weaviate.classes.config import DataType
from weaviate.classes.data import DataObject
from weaviate.classes.query import Filter as Condition

from coachwork.chassis.vectors.port import Filter, Hit, Item, Metadata, MetadataValue, any_of
from coachwork.chassis.vectors.weaviate.schema import (
    ITEM_ID,
    TEXT,
    VECTOR,
    Types,
    metadata_of,
    property_of,
    type_of,
)

_NAMESPACE = UUID("6f1f4d5e-5f0b-5d6c-9d7b-0c3c5b1a7e42")

Wanted = Mapping[str, Sequence[MetadataValue]]
"""For each key the values that let an item through, of the type that the collection has for it."""


def uuid_of(item_id: str) -> UUID:
    """Return the object's id, the same for the same item's for ever."""
    return uuid5(_NAMESPACE, item_id)


def object_of(item: Item) -> DataObject[Any, Any]:
    """Return the item as an object; its own id is a property, since Weaviate's are UUIDs."""
    metadata = {property_of(key): value for key, value in item.metadata.items()}
    return DataObject(
        properties={ITEM_ID: item.id, TEXT: item.text, **metadata},
        uuid=uuid_of(item.id),
        vector={VECTOR: list(item.embedding)},
    )


def item_of(found: Any) -> Item:
    """Read an object that was asked for with its vector."""
    properties = found.properties
    return Item(properties[ITEM_ID], properties[TEXT], list(found.vector[VECTOR]), metadata_of(properties))


def hit_of(found: Any) -> Hit:
    """Read an object that was asked for with its distance."""
    properties = found.properties
    return Hit(properties[ITEM_ID], properties[TEXT], 1.0 - found.metadata.distance, metadata_of(properties))


def wanted_of(where: Filter, types: Types) -> Wanted | None:
    """Return the values as the collection would have them; None when no item can have them."""
    wanted = {key: _typed(any_of(values), types.get(key)) for key, values in where.items()}
    return wanted if all(wanted.values()) else None


def condition_of(wanted: Wanted) -> Any:
    """Return the filter in the client's words; None for no filter."""
    conditions = [_one_of(property_of(key), list(values)) for key, values in wanted.items()]
    return reduce(and_, conditions) if conditions else None


def passes(metadata: Metadata, wanted: Wanted) -> bool:
    """Return whether the filter lets through an item of that metadata."""
    return all(metadata.get(key) in values for key, values in wanted.items())


def _typed(values: Sequence[MetadataValue], data_type: DataType | None) -> list[MetadataValue]:
    """Leave out what is of another type, which Weaviate would refuse and which equals nothing there."""
    if data_type is DataType.NUMBER:
        return [float(value) for value in values if type_of(value) in {DataType.NUMBER, DataType.INT}]
    return [value for value in values if type_of(value) is data_type]


def _one_of(name: str, values: Any) -> Any:
    condition = Condition.by_property(name)
    return condition.contains_any(values) if len(values) > 1 else condition.equal(values[0])

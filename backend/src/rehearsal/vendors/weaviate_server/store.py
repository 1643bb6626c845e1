"""The stand-in's memory: collections, their objects, and exact search among them by cosine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import sqrt
from threading import RLock
from typing import Any
from uuid import UUID

from rehearsal.vendors.weaviate_server.definitions import ClassDefinition, PropertyDefinition
from rehearsal.vendors.weaviate_server.errors import Rejected

Value = str | int | float | bool


@dataclass(frozen=True)
class StoredObject:
    """One object with its vector."""

    uuid: UUID
    properties: dict[str, Value]
    vector: tuple[float, ...]


@dataclass
class StoredCollection:
    """One collection; its first vector settles how long all are."""

    definition: ClassDefinition
    properties: dict[str, PropertyDefinition]
    objects: dict[UUID, StoredObject] = field(default_factory=dict)
    dimensions: int | None = None

    def put(self, one: StoredObject) -> None:
        """Store an object, in place of the one with its id."""
        for name, value in one.properties.items():
            _check(self.property(name), value, self.definition.name)
        if self.dimensions not in {None, len(one.vector)}:
            raise Rejected(
                f"new node has a vector with length {len(one.vector)}. "
                f"Existing nodes have vectors with length {self.dimensions}"
            )
        self.dimensions = len(one.vector)
        self.objects[one.uuid] = one

    def property(self, name: str) -> PropertyDefinition:
        """Return a property by name."""
        if name not in self.properties:
            raise Rejected(
                f"no such prop with name '{name}' found in class '{self.definition.name}' in the schema. "
                "Check your schema files for which properties in this class are available"
            )
        return self.properties[name]

    def add(self, new: PropertyDefinition) -> None:
        """Add a property."""
        if new.name.lower() in {name.lower() for name in self.properties}:
            raise Rejected(f"class {self.definition.name!r}: conflict for property {new.name!r}: already in use")
        self.properties[new.name] = new

    def nearest(
        self, vector: tuple[float, ...], passes: Callable[[StoredObject], bool]
    ) -> list[tuple[float, StoredObject]]:
        """Return distances and objects, nearest first."""
        if self.dimensions not in {None, len(vector)}:
            raise Rejected(f"vector lengths don't match: {self.dimensions} vs {len(vector)}")
        found = [(_distance(vector, one.vector), one) for one in self.objects.values() if passes(one)]
        return sorted(found, key=lambda pair: pair[0])

    def in_order(self) -> Iterator[StoredObject]:
        """Yield the objects by id, as the cursor walks them."""
        for uuid in sorted(self.objects):
            yield self.objects[uuid]


class Store:
    """Every collection; hold `lock` while using one."""

    def __init__(self) -> None:
        self.lock = RLock()
        self._collections: dict[str, StoredCollection] = {}

    def create(self, definition: ClassDefinition, properties: list[PropertyDefinition]) -> StoredCollection:
        """Add a collection."""
        if any(name.lower() == definition.name.lower() for name in self._collections):
            raise Rejected(f"class name {definition.name} already exists")
        created = self._collections[definition.name] = StoredCollection(definition, {})
        for one in properties:
            created.add(one)
        return created

    def find(self, name: str) -> StoredCollection:
        """Return a collection by name."""
        if name not in self._collections:
            raise Rejected(f"could not find class {name} in schema", status=404)
        return self._collections[name]

    def drop(self, name: str) -> None:
        """Remove a collection; a missing one is no error."""
        self._collections.pop(name, None)


def _check(defined: PropertyDefinition, value: Any, collection: str) -> None:
    kinds: dict[str, tuple[type, ...]] = {
        "text": (str,),
        "int": (int,),
        "number": (float,),
        "boolean": (bool,),
    }
    if not isinstance(value, kinds[defined.data_type]):
        raise Rejected(
            f"invalid {defined.data_type} property '{defined.name}' on class '{collection}': "
            f"not a {defined.data_type}, but {type(value).__name__}"
        )


def _distance(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    product = sum(left * right for left, right in zip(one, other, strict=True))
    lengths = sqrt(sum(value * value for value in one)) * sqrt(sum(value * value for value in other))
    return 1.0 - product / lengths if lengths else 1.0

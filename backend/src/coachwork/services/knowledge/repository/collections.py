"""Collections in their table."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from coachwork.chassis.documents.port import ABSENT, Delete, Expected, NotAsExpected, Put, Table
from coachwork.services.knowledge.domain.collections import Collection
from coachwork.services.knowledge.errors import CollectionNotFound, TooManyCollections
from coachwork.services.knowledge.repository.rows import (
    COLLECTION,
    collection_attributes,
    collection_key,
    collection_of,
    partition_of,
)
from coachwork.services.knowledge.repository.tally import fewer, read_tally, tried

Transition = Callable[[Collection], Collection]


class Collections:
    """Everybody's collections.

    Args:
        table: where they are.
        clock: the present, aware.
    """

    def __init__(self, table: Table, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._table = table
        self._clock = clock

    def get(self, owner_id: UUID, collection_id: UUID) -> Collection | None:
        """Return an owner's collection as it is now."""
        stored = self._table.get(collection_key(owner_id, collection_id))
        return collection_of(stored.key, stored.attributes) if stored else None

    def page(self, owner_id: UUID, *, after: UUID | None, limit: int) -> tuple[Sequence[Collection], bool]:
        """Return a page of an owner's collections, the newest first, and whether there are more."""
        position = collection_key(owner_id, after).sort if after else None
        found = self._table.query(
            partition_of(owner_id), prefix=COLLECTION, descending=True, after=position, limit=limit
        )
        return [collection_of(one.key, one.attributes) for one in found.documents], found.next_after is not None

    def create(self, collection: Collection, most: int) -> None:
        """Store a new collection, of which its owner may have `most`; raises `TooManyCollections`, `AccountGone`."""

        def attempt() -> None:
            tally = read_tally(self._table, collection.owner_id)
            if tally.collections >= most:
                raise TooManyCollections(most)
            key = collection_key(collection.owner_id, collection.id)
            counted = tally.with_collections(tally.collections + 1).put()
            self._table.transact([Put(key, collection_attributes(collection), ABSENT), counted])

        tried(attempt)

    def change(self, owner_id: UUID, collection_id: UUID, transition: Transition) -> Collection:
        """Store what a transition makes of a collection, and return it; raises `CollectionNotFound`."""

        def attempt() -> Collection:
            before = self.get(owner_id, collection_id)
            if before is None:
                raise CollectionNotFound
            after = replace(transition(before), version=before.version + 1, updated_at=self._clock())
            key, expected = collection_key(owner_id, collection_id), Expected(attributes={"version": before.version})
            self._table.write(Put(key, collection_attributes(after), expected))
            return after

        return tried(attempt)

    def forget(self, collection: Collection) -> bool:
        """Remove a collection that was closed and holds nothing; return whether it was still as it is here."""
        key = collection_key(collection.owner_id, collection.id)
        expected = Expected(attributes={"version": collection.version})
        try:
            self._table.transact([Delete(key, expected), fewer(collection.owner_id, "collections")])
        except NotAsExpected:
            return False
        return True

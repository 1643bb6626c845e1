"""One collection of a Weaviate server: requests and answers. Whether it holds our vectors is not asked here."""

from collections.abc import Mapping, Sequence
from typing import Any

from weaviate.classes.query import Filter as Condition
from weaviate.classes.query import MetadataQuery

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors.port import Hit, Item
from coachwork.chassis.vectors.weaviate.calls import WeaviateRefusal, refusals_final
from coachwork.chassis.vectors.weaviate.payloads import (
    Wanted,
    condition_of,
    hit_of,
    item_of,
    object_of,
    passes,
    uuid_of,
)
from coachwork.chassis.vectors.weaviate.schema import (
    ITEM_ID,
    VECTOR,
    Types,
    definition,
    embedder_of,
    metadata_of,
    metadata_property,
    property_of,
    types_of,
)
from coachwork.chassis.vectors.weaviate.server import Weaviate

_MOST = 10_000
"""Objects a query returns at most. Source: QUERY_MAXIMUM_RESULTS in docs.weaviate.io/deploy/configuration/env-vars."""
_PAGE = 1_000


class WeaviateCollection:
    """An open collection. Every method raises `WeaviateRefusal` when the server will not, as when it is gone.

    Args:
        server: the way to it.
        name: as Weaviate has it.
        embedder: what it notes about the embedder.
        types: the metadata keys it knows.
    """

    def __init__(self, server: Weaviate, name: str, embedder: Mapping[str, Any], types: Types) -> None:
        self._server = server
        self._name = name
        self.embedder = embedder
        self.types = types

    def is_same(self, other: "WeaviateCollection") -> bool:
        """Return whether the other is described as this one is."""
        return (self.embedder, self.types) == (other.embedder, other.types)

    def add_keys(self, types: Types) -> "WeaviateCollection":
        """Return the collection once it knows these keys, whoever taught it."""
        refusal = None
        for key, data_type in types.items():
            try:
                with self._server.use() as client:
                    client.collections.use(self._name).config.add_property(metadata_property(key, data_type))
            except WeaviateRefusal as error:  # somebody else may have been first
                refusal = error
        found = find_collection(self._server, self._name)
        if types.keys() - found.types.keys():
            raise VectorIndexUnavailable from refusal
        return found

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items."""
        with self._server.use() as client:
            stored = client.collections.use(self._name).data.insert_many([object_of(item) for item in items])
        if stored.has_errors:
            raise WeaviateRefusal("; ".join(sorted({error.message for error in stored.errors.values()})))

    def query(self, embedding: Sequence[float], limit: int, wanted: Wanted) -> list[Hit]:
        """Return up to `limit` hits, nearest first."""
        with self._server.use() as client:
            found = client.collections.use(self._name).query.near_vector(
                list(embedding),
                target_vector=VECTOR,
                limit=limit,
                filters=condition_of(wanted),
                return_metadata=MetadataQuery(distance=True),
            )
            return [hit_of(one) for one in found.objects]

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in any order."""
        with self._server.use() as client:
            found = client.collections.use(self._name).query.fetch_objects(
                filters=_any_id_of(ids), limit=len(ids), include_vector=[VECTOR]
            )
            return [item_of(one) for one in found.objects]

    def ids(self, wanted: Wanted) -> list[str]:
        """Return the ids of what the filter lets through, in any order."""
        if wanted:
            with self._server.use() as client:
                found = client.collections.use(self._name).query.fetch_objects(
                    filters=condition_of(wanted), limit=_MOST, return_properties=[ITEM_ID]
                )
                if len(found.objects) < _MOST:
                    return [str(one.properties[ITEM_ID]) for one in found.objects]
        # a query ends at so many, and its cursor takes no filter
        return self._ids_of_all(wanted)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""
        with self._server.use() as client:
            gone = client.collections.use(self._name).data.delete_many(where=_any_id_of(ids))
        if gone.failed:
            raise WeaviateRefusal(f"{gone.failed} of {gone.matches} were not deleted")

    def count(self, deadline: Deadline) -> int:
        """Return how many items there are, or fail by the deadline."""
        with self._server.use(deadline) as client:
            return len(client.collections.use(self._name))

    def _ids_of_all(self, wanted: Wanted) -> list[str]:
        with self._server.use() as client:
            every = client.collections.use(self._name).iterator(
                return_properties=[ITEM_ID, *(property_of(key) for key in wanted)], cache_size=_PAGE
            )
            return [str(one.properties[ITEM_ID]) for one in every if passes(metadata_of(one.properties), wanted)]


def find_collection(server: Weaviate, name: str, deadline: Deadline | None = None) -> WeaviateCollection:
    """Return the collection; raises `CollectionMissing` where there is none."""
    with refusals_final(), server.use(deadline) as client:
        config = client.collections.use(name).config.get(simple=True)
        return WeaviateCollection(server, name, embedder_of(config.description), types_of(config.properties))


def create_collection(
    server: Weaviate, name: str, embedder: Mapping[str, str | int], types: Types
) -> WeaviateCollection:
    """Make a collection, or return the one that somebody else made first."""
    try:
        with server.use() as client:
            client.collections.create(name, **definition(embedder, types))
    except WeaviateRefusal as refusal:
        if "already exists" not in str(refusal):
            raise VectorIndexUnavailable from refusal
    return find_collection(server, name)


def drop_collection(server: Weaviate, name: str) -> None:
    """Remove a collection with everything in it; a missing one is no error."""
    with refusals_final(), server.use() as client:
        client.collections.delete(name)


def _any_id_of(ids: Sequence[str]) -> Any:
    return Condition.by_id().contains_any([uuid_of(item_id) for item_id in ids])

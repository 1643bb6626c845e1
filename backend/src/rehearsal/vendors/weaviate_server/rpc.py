"""Weaviate's gRPC API, the part that the stand-in was taught."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, NoReturn
from uuid import UUID

import grpc
from weaviate.proto.v1 import aggregate_pb2, batch_delete_pb2, batch_pb2, search_get_pb2, weaviate_pb2_grpc

from rehearsal.vendors.weaviate_server.errors import Rejected, Untaught
from rehearsal.vendors.weaviate_server.filters import passes_of
from rehearsal.vendors.weaviate_server.store import Store, StoredCollection, StoredObject
from rehearsal.vendors.weaviate_server.wire import object_of, only, result_of, vector_of

MOST = 10_000
"""QUERY_MAXIMUM_RESULTS, as a server has it by default."""

_SEARCH_FIELDS = (
    "collection",
    "limit",
    "after",
    "filters",
    "near_vector",
    "metadata",
    "properties",
    "uses_123_api",
    "uses_125_api",
    "uses_127_api",
)

Found = list[tuple[float | None, StoredObject]]


class WeaviateRpc(weaviate_pb2_grpc.WeaviateServicer):
    """The service; calls it has no method for are answered as unimplemented.

    Args:
        store: what it serves.
        api_key: what every call must bring, unless None.
        note: is told of whatever it was not taught.
    """

    def __init__(self, store: Store, api_key: str | None, note: Callable[[str], None]) -> None:
        self._store = store
        self._api_key = api_key
        self._note = note

    def Search(self, request: Any, context: Any) -> Any:  # noqa: N802  the library's name
        """Find objects by vector, by filter, or all of them page by page."""
        with self._answering(context):
            only(request, *_SEARCH_FIELDS)
            collection = self._store.find(request.collection)
            found = list(islice(_found(request, collection), request.limit))
            properties = _properties(request, collection)
            return search_get_pb2.SearchReply(
                results=[result_of(one, distance, request.metadata, properties) for distance, one in found]
            )

    def BatchObjects(self, request: Any, context: Any) -> Any:  # noqa: N802  the library's name
        """Store objects; one that cannot be stored stops no other."""
        with self._answering(context):
            only(request, "objects")
            refusals = []
            for index, message in enumerate(request.objects):
                try:
                    collection = self._store.find(message.collection)
                    collection.put(object_of(message, collection))
                except Rejected as error:
                    refusals.append(batch_pb2.BatchObjectsReply.BatchError(index=index, error=str(error)))
            return batch_pb2.BatchObjectsReply(errors=refusals)

    def BatchDelete(self, request: Any, context: Any) -> Any:  # noqa: N802  the library's name
        """Delete what a filter lets through."""
        with self._answering(context):
            only(request, "collection", "filters")
            if not request.HasField("filters"):
                raise Rejected("no filters in batch delete request")
            collection = self._store.find(request.collection)
            passes = passes_of(request.filters, collection)
            gone = [one.uuid for one in islice(filter(passes, collection.in_order()), MOST)]
            for uuid in gone:
                del collection.objects[uuid]
            return batch_delete_pb2.BatchDeleteReply(matches=len(gone), successful=len(gone))

    def Aggregate(self, request: Any, context: Any) -> Any:  # noqa: N802  the library's name
        """Count."""
        with self._answering(context):
            only(request, "collection", "objects_count")
            count = len(self._store.find(request.collection).objects)
            return aggregate_pb2.AggregateReply(single_result=aggregate_pb2.AggregateReply.Single(objects_count=count))

    @contextmanager
    def _answering(self, context: Any) -> Iterator[None]:
        metadata = dict(context.invocation_metadata())
        if self._api_key and metadata.get("authorization") != f"Bearer {self._api_key}":
            context.abort(grpc.StatusCode.UNAUTHENTICATED, "unauthorized: invalid api key")
        try:
            with self._store.lock:
                yield
        except Rejected as error:
            context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except Untaught as error:
            self._refuse(context, f"gRPC: {error}")

    def _refuse(self, context: Any, what: str) -> NoReturn:
        self._note(what)
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the stand-in was not taught {what}")
        raise AssertionError  # the line above raises, which its type does not say


def _found(request: Any, collection: StoredCollection) -> Iterator[tuple[float | None, StoredObject]]:
    if not 0 < request.limit <= MOST:
        raise Rejected(f"query maximum results exceeded: {request.limit}")
    passes = passes_of(request.filters, collection)
    if request.HasField("near_vector"):
        only(request.near_vector, "vectors", "targets")
        only(request.near_vector.targets, "target_vectors")
        if list(request.near_vector.targets.target_vectors) != ["default"]:
            raise Untaught("other target vectors")
        (vector,) = request.near_vector.vectors
        yield from collection.nearest(vector_of(vector, named=False), passes)
    elif request.after:
        if request.HasField("filters"):
            raise Rejected("where cannot be set with after and limit parameters")
        yield from ((None, one) for one in collection.in_order() if one.uuid > UUID(request.after))
    else:
        yield from ((None, one) for one in collection.in_order() if passes(one))


def _properties(request: Any, collection: StoredCollection) -> list[Any]:
    if not request.HasField("properties"):
        return list(collection.properties.values())
    only(request.properties, "non_ref_properties")
    return [collection.property(name) for name in request.properties.non_ref_properties]

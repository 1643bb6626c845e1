"""Collections: made, listed, changed, and deleted with what is in them or only when nothing is."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.http.schemas import encode_cursor
from coachwork.chassis.ids import uuid7
from coachwork.services.knowledge.domain.collections import Collection
from coachwork.services.knowledge.errors import (
    CollectionNotEmpty,
    CollectionNotFound,
    RemovalUnfinished,
)
from coachwork.services.knowledge.schemas.collections import CollectionPatch, CollectionQuery, CollectionRequest
from coachwork.services.knowledge.service.owner import Owner
from coachwork.services.knowledge.service.pages import id_of
from coachwork.services.knowledge.service.removal import remove_documents

MOST_COLLECTIONS = 100
_CLOSING = timedelta(minutes=5)
"""For how long a collection that is being deleted takes no documents; if that is broken off, it opens again."""
_REMOVAL_SECONDS = 15.0
"""After this a request removes no further document, so that it ends within API Gateway's 29 seconds."""


@dataclass(frozen=True)
class RemovedCollection:
    """A collection that was deleted, and how many documents with it."""

    collection_id: UUID
    documents: int


def create_collection(owner: Owner, request: CollectionRequest) -> Collection:
    """Store a new collection; raises `TooManyCollections`, `AccountGone`."""
    now = owner.clock()
    collection = Collection(uuid7(), owner.id, request.name, request.description, now, now)
    owner.collections.create(collection, MOST_COLLECTIONS)
    return collection


def read_collection(owner: Owner, collection_id: UUID) -> Collection:
    """Return a collection; raises `CollectionNotFound`."""
    found = owner.collections.get(owner.id, collection_id)
    if found is None:
        raise CollectionNotFound
    return found


def list_collections(owner: Owner, query: CollectionQuery) -> tuple[Sequence[Collection], str | None]:
    """Return a page of the collections, the newest first, and the next page's cursor if there is one."""
    found, has_more = owner.collections.page(owner.id, after=id_of(query.cursor), limit=query.limit)
    return found, encode_cursor(str(found[-1].id)) if has_more else None


def edit_collection(owner: Owner, collection_id: UUID, patch: CollectionPatch, expected: int | None) -> Collection:
    """Change its name or description; raises `CollectionNotFound`, `PreconditionFailed`."""
    changes = patch.model_dump(exclude_none=True)

    def edit(collection: Collection) -> Collection:
        require_version(expected, collection.version)
        return replace(collection, **changes)

    return owner.collections.change(owner.id, collection_id, edit)


def remove_collection(
    owner: Owner, collection_id: UUID, *, with_documents: bool, expected: int | None = None
) -> RemovedCollection:
    """Delete a collection, into which nothing is put from the moment this begins.

    Raises:
        CollectionNotFound, PreconditionFailed
        CollectionNotEmpty: it holds documents, which were to be kept.
        RemovalUnfinished: it holds more than could be deleted in the time, or was changed meanwhile; the same call
            again goes on.
    """
    require_version(expected, read_collection(owner, collection_id).version)
    if not with_documents and _held(owner, collection_id):
        raise CollectionNotEmpty
    closed = owner.collections.change(owner.id, collection_id, partial(_closed, owner, expected))
    held, deadline = _held(owner, collection_id), Deadline(_REMOVAL_SECONDS)
    if held and not with_documents:  # put there between the two looks
        owner.collections.change(owner.id, collection_id, lambda one: replace(one, closing_until=None))
        raise CollectionNotEmpty
    if not remove_documents(owner, held, deadline):
        raise RemovalUnfinished
    if not owner.collections.forget(closed) and owner.collections.get(owner.id, collection_id):
        raise RemovalUnfinished  # it was renamed meanwhile, or opened again
    return RemovedCollection(collection_id, len(held))


def _closed(owner: Owner, expected: int | None, collection: Collection) -> Collection:
    require_version(expected, collection.version)
    return replace(collection, closing_until=owner.clock() + _CLOSING)


def _held(owner: Owner, collection_id: UUID) -> list[UUID]:
    return [one.id for one in owner.documents.all(owner.id) if one.collection_id == collection_id]

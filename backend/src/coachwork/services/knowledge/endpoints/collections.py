"""Collections of documents."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from coachwork.chassis.errors import (
    DatabaseUnavailable,
    DocumentStoreUnavailable,
    ObjectStoreUnavailable,
    PreconditionFailed,
    Unauthenticated,
    VectorIndexUnavailable,
)
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.chassis.identity.errors import AccountGone
from coachwork.services.knowledge.domain.collections import Collection
from coachwork.services.knowledge.endpoints.callers import CurrentOwner, making
from coachwork.services.knowledge.endpoints.shown import located
from coachwork.services.knowledge.errors import (
    BusyElsewhere,
    CollectionNotEmpty,
    CollectionNotFound,
    RemovalUnfinished,
    TooManyCollections,
)
from coachwork.services.knowledge.schemas.collections import (
    CollectionPatch,
    CollectionQuery,
    CollectionRemovalQuery,
    CollectionRemovedResponse,
    CollectionRequest,
    CollectionResponse,
)
from coachwork.services.knowledge.service.collections import (
    create_collection,
    edit_collection,
    list_collections,
    read_collection,
    remove_collection,
)

router = APIRouter(
    prefix="/api/v1/knowledge/collections",
    tags=["documents"],
    responses=documented(Unauthenticated, DocumentStoreUnavailable),
)
_CHANGE = (CollectionNotFound, PreconditionFailed, BusyElsewhere)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    operation_id="create_collection",
    responses=documented(AccountGone, BusyElsewhere, TooManyCollections, DatabaseUnavailable, DocumentStoreUnavailable),
)
def post_collection(
    owner: CurrentOwner, body: CollectionRequest, request: Request, response: Response
) -> CollectionResponse:
    """Create a collection, up to 100; a collection holds each file once."""
    with making(owner):
        made = create_collection(owner, body)
    located(request, response, made.id)
    return _answered(response, made)


@router.get("", operation_id="list_collections")
def get_collections(owner: CurrentOwner, query: Annotated[CollectionQuery, Query()]) -> Page[CollectionResponse]:
    """List your collections, the newest first."""
    found, next_cursor = list_collections(owner, query)
    return Page(items=[CollectionResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/{collection_id:uuid}", operation_id="read_collection", responses=documented(CollectionNotFound))
def get_collection(owner: CurrentOwner, collection_id: UUID, response: Response) -> CollectionResponse:
    """Read one of your collections."""
    return _answered(response, read_collection(owner, collection_id))


@router.patch("/{collection_id:uuid}", operation_id="update_collection", responses=documented(*_CHANGE))
def patch_collection(
    owner: CurrentOwner, collection_id: UUID, patch: CollectionPatch, expected: ExpectedVersion, response: Response
) -> CollectionResponse:
    """Change the name or description of a collection."""
    return _answered(response, edit_collection(owner, collection_id, patch, expected))


@router.delete(
    "/{collection_id:uuid}",
    operation_id="delete_collection",
    responses=documented(
        *_CHANGE, CollectionNotEmpty, RemovalUnfinished, ObjectStoreUnavailable, VectorIndexUnavailable
    ),
)
def delete_collection(
    owner: CurrentOwner,
    collection_id: UUID,
    query: Annotated[CollectionRemovalQuery, Query()],
    expected: ExpectedVersion,
) -> CollectionRemovedResponse:
    """Delete a collection that is empty, or with everything in it."""
    removed = remove_collection(owner, collection_id, with_documents=query.documents == "delete", expected=expected)
    return CollectionRemovedResponse.model_validate(removed)


def _answered(response: Response, collection: Collection) -> CollectionResponse:
    set_etag(response, collection.version)
    return CollectionResponse.model_validate(collection)

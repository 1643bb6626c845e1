"""Searching in one's own documents, without a chat."""

from fastapi import APIRouter

from coachwork.chassis.budget.errors import DailyCeilingReached, TokenBudgetSpent
from coachwork.chassis.errors import (
    DatabaseUnavailable,
    DocumentStoreUnavailable,
    ModelUnavailable,
    ObjectStoreUnavailable,
    Unauthenticated,
    VectorIndexUnavailable,
)
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.chassis.keywords import KeywordIndexUnavailable
from coachwork.services.knowledge.errors import CollectionNotFound
from coachwork.services.knowledge.schemas.search import DocumentSearchRequest, DocumentSearchResponse
from coachwork.services.knowledge.service.search import search

router = APIRouter(
    prefix="/api/v1/knowledge/search",
    tags=["knowledge search"],
    responses=documented(Unauthenticated, DocumentStoreUnavailable),
)
_DOWN = (
    DatabaseUnavailable,
    KeywordIndexUnavailable,
    ModelUnavailable,
    ObjectStoreUnavailable,
    VectorIndexUnavailable,
)


@router.post(
    "",
    operation_id="search_documents",
    responses=documented(CollectionNotFound, TokenBudgetSpent, DailyCeilingReached, *_DOWN),
)
def search_documents(
    principal: CurrentPrincipal, resources: CurrentResources, asked: DocumentSearchRequest
) -> DocumentSearchResponse:
    """Search your documents; a hybrid search continues with one leg when the other is down."""
    return search(resources, principal, asked)

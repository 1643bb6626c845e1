"""How much the caller has in the knowledge base."""

from fastapi import APIRouter

from coachwork.chassis.errors import DatabaseUnavailable, DocumentStoreUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.chassis.identity.errors import AccountGone
from coachwork.services.knowledge.schemas.stats import KnowledgeStatsResponse
from coachwork.services.knowledge.service.stats import stats

router = APIRouter(
    prefix="/api/v1/knowledge/stats",
    tags=["knowledge search"],
    responses=documented(Unauthenticated, AccountGone, DatabaseUnavailable, DocumentStoreUnavailable),
)


@router.get("", operation_id="read_knowledge_stats")
def read_knowledge_stats(principal: CurrentPrincipal, resources: CurrentResources) -> KnowledgeStatsResponse:
    """Count your documents, pages, chunks, collections and conversations, with the tokens left today."""
    return stats(resources, principal)

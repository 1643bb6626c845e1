"""Everything at once."""

from fastapi import APIRouter

from coachwork.chassis.errors import (
    DatabaseUnavailable,
    DocumentStoreUnavailable,
    ObjectStoreUnavailable,
    Unauthenticated,
    VectorIndexUnavailable,
)
from coachwork.chassis.http.problems import documented
from coachwork.services.knowledge.endpoints.callers import CurrentOwner, erasing
from coachwork.services.knowledge.errors import BusyElsewhere
from coachwork.services.knowledge.schemas.collections import KnowledgeErasedResponse
from coachwork.services.knowledge.service.erasure import erase

_DOWN = (DatabaseUnavailable, DocumentStoreUnavailable, ObjectStoreUnavailable, VectorIndexUnavailable)
router = APIRouter(
    prefix="/api/v1/knowledge",
    tags=["documents"],
    responses=documented(Unauthenticated),
)


@router.delete("", operation_id="erase_knowledge", responses=documented(BusyElsewhere, *_DOWN))
def delete_knowledge(owner: CurrentOwner) -> KnowledgeErasedResponse:
    """Permanently delete all your documents, collections and conversations; answers how many there were."""
    with erasing(owner):
        return KnowledgeErasedResponse.model_validate(erase(owner))

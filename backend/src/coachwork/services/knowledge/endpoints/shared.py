"""Conversations read by their link."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from coachwork.chassis.errors import DocumentStoreUnavailable
from coachwork.chassis.http.dependencies import CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.knowledge.errors import ShareNotFound
from coachwork.services.knowledge.schemas.chat import KnowledgeTurnResponse, SharedThreadResponse, ThreadsQuery
from coachwork.services.knowledge.service import threads

router = APIRouter(
    prefix="/api/v1/knowledge/shared", tags=["knowledge chat"], responses=documented(DocumentStoreUnavailable)
)
Token = Annotated[
    str, Path(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$", description="The link's secret")
]


@router.get("/{token}", operation_id="read_shared_thread", responses=documented(ShareNotFound))
def read_shared_thread(
    token: Token, resources: CurrentResources, query: Annotated[ThreadsQuery, Query()]
) -> SharedThreadResponse:
    """Read a conversation by its link, without an account."""
    share, shared = threads.read_shared(resources, token, query.limit, query.cursor)
    return SharedThreadResponse(
        title=shared.title,
        expires_at=share.expires_at,
        items=[KnowledgeTurnResponse.model_validate(turn) for turn in shared.turns],
        next_cursor=shared.next_cursor,
    )

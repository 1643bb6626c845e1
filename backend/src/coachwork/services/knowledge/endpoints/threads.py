"""Conversations with one's documents, and links to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, status

from coachwork.chassis.errors import DocumentStoreUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.chassis.turns.errors import ThreadNotFound
from coachwork.services.knowledge.errors import ShareNotFound, TooManyShares
from coachwork.services.knowledge.schemas.chat import (
    HistoryQuery,
    HistoryResponse,
    KnowledgeThreadResponse,
    KnowledgeThreadTurnsResponse,
    KnowledgeTurnResponse,
    NewShareResponse,
    ShareResponse,
    ShareThread,
    ThreadsQuery,
)
from coachwork.services.knowledge.service import threads

router = APIRouter(prefix="/api/v1/knowledge", tags=["knowledge chat"], responses=documented(DocumentStoreUnavailable))
_SHARED = "/api/v1/knowledge/shared"
_SIGNED_IN = documented(Unauthenticated)


@router.get("/threads", operation_id="list_knowledge_threads", responses=_SIGNED_IN)
def list_knowledge_threads(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[ThreadsQuery, Query()]
) -> Page[KnowledgeThreadResponse]:
    """List your conversations with your documents, the newest first."""
    found, next_cursor = threads.list_threads(resources, principal.user_id, query.limit, query.cursor)
    return Page(items=[KnowledgeThreadResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/threads/search", operation_id="search_knowledge_threads", responses=_SIGNED_IN)
def search_knowledge_threads(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[HistoryQuery, Query()]
) -> HistoryResponse:
    """Find turns that contain every word, the newest first, among the 2,000 turns of your latest conversations."""
    found, is_complete = threads.search_history(resources, principal.user_id, query.query, query.limit)
    items = [KnowledgeTurnResponse.model_validate(turn) for turn in found]
    return HistoryResponse(items=items, is_complete=is_complete)


@router.get(
    "/threads/{knowledge_thread_id:uuid}",
    operation_id="read_knowledge_thread",
    responses=documented(Unauthenticated, ThreadNotFound),
)
def read_knowledge_thread(
    knowledge_thread_id: UUID,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    query: Annotated[ThreadsQuery, Query()],
) -> KnowledgeThreadTurnsResponse:
    """Read a conversation, the newest turns first."""
    found = threads.read_thread(resources, principal.user_id, knowledge_thread_id, query.limit, query.cursor)
    thread, turns, next_cursor = found
    return KnowledgeThreadTurnsResponse(
        thread=KnowledgeThreadResponse.model_validate(thread),
        items=[KnowledgeTurnResponse.model_validate(turn) for turn in turns],
        next_cursor=next_cursor,
    )


@router.delete(
    "/threads/{knowledge_thread_id:uuid}",
    operation_id="delete_knowledge_thread",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(Unauthenticated, ThreadNotFound),
)
def delete_knowledge_thread(
    knowledge_thread_id: UUID, principal: CurrentPrincipal, resources: CurrentResources
) -> None:
    """Delete a conversation, its turns and the links to it."""
    threads.delete_thread(resources, principal.user_id, knowledge_thread_id)


@router.post(
    "/threads/{knowledge_thread_id:uuid}/shares",
    operation_id="share_knowledge_thread",
    status_code=status.HTTP_201_CREATED,
    responses=documented(Unauthenticated, ThreadNotFound, TooManyShares),
)
def share_knowledge_thread(
    *,
    knowledge_thread_id: UUID,
    body: ShareThread,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    request: Request,
) -> NewShareResponse:
    """Create a link by which anybody can read the conversation, excerpts included, until it expires."""
    share, token = threads.share_thread(resources, principal.user_id, knowledge_thread_id, body.days)
    path = f"{request.scope.get('root_path', '')}{_SHARED}/{token}"
    return NewShareResponse(**vars(share), token=token, path=path)


@router.get(
    "/threads/{knowledge_thread_id:uuid}/shares",
    operation_id="list_knowledge_shares",
    responses=documented(Unauthenticated, ThreadNotFound),
)
def list_knowledge_shares(
    knowledge_thread_id: UUID, principal: CurrentPrincipal, resources: CurrentResources
) -> Page[ShareResponse]:
    """List the valid links to a conversation, without their secrets, the newest first."""
    found = threads.list_shares(resources, principal.user_id, knowledge_thread_id)
    return Page(items=[ShareResponse.model_validate(share) for share in found])


@router.delete(
    "/threads/{knowledge_thread_id:uuid}/shares/{share_id:uuid}",
    operation_id="unshare_knowledge_thread",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(Unauthenticated, ShareNotFound),
)
def unshare_knowledge_thread(
    knowledge_thread_id: UUID, share_id: UUID, principal: CurrentPrincipal, resources: CurrentResources
) -> None:
    """Revoke a link at once."""
    threads.unshare_thread(resources, principal.user_id, knowledge_thread_id, share_id)

"""Conversations with the coach."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from coachwork.chassis.errors import (
    DatabaseUnavailable,
    PreconditionFailed,
    Unauthenticated,
)
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.chassis.turns.errors import ThreadNotFound
from coachwork.services.fitness.schemas.chat import (
    PageQuery,
    RenameThread,
    ThreadResponse,
    ThreadTurnsResponse,
    TurnResponse,
)
from coachwork.services.fitness.service import chat

router = APIRouter(prefix="/api/v1/chat", tags=["chat"], responses=documented(Unauthenticated, DatabaseUnavailable))


@router.get("/threads", operation_id="list_threads")
def list_threads(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    query: Annotated[PageQuery, Query()],
) -> Page[ThreadResponse]:
    """List the caller's conversations, the last used first."""
    found, next_cursor = chat.list_threads(resources.database(), principal, query.limit, query.cursor)
    return Page(items=[ThreadResponse.model_validate(thread) for thread in found], next_cursor=next_cursor)


@router.get("/threads/{thread_id:uuid}", operation_id="read_thread", responses=documented(ThreadNotFound))
def read_thread(
    thread_id: UUID,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    query: Annotated[PageQuery, Query()],
    response: Response,
) -> ThreadTurnsResponse:
    """Read a conversation, the newest turns first."""
    thread, turns, next_cursor = chat.read_turns(resources.database(), principal, thread_id, query.limit, query.cursor)
    set_etag(response, thread.version)
    return ThreadTurnsResponse(
        thread=ThreadResponse.model_validate(thread),
        items=[TurnResponse.model_validate(turn) for turn in turns],
        next_cursor=next_cursor,
    )


@router.patch(
    "/threads/{thread_id:uuid}",
    operation_id="rename_thread",
    responses=documented(ThreadNotFound, PreconditionFailed),
)
def rename_thread(
    *,
    thread_id: UUID,
    body: RenameThread,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    expected: ExpectedVersion,
    response: Response,
) -> ThreadResponse:
    """Give a conversation another title. A new turn makes a new version of it as well."""
    thread = chat.rename_thread(resources.database(), principal, thread_id, body.title, expected=expected)
    set_etag(response, thread.version)
    return ThreadResponse.model_validate(thread)


@router.delete(
    "/threads/{thread_id:uuid}",
    operation_id="delete_thread",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=documented(ThreadNotFound, PreconditionFailed),
)
def delete_thread(
    thread_id: UUID, principal: CurrentPrincipal, resources: CurrentResources, expected: ExpectedVersion
) -> None:
    """Delete a conversation with all its turns."""
    chat.delete_thread(resources.database(), principal, thread_id, expected=expected)

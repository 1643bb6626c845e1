"""Asking one's documents, and what becomes of the question."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from coachwork.chassis.budget.errors import DailyCeilingReached, TokenBudgetSpent
from coachwork.chassis.errors import (
    DatabaseUnavailable,
    DocumentStoreUnavailable,
    ModelUnavailable,
    ObjectStoreUnavailable,
    TasksUnavailable,
    Unauthenticated,
)
from coachwork.chassis.http.events import EventStream
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.chassis.http.turns import POLL, CurrentCall, PrefersAsync, answered, later, polled, streamed, told
from coachwork.chassis.identity.errors import AccountGone
from coachwork.chassis.turns.errors import (
    ThreadNotFound,
    TooManyTurns,
    TurnFinished,
    TurnNotFailed,
    TurnNotFound,
    TurnStopped,
)
from coachwork.services.knowledge.errors import CollectionNotFound
from coachwork.services.knowledge.schemas.chat import (
    AskDocuments,
    KnowledgeTurnResponse,
    KnowledgeTurnStateResponse,
    ThreadsQuery,
)
from coachwork.services.knowledge.service import attempts, turns
from coachwork.services.knowledge.service.stream import stream

_TURNS = "/api/v1/knowledge/chat/turns"
_ASK = (AccountGone, ThreadNotFound, CollectionNotFound)
_SPENT = (TokenBudgetSpent, DailyCeilingReached)
_DOWN = (*_SPENT, DocumentStoreUnavailable, DatabaseUnavailable, ModelUnavailable, ObjectStoreUnavailable)
_LATER = later(KnowledgeTurnStateResponse, _TURNS)
router = APIRouter(
    prefix="/api/v1/knowledge/chat",
    tags=["knowledge chat"],
    responses=documented(Unauthenticated, DocumentStoreUnavailable),
)


@router.post(
    "",
    operation_id="ask_documents",
    response_model=KnowledgeTurnResponse,
    responses={
        **_LATER,
        **documented(*_ASK, TurnStopped, TooManyTurns, *_DOWN, TasksUnavailable),
    },
)
def ask_documents(body: AskDocuments, call: CurrentCall, request: Request, prefers_async: PrefersAsync) -> Any:
    """Ask your documents. The answer uses them alone and cites page and words; without evidence there is no answer."""
    turn = turns.begin(call, body, prefers_async=prefers_async)
    return answered(request, _TURNS, turns.shown(call, attempts.answer(call, turn)))


@router.post(
    "/stream",
    operation_id="stream_documents",
    response_class=EventStream,
    status_code=status.HTTP_200_OK,
    responses={**streamed(), **documented(*_ASK, TooManyTurns, *_SPENT)},
)
def stream_documents(body: AskDocuments, call: CurrentCall, request: Request) -> EventStream:
    """Ask your documents and receive the answer as it is written; through API Gateway it arrives whole."""
    turn = turns.begin(call, body, is_heard=True)
    return told(request, _TURNS, turn.turn_id, partial(stream, call, turn))


@router.get("/turns", operation_id="list_unanswered_documents_turns")
def list_unanswered_documents_turns(
    call: CurrentCall, query: Annotated[ThreadsQuery, Query()]
) -> Page[KnowledgeTurnStateResponse]:
    """List your questions of the last day without an answer (in progress, failed or cancelled), the newest first.

    A page may have fewer items than the limit, or none, and still be followed by another.
    """
    found, next_cursor = turns.list_unanswered(call, query.limit, query.cursor)
    return Page(items=[KnowledgeTurnStateResponse.model_validate(turn) for turn in found], next_cursor=next_cursor)


@router.get(
    "/turns/{knowledge_turn_id:uuid}",
    operation_id="read_documents_turn",
    responses={200: {"headers": POLL}, **documented(TurnNotFound)},
)
def read_documents_turn(knowledge_turn_id: UUID, call: CurrentCall, response: Response) -> KnowledgeTurnStateResponse:
    """Read the state of a question, for a day after it was asked; its thread keeps the answer for longer."""
    return polled(response, KnowledgeTurnStateResponse.model_validate(turns.read(call, knowledge_turn_id)))


@router.post(
    "/turns/{knowledge_turn_id:uuid}/cancel",
    operation_id="cancel_documents_turn",
    responses=documented(TurnNotFound, TurnFinished),
)
def cancel_documents_turn(knowledge_turn_id: UUID, call: CurrentCall) -> KnowledgeTurnStateResponse:
    """Cancel a question in progress: its answer is not stored, and work on it stops at its next step."""
    return KnowledgeTurnStateResponse.model_validate(turns.cancel(call, knowledge_turn_id))


@router.post(
    "/turns/{knowledge_turn_id:uuid}/retry",
    operation_id="retry_documents_turn",
    response_model=KnowledgeTurnResponse,
    responses={
        **_LATER,
        **documented(
            TurnNotFound,
            ThreadNotFound,
            CollectionNotFound,
            TurnNotFailed,
            TurnStopped,
            TooManyTurns,
            *_DOWN,
            TasksUnavailable,
        ),
    },
)
def retry_documents_turn(
    knowledge_turn_id: UUID, call: CurrentCall, request: Request, prefers_async: PrefersAsync
) -> Any:
    """Retry a failed question."""
    turn = turns.begin_again(call, knowledge_turn_id, prefers_async=prefers_async)
    return answered(request, _TURNS, turns.shown(call, attempts.answer(call, turn)))

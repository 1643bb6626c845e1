"""Asking the coach, and what becomes of the question."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from coachwork.chassis.budget.errors import DailyCeilingReached, TokenBudgetSpent
from coachwork.chassis.errors import (
    DatabaseUnavailable,
    ModelUnavailable,
    TasksUnavailable,
    Unauthenticated,
    VectorIndexUnavailable,
)
from coachwork.chassis.http.events import EventStream
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.chassis.http.turns import POLL, CurrentCall, PrefersAsync, answered, later, polled, streamed, told
from coachwork.chassis.turns.errors import (
    ThreadNotFound,
    TooManyTurns,
    TurnFinished,
    TurnNotFailed,
    TurnNotFound,
    TurnStopped,
)
from coachwork.services.fitness.schemas.chat import PageQuery, SendMessage, TurnResponse
from coachwork.services.fitness.schemas.turns import TurnStateResponse
from coachwork.services.fitness.service import attempts, turns
from coachwork.services.fitness.service.stream import stream

router = APIRouter(prefix="/api/v1/chat", tags=["chat"], responses=documented(Unauthenticated, DatabaseUnavailable))
_SPENT = (TokenBudgetSpent, DailyCeilingReached)
_DOWN = (*_SPENT, DatabaseUnavailable, ModelUnavailable, VectorIndexUnavailable, TasksUnavailable)
_TURNS = "/api/v1/chat/turns"


@router.post(
    "/send",
    operation_id="send_message",
    response_model=TurnResponse,
    responses={**later(TurnStateResponse, _TURNS), **documented(ThreadNotFound, TurnStopped, TooManyTurns, *_DOWN)},
)
def send_message(body: SendMessage, call: CurrentCall, request: Request, prefers_async: PrefersAsync) -> Any:
    """Ask the coach; the answer cites what it was grounded in. What takes longer than a request may is answered 202."""
    turn = turns.begin(call, body, prefers_async=prefers_async)
    return answered(request, _TURNS, turns.shown(attempts.answer(call, turn)))


@router.post(
    "/stream",
    operation_id="stream_message",
    response_class=EventStream,
    status_code=status.HTTP_200_OK,
    responses={
        **streamed(),
        **documented(ThreadNotFound, TooManyTurns, *_SPENT),
    },
)
def stream_message(body: SendMessage, call: CurrentCall, request: Request) -> EventStream:
    """Ask the coach and hear the answer as it is written; through API Gateway it arrives whole."""
    turn = turns.begin(call, body, is_heard=True)
    return told(request, _TURNS, turn.turn_id, partial(stream, call, turn))


@router.get("/turns", operation_id="list_open_turns")
def list_open_turns(call: CurrentCall, query: Annotated[PageQuery, Query()]) -> Page[TurnStateResponse]:
    """List the caller's questions that have no answer: under way, failed or cancelled; the newest first."""
    found, next_cursor = turns.list_open(call, query.limit, query.cursor)
    return Page(items=[TurnStateResponse.model_validate(turn) for turn in found], next_cursor=next_cursor)


@router.get(
    "/turns/{turn_id:uuid}",
    operation_id="read_turn",
    responses={200: {"headers": POLL}, **documented(TurnNotFound)},
)
def read_turn(turn_id: UUID, call: CurrentCall, response: Response) -> TurnStateResponse:
    """Tell how far a turn has come: what is written of its answer, the whole of it, or why there is none."""
    return polled(response, TurnStateResponse.model_validate(turns.read(call, turn_id)))


@router.post(
    "/turns/{turn_id:uuid}/cancel", operation_id="cancel_turn", responses=documented(TurnNotFound, TurnFinished)
)
def cancel_turn(turn_id: UUID, call: CurrentCall) -> TurnStateResponse:
    """Cancel a turn under way: its answer is not stored, and work on it stops at its next step."""
    return TurnStateResponse.model_validate(turns.cancel(call, turn_id))


@router.post(
    "/turns/{turn_id:uuid}/retry",
    operation_id="retry_turn",
    response_model=TurnResponse,
    responses={
        **later(TurnStateResponse, _TURNS),
        **documented(TurnNotFound, ThreadNotFound, TurnNotFailed, TurnStopped, TooManyTurns, *_DOWN),
    },
)
def retry_turn(turn_id: UUID, call: CurrentCall, request: Request, prefers_async: PrefersAsync) -> Any:
    """Try a failed turn again, as if it were sent anew; a tool that has run is not run again."""
    turn = turns.begin_again(call, turn_id, prefers_async=prefers_async)
    return answered(request, _TURNS, turns.shown(attempts.answer(call, turn)))

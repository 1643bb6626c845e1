"""Asking the coach, and what becomes of the question."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response, status
from fastapi.responses import JSONResponse

from coachwork.chassis.budget.errors import DailyCeilingReached, TokenBudgetSpent
from coachwork.chassis.errors import (
    DatabaseUnavailable,
    ModelUnavailable,
    TasksUnavailable,
    Unauthenticated,
    VectorIndexUnavailable,
)
from coachwork.chassis.http.dependencies import CurrentInvocation, CurrentPrincipal, CurrentResources
from coachwork.chassis.http.events import EventStream
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.domain.turns import POLL_SECONDS
from coachwork.services.fitness.errors import (
    ThreadNotFound,
    TooManyTurns,
    TurnFinished,
    TurnNotFailed,
    TurnNotFound,
    TurnStopped,
)
from coachwork.services.fitness.repository.turns import OpenTurn
from coachwork.services.fitness.schemas.chat import PageQuery, SendMessage, TurnResponse
from coachwork.services.fitness.schemas.turns import TurnStateResponse
from coachwork.services.fitness.service import attempts, turns
from coachwork.services.fitness.service.stream import stream
from coachwork.services.fitness.service.turns import Call

router = APIRouter(prefix="/api/v1/chat", tags=["chat"], responses=documented(Unauthenticated, DatabaseUnavailable))
_SPENT = (TokenBudgetSpent, DailyCeilingReached)
_DOWN = (*_SPENT, DatabaseUnavailable, ModelUnavailable, VectorIndexUnavailable, TasksUnavailable)
_POLL = {"Retry-After": {"description": "Seconds until looking again is worth it", "schema": {"type": "integer"}}}
_LATER: dict[int | str, dict[str, Any]] = {
    202: {
        "model": TurnStateResponse,
        "description": "It takes longer: the work goes on, and `GET /api/v1/chat/turns/{turn_id}` tells how far it is",
        "headers": {"Location": {"description": "Where to look", "schema": {"type": "string"}}, **_POLL},
    }
}


def _call(principal: CurrentPrincipal, resources: CurrentResources, invocation: CurrentInvocation) -> Call:
    return Call(resources, principal, invocation)


CurrentCall = Annotated[Call, Depends(_call)]
_EVENT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "event": {"enum": ["token", "tool", "citation", "done", "error", "pending"]},
        "data": {"type": "string", "description": "JSON"},
    },
    "required": ["id", "event", "data"],
    "examples": [{"id": "6f1c0a52/1", "event": "token", "data": '{"text":"Eat","begins_anew":false}'}],
}
Prefer = Annotated[
    str | None,
    Header(description="`respond-async`: do not wait for the answer, say 202 at once (RFC 7240)", max_length=200),
]


@router.post(
    "/send",
    operation_id="send_message",
    response_model=TurnResponse,
    responses={**_LATER, **documented(ThreadNotFound, TurnStopped, TooManyTurns, *_DOWN)},
)
def send_message(body: SendMessage, call: CurrentCall, request: Request, prefer: Prefer = None) -> Any:
    """Ask the coach; the answer cites what it was grounded in. What takes longer than a request may is answered 202."""
    turn = turns.begin(call, body, prefers_async=_wants_no_wait(prefer))
    return _answered(call, turn, request)


_EVENTS = """Events, each with its id (`TURN/NUMBER`) and JSON as its data: `token` (`text`; `begins_anew` when it
replaces the pieces before it), `tool`, `citation`, then one of `done` (the turn), `error` (a problem) and `pending`
(the turn's state: it takes longer and goes on; look where `Location` says). The tokens are a preview, and `done` has
the answer. Comments keep the line open; hanging up cancels the turn."""


@router.post(
    "/stream",
    operation_id="stream_message",
    response_class=EventStream,
    status_code=status.HTTP_200_OK,
    responses={
        200: {
            "description": _EVENTS,
            "content": {"text/event-stream": {"schema": _EVENT}},
            "headers": {"Location": _LATER[202]["headers"]["Location"]},
        },
        **documented(ThreadNotFound, TooManyTurns, *_SPENT),
    },
)
def stream_message(body: SendMessage, call: CurrentCall, request: Request) -> EventStream:
    """Ask the coach and hear the answer as it is written; through API Gateway it arrives whole."""
    turn = turns.begin(call, body, is_heard=True)
    return EventStream(str(turn.turn_id), partial(stream, call, turn), {"Location": location(request, turn.turn_id)})


@router.get("/turns", operation_id="list_open_turns")
def list_open_turns(call: CurrentCall, query: Annotated[PageQuery, Query()]) -> Page[TurnStateResponse]:
    """List the caller's questions that have no answer: under way, failed or cancelled; the newest first."""
    found, next_cursor = turns.list_open(call, query.limit, query.cursor)
    return Page(items=[TurnStateResponse.model_validate(turn) for turn in found], next_cursor=next_cursor)


@router.get(
    "/turns/{turn_id:uuid}",
    operation_id="read_turn",
    responses={200: {"headers": _POLL}, **documented(TurnNotFound)},
)
def read_turn(turn_id: UUID, call: CurrentCall, response: Response) -> TurnStateResponse:
    """Tell how far a turn has come: what is written of its answer, the whole of it, or why there is none."""
    state = turns.read(call, turn_id)
    if state.state in {"queued", "running"}:
        response.headers["Retry-After"] = str(POLL_SECONDS)
    return TurnStateResponse.model_validate(state)


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
        **_LATER,
        **documented(TurnNotFound, ThreadNotFound, TurnNotFailed, TurnStopped, TooManyTurns, *_DOWN),
    },
)
def retry_turn(turn_id: UUID, call: CurrentCall, request: Request, prefer: Prefer = None) -> Any:
    """Try a failed turn again, as if it were sent anew; a tool that has run is not run again."""
    turn = turns.begin_again(call, turn_id, prefers_async=_wants_no_wait(prefer))
    return _answered(call, turn, request)


def _answered(call: Call, turn: OpenTurn, request: Request) -> TurnResponse | JSONResponse:
    found = attempts.answer(call, turn)
    if not isinstance(found, OpenTurn):
        return TurnResponse.model_validate(found)
    state = TurnStateResponse.model_validate(turns.state_of(found))
    headers = {"Location": location(request, found.turn_id), "Retry-After": str(POLL_SECONDS)}
    return JSONResponse(state.model_dump(mode="json"), status.HTTP_202_ACCEPTED, headers)


def location(request: Request, turn_id: UUID) -> str:
    """Return where a turn is, behind whatever stage the request came through."""
    return f"{request.scope.get('root_path', '')}/api/v1/chat/turns/{turn_id}"


def _wants_no_wait(prefer: str | None) -> bool:
    return "respond-async" in [part.strip().lower() for part in (prefer or "").split(",")]

"""Turns over HTTP: 202 and where to look, events as an answer is written, and how the document tells of both."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends, Header, Request, Response, status
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from coachwork.chassis.http.dependencies import CurrentInvocation, CurrentPrincipal, CurrentResources
from coachwork.chassis.http.events import EventStream, Listeners
from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.limits import POLL_SECONDS, UNDER_WAY
from coachwork.chassis.turns.telling import TurnStateSchema

Turn = TypeVar("Turn", bound=BaseModel)
State = TypeVar("State", bound=TurnStateSchema[Any])
Json = dict[str, Any]
POLL: Json = {"Retry-After": {"description": "Seconds until looking again is worth it", "schema": {"type": "integer"}}}
_LOCATION: Json = {"Location": {"description": "Where to look", "schema": {"type": "string"}}}
_EVENT: Json = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "event": {"enum": ["token", "tool", "citation", "done", "error", "pending"]},
        "data": {"type": "string", "description": "JSON"},
    },
    "required": ["id", "event", "data"],
    "examples": [{"id": "6f1c0a52/1", "event": "token", "data": '{"text":"Eat","begins_anew":false}'}],
}
_EVENTS = """Events, each with its id (`TURN/NUMBER`) and JSON as its data: `token` (`text`; `begins_anew` when it
replaces the pieces before it), `tool`, `citation`, then one of `done` (the turn), `error` (a problem) and `pending`
(the turn's state: it takes longer and goes on; look where `Location` says). The tokens are a preview, and `done` has
the answer. Comments keep the line open; hanging up cancels the turn."""


def _call(principal: CurrentPrincipal, resources: CurrentResources, invocation: CurrentInvocation) -> Call:
    return Call(resources, principal, invocation)


CurrentCall = Annotated[Call, Depends(_call)]
"""Who asks, and how long there is for it; the operation answers 401 without an access token."""


def _wants_no_wait(
    prefer: Annotated[
        str | None,
        Header(description="`respond-async`: do not wait for the answer, say 202 at once (RFC 7240)", max_length=200),
    ] = None,
) -> bool:
    return "respond-async" in [part.strip().lower() for part in (prefer or "").split(",")]


PrefersAsync = Annotated[bool, Depends(_wants_no_wait)]
"""Whether the caller would rather be told where to look than wait."""


def later(state: type[BaseModel], turns_path: str) -> dict[int | str, Json]:
    """Return how an operation tells of its 202; `turns_path` is where turns are read."""
    return {
        status.HTTP_202_ACCEPTED: {
            "model": state,
            "description": f"It takes longer: the work goes on, and `GET {turns_path}/{{turn_id}}` tells how far it is",
            "headers": {**_LOCATION, **POLL},
        }
    }


def streamed() -> dict[int | str, Json]:
    """Return how an operation tells of its events."""
    content = {"text/event-stream": {"schema": _EVENT}}
    return {status.HTTP_200_OK: {"description": _EVENTS, "content": content, "headers": _LOCATION}}


def answered(request: Request, turns_path: str, found: Turn | TurnStateSchema[Turn]) -> Turn | JSONResponse:
    """Return an answered turn as it is, and the 202 of one under way."""
    if not isinstance(found, TurnStateSchema):
        return found
    headers = {"Location": _location(request, turns_path, found.turn_id), "Retry-After": str(POLL_SECONDS)}
    return JSONResponse(found.model_dump(mode="json"), status.HTTP_202_ACCEPTED, headers)


def told(request: Request, turns_path: str, turn_id: UUID, tell: Callable[[Listeners], None]) -> EventStream:
    """Return the events that `tell` tells of a turn."""
    return EventStream(str(turn_id), tell, {"Location": _location(request, turns_path, turn_id)})


def polled(response: Response, state: State) -> State:
    """Return how far a turn has come, and when to look again while it is under way."""
    if state.state in UNDER_WAY:
        response.headers["Retry-After"] = str(POLL_SECONDS)
    return state


def _location(request: Request, turns_path: str, turn_id: UUID) -> str:
    """Return where a turn is, behind whatever stage the request came through."""
    return f"{request.scope.get('root_path', '')}{turns_path}/{turn_id}"

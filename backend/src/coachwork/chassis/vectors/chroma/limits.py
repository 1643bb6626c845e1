"""Time limits for the vendor's HTTP client, which has none, and types for errors it has no type for."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic

import httpx
from chromadb.api import ServerAPI
from chromadb.api.fastapi import FastAPI
from chromadb.errors import error_types

_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 10.0
_SHORTEST_SECONDS = 0.05
_deadline: ContextVar[float | None] = ContextVar("chroma_deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let every request of the block end by one deadline, `seconds` from now."""
    token = _deadline.set(monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def limit(server: ServerAPI) -> None:
    """Give the server API's HTTP session its time limits, and its failures a type.

    The session is the vendor's private attribute: there is no setting for either, and a subclass is refused.
    The tests of a hanging and of a broken server fail when it moves.
    """
    for session in _sessions(server):
        session.event_hooks = {"request": [_limit_request], "response": [_check_response]}


def close(server: ServerAPI) -> None:
    """Close the server API's HTTP session, if it has one: the vendor's own `close` leaves it open."""
    for session in _sessions(server):
        session.close()


def _sessions(server: ServerAPI) -> list[httpx.Client]:
    """Return the one session of a server API over HTTP, none of an embedded one."""
    return [server._session] if isinstance(server, FastAPI) else []


def _limit_request(request: httpx.Request) -> None:
    deadline = _deadline.get()
    left = _ANSWER_SECONDS if deadline is None else max(_SHORTEST_SECONDS, deadline - monotonic())
    connect = min(left, _CONNECT_SECONDS)
    request.extensions["timeout"] = {"connect": connect, "read": left, "write": left, "pool": connect}


def _check_response(response: httpx.Response) -> None:
    """Raise for an error the vendor's client would not know: one whose body is not Chroma's own."""
    if response.is_error:
        response.read()
        if not _is_chroma_error(response):
            response.raise_for_status()


def _is_chroma_error(response: httpx.Response) -> bool:
    if not response.headers.get("content-type", "").startswith("application/json"):
        return False
    try:
        body = response.json()
    except ValueError:
        return False
    return isinstance(body, dict) and body.get("error") in error_types and "message" in body

"""Pure ASGI layers: request id and access log, stage prefix, lazy services."""

import re
from collections.abc import Callable, Sequence
from threading import Lock
from time import perf_counter
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coachwork.chassis.errors import CoachworkError, PayloadTooLarge
from coachwork.chassis.http.problems import problem_response
from coachwork.chassis.http.services import Endpoints, Service
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.observability.metrics import record_request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
_MAX_DIGITS = 20  # int() refuses thousands of them


class RequestMiddleware:
    """Gives each request an id, answers an unexpected failure with a problem, writes one log line and metrics."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str] = lambda: str(uuid4())) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope, self._new_id)
        scope.setdefault("state", {})["request_id"] = request_id
        started, status = perf_counter(), 500

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        try:
            await self._app(scope, receive, send_with_id)
        except Exception:  # noqa: BLE001  the outermost boundary: nothing may escape to the runtime
            logger.exception("unexpected failure", request_id=request_id)
            await problem_response(request_id, CoachworkError())(scope, receive, send_with_id)
        finally:
            _record(scope, request_id, status, (perf_counter() - started) * 1000)


class HeadMiddleware:
    """Answers HEAD as GET without the body, as RFC 9110 wants of every path that takes GET."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def send_head(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        scope["method"] = "GET"
        try:
            await self._app(scope, receive, send_head)
        finally:
            scope["method"] = "HEAD"


class BodyLimitMiddleware:
    """Refuses a body over the limit, by its declared size at once, by its real size while it is read.

    Endpoints that say how much they take are asked first; `max_bytes` is for all the others. FastAPI's own
    `max_body_size` answers in plain text; a front end should meet one shape of failure.
    """

    def __init__(self, app: ASGIApp, max_bytes: int, services: Sequence[Service] = ()) -> None:
        self._app = app
        self._max_bytes = max_bytes
        parts = [endpoints for service in services for endpoints in service.endpoints]
        self._own = [(one, one.max_request_bytes) for one in parts if one.max_request_bytes is not None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        max_bytes = self._limit(scope)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdecimal() and (len(declared) > _MAX_DIGITS or int(declared) > max_bytes):
            response = problem_response(scope["state"]["request_id"], PayloadTooLarge(_too_large(max_bytes)))
            await response(scope, receive, send)
            return
        read_bytes = 0

        async def receive_counted() -> Message:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > max_bytes:
                raise HTTPException(PayloadTooLarge.status, _too_large(max_bytes))
            return message

        await self._app(scope, receive_counted, send)

    def _limit(self, scope: Scope) -> int:
        path = _path_in_app(scope)
        return next((limit for endpoints, limit in self._own if endpoints.own(path)), self._max_bytes)


class StagePrefixMiddleware:
    """Sets `root_path` to the API Gateway stage in the URL, so `/production/docs` finds `/production/openapi.json`."""

    def __init__(self, app: ASGIApp, root_path: str = "") -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            event = scope.get("aws.event") or {}
            prefix = self._root_path or _stage_prefix(event)
            if prefix:
                # a REST API leaves the stage out of `path`: /api/v1 behind a stage named api is whole as it is
                apart = _is_rest(event) and not self._root_path
                whole = _is_under(scope["path"], prefix) and not apart
                scope.update(root_path=prefix, path=scope["path"] if whole else prefix + scope["path"])
        await self._app(scope, receive, send)


class LazyServicesMiddleware:
    """Loads endpoints at the first request for one of their paths, so no cold start pays for the others."""

    def __init__(self, app: ASGIApp, services: Sequence[Service], load: Callable[[Endpoints], None]) -> None:
        self._app = app
        self._pending = [endpoints for service in services for endpoints in service.endpoints]
        self._load = load
        self._lock = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._pending and scope["type"] == "http":
            path = _path_in_app(scope)
            with self._lock:  # an application may be served by several event loops
                for endpoints in [one for one in self._pending if one.own(path)]:
                    self._load(endpoints)
                    self._pending.remove(endpoints)
        await self._app(scope, receive, send)


def _too_large(max_bytes: int) -> str:
    return f"A request body may have at most {max_bytes} bytes"


def _path_in_app(scope: Scope) -> str:
    """Return the path without the stage before it."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _request_id(scope: Scope, new_id: Callable[[], str]) -> str:
    context = scope.get("aws.context")
    if context is not None:
        return str(context.aws_request_id)
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else new_id()


def _stage_prefix(event: dict[str, Any]) -> str:
    """Return "/stage" when the caller's URL has it: never for `$default` stages or custom domains."""
    context = event.get("requestContext") or {}
    stage = context.get("stage")
    if not stage or stage == "$default":
        return ""
    path = context.get("path") or (context.get("http") or {}).get("path") or ""
    if _is_rest(event) and path == event.get("path"):
        return ""  # a custom domain, whose path may begin like the stage's name
    return f"/{stage}" if _is_under(path, f"/{stage}") else ""


def _is_rest(event: dict[str, Any]) -> bool:
    return "resource" in event and "version" not in event


def _is_under(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")


def _record(scope: Scope, request_id: str, status: int, duration_ms: float) -> None:
    problem = scope["state"].get("problem")
    logger.info(
        "request",
        request_id=request_id,
        method=scope["method"],
        route=_route_template(scope),
        status=status,
        duration_ms=round(duration_ms, 2),
        **({"problem": problem} if problem else {}),
    )
    record_request(status, duration_ms)


def _route_template(scope: Scope) -> str:
    """Return the matched route's whole template, prefixes of including routers with it, or "unmatched"."""
    matched = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    return getattr(matched, "path", "unmatched")

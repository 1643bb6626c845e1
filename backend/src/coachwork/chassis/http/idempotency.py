"""`Idempotency-Key`: a POST that is sent again is answered again, and done once; no endpoint knows of it.

It covers operations that want an access token, and answers of 2xx. What failed may be tried again with the same key.
An anonymous operation is never covered: a login that is sent again must not hand out tokens that were stored.

Source: draft-ietf-httpapi-idempotency-key-header-07, sections 2.2 to 2.7
"""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coachwork.chassis.errors import CoachworkError, MalformedRequest, PayloadTooLarge, Unauthenticated
from coachwork.chassis.http.answers import (
    Answer,
    AnswerNotKept,
    Answers,
    Attempt,
    IdempotencyKeyReused,
    StillInProgress,
)
from coachwork.chassis.http.problems import documented, problem_response
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.resources import Resources

HEADER = "Idempotency-Key"
MAX_KEY_CHARACTERS = 255
MAX_KEPT_BYTES = 256_000
"""A larger answer is not kept: sent again, its request is refused with 409, and not done again."""

_KEY = re.compile(r'"?([\x21\x23-\x5b\x5d-\x7e]{1,255})"?')  # the draft quotes it, as a structured string; many do not
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE)
_LOCK_SECONDS = 120.0
"""How long an attempt may take where no Lambda context says how long it can."""
_LOCK_GRACE_SECONDS = 5.0
_KEPT_HEADERS = frozenset({b"content-type", b"location", b"etag", b"retry-after", b"cache-control"})


class IdempotencyMiddleware:
    """Answers a POST whose `Idempotency-Key` was seen before as it was answered then, with `Idempotent-Replayed`."""

    def __init__(self, app: ASGIApp, resources: Resources) -> None:
        self._app = app
        self._resources = resources

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given, bearer = headers.get(HEADER), _BEARER.fullmatch(headers.get("authorization", "").strip())
        if given is None or bearer is None:
            await self._app(scope, receive, send)
            return
        try:
            await self._serve(scope, receive, send, _key(given), bearer[1])
        except CoachworkError as refusal:  # before anything was done: the application answers its own failures
            await problem_response(scope["state"]["request_id"], refusal)(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, key: str, token: str) -> None:
        body = await _whole_body(receive)
        if body is None:
            return
        receive = _replayed(body, receive)
        begun = await run_in_threadpool(self._begin, scope, token, key, body)
        if begun is None:  # the operation itself says what is wrong with the token
            await self._app(scope, receive, send)
        elif isinstance(begun, Answer):
            await _response(begun)(scope, receive, send)
        else:
            await self._work(scope, receive, send, begun)

    def _begin(self, scope: Scope, token: str, key: str, body: bytes) -> Attempt | Answer | None:
        """Return an attempt to be worked on, or the answer of an earlier one; None for a token that does not hold."""
        try:
            principal = self._resources.token_verifier().verify(token)
        except Unauthenticated:
            return None
        attempt = Attempt.at(
            principal.user_id, operation=f"POST {scope['path']}", key=key, query=scope["query_string"], body=body
        )
        return self._answers().begin(attempt, lock_seconds=_lock_seconds(scope)) or attempt

    async def _work(self, scope: Scope, receive: Receive, send: Send, attempt: Attempt) -> None:
        recorded = _Recording()

        async def send_recorded(message: Message) -> None:
            """Pass everything on at once, but the end of the answer only when it is kept."""
            if recorded.takes_end(message) and recorded.is_worth_keeping(scope):
                await self._settle(partial(self._answers().keep, attempt, recorded.answer()), scope)
            await send(message)

        try:
            await self._app(scope, receive, send_recorded)
        finally:
            if not recorded.is_worth_keeping(scope):
                await self._settle(partial(self._answers().free, attempt), scope)

    async def _settle(self, settle: Callable[[], None], scope: Scope) -> None:
        """Run what ends an attempt; the work is done either way, so its answer must not become a failure."""
        try:
            await run_in_threadpool(settle)
        except CoachworkError as error:
            logger.warning("idempotency key not settled", request_id=scope["state"]["request_id"], problem=error.slug)

    def _answers(self) -> Answers:
        return Answers(self._resources.database())


def document_idempotency(document: dict[str, Any]) -> None:
    """Add the header, and what it can lead to, to each POST of an OpenAPI document that wants an access token."""
    refusals = documented(StillInProgress, IdempotencyKeyReused)
    for path in document["paths"].values():
        operation = path.get("post", {})
        if not operation.get("security"):
            continue
        operation.setdefault("parameters", []).append(_PARAMETER)
        responses = operation["responses"]
        for status, refusal in refusals.items():
            known = responses.setdefault(str(status), {**refusal, "description": ""})
            known["description"] = "; ".join(filter(None, [known["description"], refusal["description"]]))
        for status in [one for one in responses if one.startswith("2")]:
            responses[status].setdefault("headers", {})["Idempotent-Replayed"] = _REPLAYED


_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Names this request, such as a UUID: sent again within 24 hours with the same body, it is done once "
    "and answered the same",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARACTERS, "pattern": "^[!#-\\[\\]-~]+$"},
    "example": "8e03978e-40d5-43dd-bc93-6894a57f9324",
}
_REPLAYED = {
    "description": "`true` when this is the answer of an earlier request with the same Idempotency-Key",
    "schema": {"type": "string", "const": "true"},
}


class _Recording:
    """What was sent of an answer, up to `MAX_KEPT_BYTES`."""

    def __init__(self) -> None:
        self._status = 500
        self._headers: list[tuple[bytes, bytes]] = []
        self._body = bytearray()
        self._is_too_large = False
        self._has_ended = False

    def takes_end(self, message: Message) -> bool:
        """Record a message; return whether it is the last."""
        if message["type"] == "http.response.start":
            self._status, self._headers = message["status"], list(message["headers"])
        elif message["type"] == "http.response.body":
            self._add(message.get("body", b""))
            self._has_ended = not message.get("more_body", False)
        return self._has_ended

    def is_worth_keeping(self, scope: Scope) -> bool:
        """Whether it is whole, of 2xx, and for a caller the operation knew."""
        return self._has_ended and 200 <= self._status <= 299 and bool(scope["state"].get("is_authenticated"))

    def answer(self) -> Answer:
        """Return what is kept of it."""
        kept = [(name.decode(), value.decode("latin-1")) for name, value in self._headers if name in _KEPT_HEADERS]
        return Answer(self._status, kept, None if self._is_too_large else bytes(self._body))

    def _add(self, part: bytes) -> None:
        self._is_too_large = self._is_too_large or len(self._body) + len(part) > MAX_KEPT_BYTES
        if not self._is_too_large:
            self._body += part


def _key(given: str) -> str:
    found = _KEY.fullmatch(given.strip())
    if found is None:
        raise MalformedRequest(f"{HEADER} wants 1 to {MAX_KEY_CHARACTERS} visible characters, such as a UUID")
    return found[1]


def _lock_seconds(scope: Scope) -> float:
    context = scope.get("aws.context")
    if context is None:
        return _LOCK_SECONDS
    return float(context.get_remaining_time_in_millis()) / 1000 + _LOCK_GRACE_SECONDS


def _response(answer: Answer) -> Response:
    headers = dict(answer.headers)
    if answer.body is None:
        raise AnswerNotKept(headers.get("location"))
    return Response(answer.body, answer.status, headers={**headers, "Idempotent-Replayed": "true"})


async def _whole_body(receive: Receive) -> bytes | None:
    """Return the request's body, None when the caller left first; raises `PayloadTooLarge` where the limit does."""
    body, more = bytearray(), True
    while more:
        try:
            message = await receive()
        except HTTPException as refusal:
            raise PayloadTooLarge(refusal.detail) from refusal
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def _replayed(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body, then whatever comes after it."""
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again

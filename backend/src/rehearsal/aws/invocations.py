"""Takes Lambda's invocations to where functions really run; moto would need Docker for them."""

import json
import re
from collections.abc import Iterable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlsplit

from werkzeug.wrappers import Request, Response

from rehearsal.aws.authorization import denials
from rehearsal.aws.authorization.guard import WsgiApplication

REGISTRATION_PATH = "/rehearsal/functions"
"""PUT with `{"url": ...}` says where Lambda's Invoke API is served; null is nowhere."""

_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations/?")
_INVOKE_ASYNC = re.compile(r"/2014-11-13/functions/([^/]+)/invoke-async/?")
_LONGEST_SECONDS = 960.0  # a function may take 15 minutes
_FRAMING = {"connection", "content-length", "date", "keep-alive", "transfer-encoding"}


class NotQueued(Exception):
    """An event was not taken; the message is Lambda's."""


class Invocations:
    """A WSGI application before another, which never sees an invocation; who may invoke is the guard's business."""

    def __init__(self, application: WsgiApplication) -> None:
        self._application = application
        self._address: str | None = None

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer for the application, or let it answer."""
        path, method = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        if path == REGISTRATION_PATH:
            return self._register(Request(environ))(environ, start_response)
        invoked, later = _INVOKE.fullmatch(path), _INVOKE_ASYNC.fullmatch(path)
        named = invoked or later
        if method != "POST" or named is None:
            return self._application(environ, start_response)
        request = Request(environ)
        headers = {**_passed_on(request), **({"X-Amz-Invocation-Type": "Event"} if later else {})}
        return self._invoke(named[1], request.query_string.decode(), request.data, headers)(environ, start_response)

    def invoke_later(self, function_arn: str, payload: bytes) -> None:
        """Have a function's event queued; raises `NotQueued` where it is not."""
        answer = self._invoke(function_arn, "", payload, {"X-Amz-Invocation-Type": "Event"})
        if answer.status_code != HTTPStatus.ACCEPTED:
            raise NotQueued(answer.get_data(as_text=True))

    def _register(self, request: Request) -> Response:
        if request.method != "PUT":
            return Response(status=405)
        self._address = json.loads(request.data)["url"]
        return Response(status=204)

    def _invoke(self, function: str, query: str, payload: bytes, headers: dict[str, str]) -> Response:
        if self._address is None:
            return _conflict("No functions run here: the rehearsal has not started them")
        target = f"/2015-03-31/functions/{quote(function, safe='')}/invocations{'?' if query else ''}{query}"
        try:
            return _answer(self._address, target, payload, headers)
        except (OSError, HTTPException) as error:
            return _conflict(f"The functions do not answer at {self._address}: {error}")


def _passed_on(request: Request) -> dict[str, str]:
    return {
        name: value
        for name, value in request.headers.items()
        if name.lower().startswith(("x-amz-", "x-amzn-")) or name.lower() == "content-type"
    }


def _answer(address: str, target: str, body: bytes, headers: dict[str, str]) -> Response:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=_LONGEST_SECONDS)
    try:
        connection.request("POST", target, body, headers)
        answer = connection.getresponse()
        kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _FRAMING]
        return Response(answer.read(), answer.status, kept)
    finally:
        connection.close()


def _conflict(message: str) -> Response:
    """Return an error that no SDK takes for a passing trouble."""
    refusal = denials.Refusal("ResourceConflictException", message, 409)
    return denials.response(refusal, "lambda", "rest-json")

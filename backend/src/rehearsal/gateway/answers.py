"""A function's answer turned into HTTP, or refused as malformed.

Sources: those of the events.
"""

import base64
import binascii
import json
from typing import Any

from rehearsal.gateway.call import Call
from rehearsal.gateway.message import Response

# A REST API keeps these for itself and renames the function's.
# Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
_REMAPPED = {"authorization", "connection", "content-length", "date", "server", "user-agent", "www-authenticate"}
_FRAMING = {"connection", "content-length", "transfer-encoding"}


class MalformedAnswer(Exception):
    """The function's answer is no proxy response; the message says why, as execution logs would."""


def response(call: Call, payload: bytes) -> Response:
    """Return the HTTP response that the payload describes.

    Raises:
        MalformedAnswer: it describes none.
    """
    try:
        answer = json.loads(payload)
    except ValueError as error:
        raise MalformedAnswer("not JSON") from error
    if call.match.route.integration.payload == "2.0":
        return _version_2(answer)
    return _version_1(call, answer)


def _version_1(call: Call, answer: Any) -> Response:
    if not isinstance(answer, dict) or "statusCode" not in answer:
        raise MalformedAnswer("no object with a statusCode")
    headers = _headers_1(answer)
    if call.api.kind == "rest":
        headers = [_renamed(name, value) for name, value in headers]
    body = _text(answer.get("body"))
    is_base64 = answer.get("isBase64Encoded") is True
    content = _decoded(body) if is_base64 and _wants_binary(call) else body.encode()
    return _framed(_status(answer["statusCode"]), headers, content, "application/json")


def _version_2(answer: Any) -> Response:
    if not isinstance(answer, dict) or "statusCode" not in answer:
        inferred = answer if isinstance(answer, str) else json.dumps(answer)
        return Response(200, [("Content-Type", "application/json")], inferred.encode())
    headers = [(name, _header_text(value)) for name, value in _object(answer, "headers").items()]
    headers += [("Set-Cookie", _header_text(cookie)) for cookie in answer.get("cookies") or []]
    body = _text(answer.get("body"))
    content = _decoded(body) if answer.get("isBase64Encoded") is True else body.encode()
    return _framed(_status(answer["statusCode"]), headers, content, "text/plain;charset=UTF-8")


def _headers_1(answer: dict[str, Any]) -> list[tuple[str, str]]:
    """Return both kinds of headers in one list; where both have a name, `multiValueHeaders` wins."""
    several = _object(answer, "multiValueHeaders")
    if not all(isinstance(values, list) for values in several.values()):
        raise MalformedAnswer("multiValueHeaders wants lists")
    taken = {name.lower() for name in several}
    single = [(name, _header_text(value)) for name, value in _object(answer, "headers").items()]
    return [
        *[(name, value) for name, value in single if name.lower() not in taken],
        *[(name, _header_text(value)) for name, values in several.items() for value in values],
    ]


def _object(answer: dict[str, Any], name: str) -> dict[str, Any]:
    found = answer.get(name)
    if found is not None and not isinstance(found, dict):
        raise MalformedAnswer(f"{name} is no object")
    return found or {}


def _header_text(value: Any) -> str:
    if isinstance(value, dict | list):
        raise MalformedAnswer("a header's value is no text")
    text = value if isinstance(value, str) else json.dumps(value)
    if "\r" in text or "\n" in text:
        raise MalformedAnswer("a header's value has a line break")
    return text


def _status(value: Any) -> int:
    try:
        status = int(value)
    except (TypeError, ValueError) as error:
        raise MalformedAnswer("statusCode is no number") from error
    if not 100 <= status <= 599:
        raise MalformedAnswer("statusCode is no HTTP status")
    return status


def _text(body: Any) -> str:
    if body is None:
        return ""
    if not isinstance(body, str):
        raise MalformedAnswer("body is no text")
    return body


def _decoded(body: str) -> bytes:
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise MalformedAnswer("body is not base64") from error


def _wants_binary(call: Call) -> bool:
    """A REST API decodes when the first media type the client accepts is one of its binary ones."""
    if call.api.kind == "http":
        return True
    return call.api.is_binary(call.request.media_type("Accept") or "application/json")


def _renamed(name: str, value: str) -> tuple[str, str]:
    return (f"x-amzn-Remapped-{name}", value) if name.lower() in _REMAPPED else (name, value)


def _framed(status: int, headers: list[tuple[str, str]], body: bytes, media_type: str) -> Response:
    kept = [(name, value) for name, value in headers if name.lower() not in _FRAMING]
    if not any(name.lower() == "content-type" for name, _ in kept):
        kept.append(("Content-Type", media_type))
    return Response(status, kept, body)

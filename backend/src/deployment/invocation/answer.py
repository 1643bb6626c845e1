"""A function's answer as the response API Gateway makes of it; what is none is the gateway's own error."""

import base64
import binascii
import json
from typing import Any

import httpx

_FRAMING = {"connection", "content-length", "transfer-encoding"}


def response_of(payload: bytes) -> httpx.Response:
    """Return the response the payload describes: 502 where it describes none."""
    try:
        answer = json.loads(payload)
        headers = _headers(answer)
        body = answer.get("body") or ""
        content = base64.b64decode(body, validate=True) if answer.get("isBase64Encoded") else body.encode()
        return httpx.Response(int(answer["statusCode"]), headers=headers, content=content)
    except (AttributeError, KeyError, TypeError, ValueError, binascii.Error):
        return refused(502, "Internal server error: the function's answer is no response")


def refused(status: int, message: str) -> httpx.Response:
    """Return an answer of the gateway's own."""
    return httpx.Response(status, json={"message": message})


def _headers(answer: dict[str, Any]) -> list[tuple[str, str]]:
    several = answer.get("multiValueHeaders") or {}
    taken = {name.lower() for name in several}
    found = [(name, str(value)) for name, value in (answer.get("headers") or {}).items() if name.lower() not in taken]
    found += [(name, str(value)) for name, values in several.items() for value in values]
    found += [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or ()]
    return [(name, value) for name, value in found if name.lower() not in _FRAMING]

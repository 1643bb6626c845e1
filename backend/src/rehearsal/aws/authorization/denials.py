"""Refusals in the words and the wire format of each service."""

import json
from dataclasses import dataclass
from uuid import uuid4
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

_JSON = "application/x-amz-json-1.1"


@dataclass(frozen=True)
class Refusal:
    """An error as a service reports it: `code` for programs, `message` for people, `status` of HTTP."""

    code: str
    message: str
    status: int


def access_denied(service: str, protocol: str, message: str) -> Refusal:
    """Return the refusal of a call that nothing allows, with the code its service uses."""
    if service == "s3":
        return Refusal("AccessDenied", message, 403)
    if service == "sns":
        return Refusal("AuthorizationError", message, 403)
    if protocol in {"query", "ec2"}:
        return Refusal("AccessDenied", message, 403)
    if service == "sqs":
        return Refusal("AccessDenied", message, 403)
    return Refusal("AccessDeniedException", message, 403 if protocol == "rest-json" else 400)


def invalid_token(service: str, protocol: str) -> Refusal:
    """Return the refusal of credentials whose session token is missing or another's."""
    message = "The security token included in the request is invalid."
    if service == "s3":
        return Refusal("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
    if protocol == "json":
        return Refusal("UnrecognizedClientException", message, 400)
    return Refusal("InvalidClientTokenId", message, 403)


def expired_token(service: str, protocol: str) -> Refusal:
    """Return the refusal of credentials whose time is over."""
    message = "The security token included in the request is expired"
    if service == "s3":
        return Refusal("ExpiredToken", "The provided token has expired.", 400)
    if protocol in {"json", "rest-json"}:
        return Refusal("ExpiredTokenException", message, 400 if protocol == "json" else 403)
    return Refusal("ExpiredToken", message, 403)


def response(refusal: Refusal, service: str, protocol: str) -> Response:
    """Return `refusal` as the service puts it on the wire."""
    request_id = str(uuid4())
    headers = {"x-amzn-RequestId": request_id}
    if service == "s3":
        return Response(_s3(refusal, request_id), refusal.status, headers, content_type="application/xml")
    if protocol == "ec2":
        return Response(_ec2(refusal, request_id), refusal.status, headers, content_type="text/xml")
    if protocol in {"query", "rest-xml"}:
        return Response(_query(refusal, request_id), refusal.status, headers, content_type="text/xml")
    headers["x-amzn-ErrorType"] = refusal.code
    if service == "sqs":  # its codes from before it spoke JSON
        headers["x-amzn-query-error"] = f"{refusal.code};Sender"
    body = json.dumps({"__type": refusal.code, "message": refusal.message})
    return Response(body, refusal.status, headers, content_type=_JSON if protocol == "json" else "application/json")


def _s3(refusal: Refusal, request_id: str) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{_pair(refusal)}<RequestId>{request_id}</RequestId></Error>'


def _query(refusal: Refusal, request_id: str) -> str:
    error = f"<Error><Type>Sender</Type>{_pair(refusal)}</Error>"
    return f"<ErrorResponse>{error}<RequestId>{request_id}</RequestId></ErrorResponse>"


def _ec2(refusal: Refusal, request_id: str) -> str:
    errors = f"<Errors><Error>{_pair(refusal)}</Error></Errors>"
    return f"<Response>{errors}<RequestID>{request_id}</RequestID></Response>"


def _pair(refusal: Refusal) -> str:
    return f"<Code>{escape(refusal.code)}</Code><Message>{escape(refusal.message)}</Message>"

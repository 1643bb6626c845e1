"""What the gateway answers by itself, in its own JSON.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

import json
from dataclasses import dataclass
from enum import Enum

from rehearsal.gateway.api import Api, GatewayResponse
from rehearsal.gateway.message import Request, Response

REQUEST_LIMIT_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class _Words:
    rest: tuple[int, str, str]
    """Status, message, error type."""
    http: tuple[int, str]


class Failure(Enum):
    """A reason; its name is the gateway response's type where there is one."""

    ACCESS_DENIED = _Words((403, "Forbidden", "ForbiddenException"), (404, "Not Found"))
    MISSING_AUTHENTICATION_TOKEN = _Words(
        (403, "Missing Authentication Token", "MissingAuthenticationTokenException"), (404, "Not Found")
    )
    INVALID_API_KEY = _Words((403, "Forbidden", "ForbiddenException"), (403, "Forbidden"))
    QUOTA_EXCEEDED = _Words((429, "Limit Exceeded", "LimitExceededException"), (429, "Too Many Requests"))
    BAD_REQUEST_BODY = _Words((400, "Invalid request body", "BadRequestException"), (400, "Bad Request"))
    REQUEST_TOO_LARGE = _Words(
        (413, f"HTTP content length exceeded {REQUEST_LIMIT_BYTES} bytes.", "RequestTooLargeException"),
        (413, "Request Entity Too Large"),
    )
    EVENT_TOO_LARGE = _Words((413, "Request Too Long", "RequestTooLargeException"), (413, "Request Entity Too Large"))
    THROTTLED = _Words((429, "Too Many Requests", "TooManyRequestsException"), (429, "Too Many Requests"))
    BAD_ANSWER = _Words((502, "Internal server error", "InternalServerErrorException"), (500, "Internal Server Error"))
    NO_CONCURRENCY = _Words(
        (500, "Internal server error", "InternalServerErrorException"), (503, "Service Unavailable")
    )
    API_CONFIGURATION_ERROR = _Words(
        (500, "Internal server error", "InternalServerErrorException"), (500, "Internal Server Error")
    )
    INTEGRATION_TIMEOUT = _Words(
        (504, "Endpoint request timed out", "InternalServerErrorException"), (503, "Service Unavailable")
    )

    def response(self, api: Api, request: Request, request_id: str = "") -> Response:
        """Return the answer, with a REST API's customisations."""
        if api.kind == "http":
            status, message = self.value.http
            return Response(status, [("Content-Type", "application/json")], _message(message))
        status, message, kind = self.value.rest
        custom = _custom(api, self.name, status)
        headers = {
            "Content-Type": "application/json",
            "x-amzn-ErrorType": kind,
            **{name: _evaluate(value, request) for name, value in custom.headers.items()},
        }
        body = _fill(custom.template, message, self.name, request_id) if custom.template else _message(message)
        return Response(custom.status or status, list(headers.items()), body)


def _message(message: str) -> bytes:
    return json.dumps({"message": message}, separators=(",", ":")).encode()


def _custom(api: Api, kind: str, status: int) -> GatewayResponse:
    for name in (kind, f"DEFAULT_{status // 100}XX"):
        if name in api.gateway_responses:
            return api.gateway_responses[name]
    return GatewayResponse()


def _evaluate(expression: str, request: Request) -> str:
    """Return the value of a mapping expression: a quoted text, or a header of the request."""
    if expression.startswith("method.request.header."):
        return request.header(expression.removeprefix("method.request.header.")) or ""
    return expression.removeprefix("'").removesuffix("'")


def _fill(template: str, message: str, kind: str, request_id: str) -> bytes:
    values = {
        "$context.requestId": request_id,
        "$context.error.messageString": json.dumps(message),
        "$context.error.message": message,
        "$context.error.responseType": kind,
    }
    for name, value in values.items():
        template = template.replace(name, value)
    return template.encode()

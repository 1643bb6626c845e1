"""A request as the event API Gateway makes of it.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from uuid import uuid4

import httpx

_TEXTS = {"json", "javascript", "xml", "x-www-form-urlencoded"}
_ACCOUNT = "000000000000"


@dataclass(frozen=True)
class ApiEndpoint:
    """The API whose events these are.

    Args:
        url: its invoke URL, the stage included.
        protocol: REST (events of version 1.0) or HTTP (2.0).
        source_ip: the address callers seem to come from.
    """

    url: str
    protocol: str
    source_ip: str

    @property
    def prefix(self) -> str:
        """What the path begins with before it is the application's: the stage, unless a domain stands before it."""
        return urlsplit(self.url).path.rstrip("/")

    def path_of(self, request: httpx.Request) -> str:
        """Return the path without the stage, encoded as it was sent."""
        return request.url.raw_path.decode().partition("?")[0].removeprefix(self.prefix) or "/"


def event_of(request: httpx.Request, endpoint: ApiEndpoint) -> dict[str, Any]:
    """Return the event that the API would hand to its function."""
    return _version_2(request, endpoint) if endpoint.protocol == "HTTP" else _version_1(request, endpoint)


def _version_1(request: httpx.Request, endpoint: ApiEndpoint) -> dict[str, Any]:
    path = endpoint.path_of(request)
    headers = _several(_headers(request))
    query = _several(_query(request))
    body, is_base64 = _body(request)
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": request.method,
        "headers": {name: values[-1] for name, values in headers.items()},
        "multiValueHeaders": headers,
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": {"proxy": path.lstrip("/")},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/{proxy+}",
            "httpMethod": request.method,
            "path": f"{endpoint.prefix}{path}",
            "accountId": _ACCOUNT,
            "protocol": "HTTP/1.1",
            "stage": endpoint.prefix.strip("/") or "production",
            "requestTimeEpoch": int(time.time() * 1000),
            "requestId": str(uuid4()),
            "identity": {"sourceIp": endpoint.source_ip, "userAgent": request.headers.get("user-agent")},
            "domainName": request.url.host,
            "apiId": request.url.host.partition(".")[0],
        },
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _version_2(request: httpx.Request, endpoint: ApiEndpoint) -> dict[str, Any]:
    path = f"{endpoint.prefix}{endpoint.path_of(request)}"
    headers = _several((name.lower(), value) for name, value in _headers(request))
    cookies = [cookie.strip() for line in headers.pop("cookie", []) for cookie in line.split(";")]
    body, is_base64 = _body(request)
    optional = {"cookies": cookies, "queryStringParameters": _joined(_several(_query(request))), "body": body}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": unquote(path),  # HTTP APIs decode the path, REST APIs do not
        "rawQueryString": request.url.query.decode(),
        "headers": _joined(headers),
        "requestContext": {
            "accountId": _ACCOUNT,
            "apiId": request.url.host.partition(".")[0],
            "domainName": request.url.host,
            "http": {
                "method": request.method,
                "path": unquote(path),
                "protocol": "HTTP/1.1",
                "sourceIp": endpoint.source_ip,
                "userAgent": request.headers.get("user-agent", ""),
            },
            "requestId": str(uuid4()),
            "routeKey": "$default",
            "stage": endpoint.prefix.strip("/") or "$default",
            "timeEpoch": int(time.time() * 1000),
        },
        **{name: value for name, value in optional.items() if value},
        "isBase64Encoded": is_base64,
    }


def _headers(request: httpx.Request) -> list[tuple[str, str]]:
    kept = [
        (name, value)
        for name, value in request.headers.multi_items()
        if name.lower() not in {"connection", "transfer-encoding"}
    ]
    return [*kept, ("x-forwarded-proto", "https"), ("x-forwarded-port", "443")]


def _query(request: httpx.Request) -> list[tuple[str, str]]:
    return parse_qsl(request.url.query.decode(), keep_blank_values=True, errors="replace")


def _body(request: httpx.Request) -> tuple[str | None, bool]:
    """Return the body as the event holds it: text where it is text, base64 for the rest."""
    content = request.read()
    if not content:
        return None, False
    media_type = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    kind, _, subtype = media_type.partition("/")
    if kind == "text" or subtype in _TEXTS or subtype.endswith(("+json", "+xml")):
        return content.decode(errors="replace"), False
    return base64.b64encode(content).decode(), True


def _several(items: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in items:
        found.setdefault(name, []).append(value)
    return found


def _joined(several: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: ",".join(values) for name, values in several.items()}

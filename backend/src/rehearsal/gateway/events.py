"""Proxy events as API Gateway sends them.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import parse_qsl, unquote

from rehearsal.gateway.call import Call

_IDENTITY = (
    "accessKey",
    "accountId",
    "caller",
    "cognitoAuthenticationProvider",
    "cognitoAuthenticationType",
    "cognitoIdentityId",
    "cognitoIdentityPoolId",
    "principalOrgId",
    "user",
    "userArn",
)


def event(call: Call) -> bytes:
    """Return the event of the payload version the route wants, in JSON."""
    version = call.match.route.integration.payload
    built = _version_2(call) if version == "2.0" else _version_1(call)
    return json.dumps(built, ensure_ascii=False, separators=(",", ":")).encode()


def _version_1(call: Call) -> dict[str, Any]:
    request, route = call.request, call.match.route
    headers = _several(call.headers())
    query = _several(parse_qsl(request.query, keep_blank_values=True, errors="replace"))
    body, is_base64 = _body(call)
    versioned = {"version": "1.0"} if call.api.kind == "http" else {}
    return {
        **versioned,
        "resource": route.path,
        "path": call.path,
        "httpMethod": request.method,
        "headers": _last(headers),
        "multiValueHeaders": headers,
        "queryStringParameters": _last(query) or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(call.match.parameters) or None,
        "stageVariables": dict(call.stage.variables) or None,
        "requestContext": _context_1(call),
        "body": body,
        "isBase64Encoded": is_base64,
    }


def _context_1(call: Call) -> dict[str, Any]:
    request, route = call.request, call.match.route
    return {
        "resourceId": route.resource_id,
        "resourcePath": route.path,
        "httpMethod": request.method,
        "extendedRequestId": call.arrival.extended_request_id,
        "requestTime": call.arrival.at_text,
        "path": call.whole_path,
        "accountId": call.api.account,
        "protocol": "HTTP/1.1",
        "stage": call.stage.name,
        "domainPrefix": call.api.id,
        "requestTimeEpoch": call.arrival.at_ms,
        "requestId": call.arrival.request_id,
        "identity": dict.fromkeys(_IDENTITY)
        | {"sourceIp": request.source_ip, "userAgent": request.header("User-Agent")},
        "domainName": call.api.domain_name,
        "apiId": call.api.id,
    }


def _version_2(call: Call) -> dict[str, Any]:
    request, route = call.request, call.match.route
    headers = _several((name.lower(), value) for name, value in call.headers())
    cookies = [cookie.strip() for line in headers.pop("cookie", []) for cookie in line.split(";")]
    query = _several(parse_qsl(request.query, keep_blank_values=True, errors="replace"))
    body, is_base64 = _body(call)
    if request.body:
        headers["content-length"] = [str(len(request.body))]
    optional = {
        "cookies": cookies,
        "queryStringParameters": _joined(query),
        "pathParameters": {name: unquote(value) for name, value in call.match.parameters.items()},
        "stageVariables": dict(call.stage.variables),
        "body": body,
    }
    return {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": unquote(call.whole_path),  # HTTP APIs decode the path, REST APIs do not
        "rawQueryString": request.query,
        "headers": _joined(headers),
        "requestContext": _context_2(call),
        **{name: value for name, value in optional.items() if value},
        "isBase64Encoded": is_base64,
    }


def _context_2(call: Call) -> dict[str, Any]:
    request = call.request
    return {
        "accountId": call.api.account,
        "apiId": call.api.id,
        "domainName": call.api.domain_name,
        "domainPrefix": call.api.id,
        "http": {
            "method": request.method,
            "path": unquote(call.whole_path),
            "protocol": "HTTP/1.1",
            "sourceIp": request.source_ip,
            "userAgent": request.header("User-Agent") or "",
        },
        "requestId": call.arrival.extended_request_id,
        "routeKey": call.match.route.key,
        "stage": call.stage.name,
        "time": call.arrival.at_text,
        "timeEpoch": call.arrival.at_ms,
    }


def _body(call: Call) -> tuple[str | None, bool]:
    """Return the body as the event holds it: base64 for what is binary, text for the rest."""
    body = call.request.body
    if not body:
        return None, False
    media_type = call.request.media_type("Content-Type") or "application/json"
    is_binary = call.api.is_binary(media_type) if call.api.kind == "rest" else not _is_text(media_type)
    if is_binary:
        return base64.b64encode(body).decode(), True
    return body.decode(errors="replace"), False


def _is_text(media_type: str) -> bool:
    """Whether an HTTP API passes the media type on as it is."""
    subtype = media_type.partition("/")[2]
    known = {"json", "javascript", "xml", "x-www-form-urlencoded"}
    return media_type.startswith("text/") or subtype in known or subtype.endswith(("+json", "+xml"))


def _several(items: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in items:
        found.setdefault(name, []).append(value)
    return found


def _last(several: dict[str, list[str]]) -> dict[str, str]:
    return {name: values[-1] for name, values in several.items()}


def _joined(several: dict[str, list[str]]) -> dict[str, str]:
    return {name: ",".join(values) for name, values in several.items()}

"""Proxy events against the shapes AWS publishes."""

import base64
import re
from typing import Any

import pytest
from tests.lambda_events import http_api as published_http_event
from tests.lambda_events import rest_api as published_rest_event
from tests.rehearsal.gateway.apis import ARN, event_of, http_api, rest_api

from rehearsal.gateway import Api, Integration, Request, Route, Stage


class TestRest:
    """Payload 1.0 of a REST API."""

    def test_has_the_published_shape(self) -> None:
        """Every key of AWS's example, in its order and no other, in the event and in its context."""
        published = published_rest_event()
        event = event_of(rest_api(), Request("GET", "/production/health"))

        assert list(published) == list(event)
        assert list(published["requestContext"]) == list(event["requestContext"])

    def test_whole(self) -> None:
        """A plain request, value by value; only ids and times are free."""
        request = Request("GET", "/production/health", [("Host", "api"), ("User-Agent", "curl/8")], b"", "1.2.3.4", 80)
        event = event_of(rest_api(), request)

        context = event.pop("requestContext")
        trace = event["headers"]["X-Amzn-Trace-Id"]
        headers = {
            "Host": "api",
            "User-Agent": "curl/8",
            "X-Amzn-Trace-Id": trace,
            "X-Forwarded-For": "1.2.3.4",
            "X-Forwarded-Port": "80",
            "X-Forwarded-Proto": "http",
        }
        assert {
            "resource": "/{proxy+}",
            "path": "/health",
            "httpMethod": "GET",
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "queryStringParameters": None,
            "multiValueQueryStringParameters": None,
            "pathParameters": {"proxy": "health"},
            "stageVariables": None,
            "body": None,
            "isBase64Encoded": False,
        } == event
        assert re.fullmatch(r"Root=1-[0-9a-f]{8}-[0-9a-f]{24}", trace)
        fixed = {
            "resourceId": "proxy0",
            "resourcePath": "/{proxy+}",
            "path": "/production/health",
            "stage": "production",
            "accountId": "123456789012",
            "apiId": "abc123",
            "domainName": "abc123.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "abc123",
            "protocol": "HTTP/1.1",
            "httpMethod": "GET",
        }
        assert fixed == {name: context[name] for name in fixed}
        assert ("1.2.3.4", "curl/8") == (context["identity"]["sourceIp"], context["identity"]["userAgent"])
        assert re.fullmatch(r"\d{2}/[A-Z][a-z]{2}/\d{4}:\d{2}:\d{2}:\d{2} \+0000", context["requestTime"])

    @pytest.mark.parametrize("target", ["/production", "/production/"])
    def test_root(self, target: str) -> None:
        """The stage alone is the root resource."""
        event = event_of(rest_api(), Request("GET", target))

        assert ("/", "/", None) == (event["resource"], event["path"], event["pathParameters"])

    def test_keeps_the_path_encoded(self) -> None:
        """A REST API passes the path as it came, in the path and in its parameters."""
        event = event_of(rest_api(), Request("GET", "/production/videos/a%2Fb%20c+d"))

        expected = ("/videos/a%2Fb%20c+d", "videos/a%2Fb%20c+d", "/production/videos/a%2Fb%20c+d")
        found = (event["path"], event["pathParameters"]["proxy"], event["requestContext"]["path"])
        assert expected == found

    def test_decodes_the_query(self) -> None:
        """Names and values are decoded; the last of several is the single one."""
        event = event_of(rest_api(), Request("GET", "/production/x?a=1&a=%C3%A9+b&flag"))

        assert {"a": ["1", "é b"], "flag": [""]} == event["multiValueQueryStringParameters"]
        assert {"a": "é b", "flag": ""} == event["queryStringParameters"]

    def test_repeats_headers(self) -> None:
        """Headers keep their case; of several the last is the single one; the hop's own are gone."""
        headers = [("X-Tag", "one"), ("X-Tag", "two"), ("Connection", "close"), ("Content-Length", "2")]
        event = event_of(rest_api(), Request("POST", "/production/x", headers, b"{}"))

        assert ("two", ["one", "two"]) == (event["headers"]["X-Tag"], event["multiValueHeaders"]["X-Tag"])
        assert {"Connection", "Content-Length"}.isdisjoint(event["headers"])

    def test_appends_the_address(self) -> None:
        """What a client claims to have been forwarded for stands before the address it has."""
        request = Request("GET", "/production/x", [("X-Forwarded-For", "9.9.9.9")], source_ip="1.2.3.4")

        assert "9.9.9.9, 1.2.3.4" == event_of(rest_api(), request)["headers"]["X-Forwarded-For"]

    @pytest.mark.parametrize(
        ("content_type", "is_base64"),
        [("image/png", True), ("image/PNG; q=1", True), ("application/json", False), (None, False)],
    )
    def test_encodes_binary_bodies(self, content_type: str | None, is_base64: bool) -> None:
        """The API's binary media types, and no others, arrive as base64."""
        headers = [("Content-Type", content_type)] if content_type else []
        api = rest_api(binary_media_types=["image/png"])
        event = event_of(api, Request("POST", "/production/x", headers, b"abc"))

        assert (base64.b64encode(b"abc").decode() if is_base64 else "abc", is_base64) == (
            event["body"],
            event["isBase64Encoded"],
        )

    def test_everything_binary(self) -> None:
        """`*/*` makes every body base64."""
        event = event_of(rest_api(binary_media_types=["*/*"]), Request("POST", "/production/x", [], b"{}"))

        assert ("e30=", True) == (event["body"], event["isBase64Encoded"])

    def test_stage_variables(self) -> None:
        """They are passed on, and stand in the function's ARN."""
        stage = Stage("production", {"alias": "live"})
        route = Route("ANY", "/{proxy+}", Integration(ARN.replace("live", "${stageVariables.alias}")))
        event = event_of(rest_api(stages={"production": stage}, routes=[route]), Request("GET", "/production/x"))

        assert {"alias": "live"} == event["stageVariables"]


class TestHttp:
    """Payload 2.0 of an HTTP API."""

    def test_has_the_published_shape(self) -> None:
        """Every key of AWS's example, in its order and no other, in the event and in its context."""
        published = published_http_event()
        event = event_of(http_api(), Request("GET", "/health"))

        assert list(published) == list(event)
        assert list(published["requestContext"]) == list(event["requestContext"])
        assert list(published["requestContext"]["http"]) == list(event["requestContext"]["http"])

    def test_joins(self) -> None:
        """Names are in lower case, several values joined by commas, cookies in a list of their own."""
        headers = [("X-Tag", "one"), ("x-tag", "two"), ("Cookie", "a=1; b=2")]
        event = event_of(http_api(), Request("POST", "/x?a=1&a=2&b=%20", headers, b"{}"))

        assert ("one,two", "2") == (event["headers"]["x-tag"], event["headers"]["content-length"])
        assert (["a=1", "b=2"], False) == (event["cookies"], "cookie" in event["headers"])
        assert ("a=1&a=2&b=%20", {"a": "1,2", "b": " "}) == (event["rawQueryString"], event["queryStringParameters"])

    def test_decodes_the_path(self) -> None:
        """An HTTP API passes the path decoded, with a named stage before it."""
        api = http_api(stages={"v1": Stage("v1")})

        assert "/v1/a b" == event_of(api, Request("GET", "/v1/a%20b"))["rawPath"]

    @pytest.mark.parametrize(
        ("content_type", "is_base64"),
        [("application/json", False), ("text/plain", False), ("application/problem+json", False), ("image/png", True)],
    )
    def test_encodes_what_is_no_text(self, content_type: str, is_base64: bool) -> None:
        """Bodies that are no text arrive as base64, without any setting."""
        request = Request("POST", "/x", [("Content-Type", content_type)], b"abc")

        assert is_base64 == event_of(http_api(), request)["isBase64Encoded"]

    def test_speaks_version_1_when_asked(self) -> None:
        """Payload 1.0 of an HTTP API is a REST API's, and says its version."""
        api = http_api(routes=[Route("ANY", "$default", Integration(ARN))])

        assert "1.0" == event_of(api, Request("GET", "/x"))["version"]


class TestRoutes:
    """Which route takes a request."""

    @pytest.mark.parametrize(
        ("method", "path", "key"),
        [
            ("GET", "/echoes/new", "GET /echoes/new"),
            ("POST", "/echoes/new", "ANY /echoes/{id}"),
            ("GET", "/echoes/7", "ANY /echoes/{id}"),
            ("GET", "/echoes/7/audio", "ANY /echoes/{rest+}"),
            ("GET", "/echoes", "$default"),
            ("GET", "/", "$default"),
        ],
    )
    def test_order(self, method: str, path: str, key: str) -> None:
        """Literal before parameter before greedy before the rest; a method before ANY."""
        keys = ["$default", "ANY /echoes/{rest+}", "ANY /echoes/{id}", "GET /echoes/new"]
        event = event_of(_api(keys), Request(method, path))

        assert key == event["routeKey"]

    def test_parameters(self) -> None:
        """Values of the path's parameters arrive by name, decoded for an HTTP API."""
        event = event_of(_api(["GET /a/{id}/{rest+}"]), Request("GET", "/a/x%20y/b/c"))

        assert {"id": "x y", "rest": "b/c"} == event["pathParameters"]


def _api(keys: list[str]) -> Api:
    def route(key: str) -> Route:
        method, _, path = key.rpartition(" ")
        return Route(method or "ANY", path, Integration(ARN, payload="2.0"))

    changes: dict[str, Any] = {"routes": [route(key) for key in keys]}
    return http_api(**changes)

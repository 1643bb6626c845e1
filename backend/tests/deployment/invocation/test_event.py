"""Requests as API Gateway's events."""

import base64

import httpx

from deployment.invocation.event import ApiEndpoint, event_of

REST = ApiEndpoint("https://id.execute-api.eu-central-1.amazonaws.com/production", "REST", "198.18.0.7")
HTTP = ApiEndpoint("https://id.execute-api.eu-central-1.amazonaws.com/production", "HTTP", "198.18.0.7")


class TestRest:
    """Events of version 1.0."""

    def test_path_and_query(self) -> None:
        """The stage is not part of the path; several values of a name all arrive."""
        event = event_of(httpx.Request("GET", f"{REST.url}/api/v1/workouts-db/?tag=a&tag=b"), REST)
        assert "/api/v1/workouts-db/" == event["path"]
        assert "/production/api/v1/workouts-db/" == event["requestContext"]["path"]
        assert {"tag": ["a", "b"]} == event["multiValueQueryStringParameters"]
        assert {"tag": "b"} == event["queryStringParameters"]

    def test_path_stays_encoded(self) -> None:
        """REST APIs hand a path on as it came."""
        assert "/api/a%20b" == event_of(httpx.Request("GET", f"{REST.url}/api/a%20b"), REST)["path"]

    def test_headers(self) -> None:
        """Several headers of a name all arrive."""
        request = httpx.Request("GET", f"{REST.url}/", headers=[("accept", "a/b"), ("accept", "c/d")])
        assert ["a/b", "c/d"] == event_of(request, REST)["multiValueHeaders"]["accept"]

    def test_text(self) -> None:
        """JSON is text."""
        event = event_of(httpx.Request("POST", f"{REST.url}/", json={"ä": 1}), REST)
        assert ('{"ä":1}', False) == (event["body"], event["isBase64Encoded"])

    def test_binary(self) -> None:
        """A form with a file is base64, byte for byte."""
        request = httpx.Request("POST", f"{REST.url}/", files={"file": ("a.pdf", b"\0\xff\xfe")})
        event = event_of(request, REST)
        assert event["isBase64Encoded"]
        assert request.read() == base64.b64decode(event["body"])

    def test_caller(self) -> None:
        """The caller's address is the one the endpoint was given."""
        assert "198.18.0.7" == event_of(httpx.Request("GET", REST.url), REST)["requestContext"]["identity"]["sourceIp"]


class TestHttp:
    """Events of version 2.0."""

    def test_path(self) -> None:
        """The stage is part of the path, which is decoded; the query is as it came."""
        event = event_of(httpx.Request("GET", f"{HTTP.url}/api/a%20b?x=%31&x=2"), HTTP)
        assert "/production/api/a b" == event["rawPath"]
        assert "x=%31&x=2" == event["rawQueryString"]
        assert {"x": "1,2"} == event["queryStringParameters"]

    def test_cookies(self) -> None:
        """Cookies are a list of their own."""
        event = event_of(httpx.Request("GET", HTTP.url, headers={"cookie": "a=1; b=2"}), HTTP)
        assert ["a=1", "b=2"] == event["cookies"]
        assert "cookie" not in event["headers"]

    def test_without_a_body(self) -> None:
        """What is not there is not in the event."""
        event = event_of(httpx.Request("GET", HTTP.url), HTTP)
        assert {"body", "cookies", "queryStringParameters"}.isdisjoint(event)

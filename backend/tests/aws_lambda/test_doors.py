"""The Lambda entry point under AWS's own runtime client, through each of Lambda's front doors."""

import json
from base64 import b64encode
from collections.abc import Callable

import pytest
from tests.aws_lambda.places import Answer
from tests.lambda_events import Event, function_url, http_api, load_balancer, rest_api

DOORS = pytest.mark.parametrize("door", [rest_api, http_api, function_url, load_balancer])


def mirrored(answer: Answer) -> Answer:
    """Return what the mirror saw."""
    assert answer["statusCode"] == 200
    seen: Answer = json.loads(answer["body"])
    return seen


class TestEveryDoor:
    """What holds whichever way a request comes in."""

    @DOORS
    def test_answers(self, invoke: Callable[[Event], Answer], door: Callable[..., Event]) -> None:
        """Status, text body and the Lambda request id."""
        answer = invoke(door())

        assert (200, '{"status":"ok"}', False) == (
            answer["statusCode"],
            answer["body"],
            answer["isBase64Encoded"],
        )
        assert "request-of-lambda" == answer["headers"]["x-request-id"]

    @DOORS
    def test_a_problem_is_text(self, invoke: Callable[[Event], Answer], door: Callable[..., Event]) -> None:
        """problem+json leaves as it is, not as base64, and names the request."""
        answer = invoke(door(path="/nowhere"))

        assert (404, "application/problem+json", False) == (
            answer["statusCode"],
            answer["headers"]["content-type"],
            answer["isBase64Encoded"],
        )
        assert "request-of-lambda" == json.loads(answer["body"])["instance"]

    @DOORS
    def test_a_picture_as_svg_is_text(self, invoke: Callable[[Event], Answer], door: Callable[..., Event]) -> None:
        """A REST API that knows no binary types would hand out the base64 as it stands."""
        answer = invoke(door(path="/picture"))

        assert ("<svg/>", False) == (answer["body"], answer["isBase64Encoded"])

    @DOORS
    def test_reads_text_bodies(self, invoke: Callable[[Event], Answer], door: Callable[..., Event]) -> None:
        """A body arrives byte for byte."""
        seen = mirrored(invoke(door("POST", "/mirror/x", body='{"a": 1}')))

        assert ("POST", '{"a": 1}') == (seen["method"], seen["body"])

    @DOORS
    def test_reads_binary_bodies(self, invoke: Callable[[Event], Answer], door: Callable[..., Event]) -> None:
        """A body in base64 is decoded first."""
        body = b64encode(b"\x00\xffPDF").decode()

        seen = mirrored(invoke(door("POST", "/mirror/x", body=body, isBase64Encoded=True)))

        assert "\x00\xffPDF" == seen["body"]

    @DOORS
    @pytest.mark.parametrize(
        "mistake",
        [
            {"body": "\ud800"},
            {"body": "abcde", "isBase64Encoded": True},
            {"headers": {"host": "a", "x-forwarded-port": "none"}, "multiValueHeaders": None},
            {"headers": {"host": "[::1]:443"}, "multiValueHeaders": None},
        ],
        ids=["lone surrogate", "broken base64", "port is no number", "address as host"],
    )
    def test_refuses_what_cannot_be_read(
        self, invoke: Callable[[Event], Answer], door: Callable[..., Event], mistake: Event
    ) -> None:
        """The caller's mistake is a 400, never a failed function."""
        event = door("POST", "/mirror/x", **mistake)
        answer = invoke({name: value for name, value in event.items() if value is not None})

        assert (400, "application/problem+json") == (answer["statusCode"], answer["headers"]["content-type"])
        assert "request-of-lambda" == json.loads(answer["body"])["instance"]

    @DOORS
    def test_survives_an_endless_length(self, invoke: Callable[[Event], Answer], door: Callable[..., Event]) -> None:
        """A Content-Length of thousands of digits is too large, not a crash."""
        headers = {"host": "a", "content-length": "9" * 5000}

        assert 413 == invoke(door("POST", "/mirror/x", headers=headers))["statusCode"]


class TestRestApi:
    """API Gateway, payload 1.0."""

    def test_several_values(self, invoke: Callable[[Event], Answer]) -> None:
        """Repeated headers and query parameters all arrive."""
        event = rest_api(path="/mirror/x")
        event["multiValueHeaders"]["X-Colour"] = ["red", "blue"]
        event["multiValueQueryStringParameters"] = {"muscle": ["chest", "été"], "limit": ["5"]}

        seen = mirrored(invoke(event))

        assert "red, blue" == seen["header"]
        assert [["muscle", "chest"], ["muscle", "été"], ["limit", "5"]] == seen["query"]

    def test_the_callers_address(self, invoke: Callable[[Event], Answer]) -> None:
        """It is what the gateway saw, not what a header claims."""
        event = rest_api(path="/mirror/x")
        event["multiValueHeaders"]["X-Forwarded-For"] = ["1.1.1.1, 52.255.255.12"]

        assert "52.255.255.12" == mirrored(invoke(event))["client"]

    def test_links_through_the_stage(self, invoke: Callable[[Event], Answer]) -> None:
        """/production/docs points to /production/openapi.json, whose server is /production."""
        docs = invoke(rest_api(path="/docs"))
        document = invoke(rest_api(path="/openapi.json"))

        assert "url: '/production/openapi.json'" in docs["body"]
        assert [{"url": "/production"}] == json.loads(document["body"])["servers"]

    def test_a_stage_named_like_a_path(self, invoke: Callable[[Event], Answer]) -> None:
        """A stage called mirror does not swallow the path /mirror."""
        seen = mirrored(invoke(rest_api(path="/mirror/x", stage="mirror")))

        assert ("/mirror", "/mirror/mirror/x", "x") == (seen["root_path"], seen["path"], seen["rest"])

    def test_a_custom_domain(self, invoke: Callable[[Event], Answer]) -> None:
        """There the stage is not in the URL, whatever the path begins with."""
        seen = mirrored(invoke(rest_api(path="/mirror/x", stage="mirror", base_path="")))

        assert ("", "x") == (seen["root_path"], seen["rest"])

    def test_the_consoles_test_button(self, invoke: Callable[[Event], Answer]) -> None:
        """It sends null where there are no headers."""
        assert 200 == invoke(rest_api(headers=None, multiValueHeaders=None))["statusCode"]

    def test_encoded_paths(self, invoke: Callable[[Event], Answer]) -> None:
        """Escapes in a path are undone, also those that are no UTF-8."""
        seen = mirrored(invoke(rest_api(path="/mirror/a%20b%ff")))

        assert "a b\ufffd" == seen["rest"]


class TestHttpApi:
    """API Gateway, payload 2.0."""

    def test_cookies_and_query(self, invoke: Callable[[Event], Answer]) -> None:
        """Cookies come beside the headers, the query as the caller wrote it."""
        event = http_api(path="/mirror/x", cookies=["a=1", "b=2"], rawQueryString="q=a%20b&q=c&empty=")

        seen = mirrored(invoke(event))

        assert {"a": "1", "b": "2"} == seen["cookies"]
        assert [["q", "a b"], ["q", "c"], ["empty", ""]] == seen["query"]

    def test_a_named_stage(self, invoke: Callable[[Event], Answer]) -> None:
        """The stage is part of the path it sends, and of the links it gets."""
        seen = mirrored(invoke(http_api(path="/mirror/x", stage="production")))
        docs = invoke(http_api(path="/docs", stage="production"))

        assert ("/production", "x") == (seen["root_path"], seen["rest"])
        assert "url: '/production/openapi.json'" in docs["body"]

    def test_the_callers_address(self, invoke: Callable[[Event], Answer]) -> None:
        """It is what the gateway saw."""
        assert "192.0.2.1" == mirrored(invoke(http_api(path="/mirror/x")))["client"]


class TestFunctionUrl:
    """A function URL, payload 2.0."""

    def test_links(self, invoke: Callable[[Event], Answer]) -> None:
        """There is no stage in its URLs."""
        assert "url: '/openapi.json'" in invoke(function_url(path="/docs"))["body"]

    def test_the_callers_address(self, invoke: Callable[[Event], Answer]) -> None:
        """It is what the URL's front saw."""
        assert "123.123.123.123" == mirrored(invoke(function_url(path="/mirror/x")))["client"]


class TestLoadBalancer:
    """An Application Load Balancer."""

    @pytest.mark.parametrize("multi_value", [False, True])
    def test_the_callers_address(self, invoke: Callable[[Event], Answer], multi_value: bool) -> None:
        """It is the last in X-Forwarded-For: the balancer's own word after the caller's claims."""
        seen = mirrored(invoke(load_balancer(path="/mirror/x", multi_value=multi_value)))

        assert "72.21.198.66" == seen["client"]

    def test_several_values(self, invoke: Callable[[Event], Answer]) -> None:
        """With multi-value headers on, queries arrive whole and headers leave as lists."""
        query = {"muscle": ["chest", "upper%20back"]}
        answer = invoke(load_balancer(path="/mirror/x", multi_value=True, multiValueQueryStringParameters=query))

        assert [["muscle", "chest"], ["muscle", "upper back"]] == mirrored(answer)["query"]
        assert ["request-of-lambda"] == answer["multiValueHeaders"]["x-request-id"]

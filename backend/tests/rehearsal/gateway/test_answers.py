"""Functions' answers turned into HTTP, and the gateway's own."""

import json

import pytest
from tests.rehearsal.gateway.apis import ARN, RecordingBackend, http_api, rest_api

from rehearsal.functions import RequestTooLarge, ResourceNotFound, TooManyRequests
from rehearsal.gateway import Api, Gateway, GatewayResponse, Integration, Request, Response, Route, Stage, Throttle


def answered(answer: object, api: Api | None = None, headers: list[tuple[str, str]] | None = None) -> Response:
    """Return what the client gets when the function answers so."""
    gateway = Gateway(api or rest_api(), RecordingBackend(answer))
    target = "/x" if api and api.kind == "http" else "/production/x"
    return gateway.handle(Request("GET", target, headers or []))


class TestRest:
    """Answers of payload 1.0."""

    def test_plain(self) -> None:
        """Status, headers and body are the function's; JSON is assumed."""
        response = answered({"statusCode": 201, "headers": {"X-Count": 3, "X-Ok": True}, "body": "{}"})

        assert (201, b"{}") == (response.status, response.body)
        assert {"X-Count": "3", "X-Ok": "true", "Content-Type": "application/json"}.items() <= dict(
            response.headers
        ).items()

    def test_several_headers(self) -> None:
        """Every cookie is a header of its own; where both kinds name one, the several win."""
        both = {"headers": {"x-a": "0", "x-b": "1"}, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "X-A": ["2"]}}
        response = answered({"statusCode": 200, **both})

        names = {"Set-Cookie", "X-A", "x-a", "x-b"}
        assert [("x-b", "1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-A", "2")] == [
            item for item in response.headers if item[0] in names
        ]

    def test_renames_what_it_keeps_for_itself(self) -> None:
        """A challenge of the function's own arrives under the gateway's name for it."""
        response = answered({"statusCode": 401, "headers": {"WWW-Authenticate": "Bearer"}})

        assert ("x-amzn-Remapped-WWW-Authenticate", "Bearer") in response.headers

    @pytest.mark.parametrize(
        ("binary", "accept", "body"),
        [
            (["image/png"], "image/png,*/*", b"\x00\xff"),
            (["image/png"], "text/html,image/png", b"AP8="),
            (["image/png"], None, b"AP8="),
            (["*/*"], None, b"\x00\xff"),
            (["image/*"], "image/png", b"\x00\xff"),
        ],
    )
    def test_decodes_by_accept(self, binary: list[str], accept: str | None, body: bytes) -> None:
        """Base64 becomes bytes when the first type the client accepts is a binary media type of the API."""
        headers = [("Accept", accept)] if accept else []
        answer = {"statusCode": 200, "body": "AP8=", "isBase64Encoded": True}

        assert body == answered(answer, rest_api(binary_media_types=binary), headers).body

    @pytest.mark.parametrize(
        "answer",
        [
            "text",
            [],
            {},
            {"statusCode": "ok"},
            {"statusCode": 42},
            {"statusCode": 200, "body": {"a": 1}},
            {"statusCode": 200, "headers": []},
            {"statusCode": 200, "headers": {"a": ["b"]}},
            {"statusCode": 200, "headers": {"a": "b\r\nc: d"}},
            {"statusCode": 200, "multiValueHeaders": {"a": "b"}},
        ],
    )
    def test_refuses_garbage(self, answer: object) -> None:
        """What is no proxy response is 502 in the gateway's words."""
        response = answered(answer)

        assert (502, b'{"message":"Internal server error"}') == (response.status, response.body)

    def test_has_request_ids(self) -> None:
        """The function's event and the client's response name one id."""
        backend = RecordingBackend()
        response = Gateway(rest_api(), backend).handle(Request("GET", "/production/x"))

        assert backend.events[0]["requestContext"]["requestId"] == dict(response.headers)["x-amzn-RequestId"]
        assert [ARN] == backend.functions


class TestHttp:
    """Answers of payload 2.0."""

    def test_cookies(self) -> None:
        """Each cookie is a header of its own; text is assumed."""
        response = answered({"statusCode": 200, "cookies": ["a=1", "b=2"], "body": "hi"}, http_api())

        assert [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Type", "text/plain;charset=UTF-8")] == (
            response.headers[1:]
        )

    @pytest.mark.parametrize(("answer", "body"), [("hi", b"hi"), ({"a": 1}, b'{"a": 1}'), ([1], b"[1]")])
    def test_infers(self, answer: object, body: bytes) -> None:
        """An answer without a status is a body of JSON."""
        response = answered(answer, http_api())

        assert (200, body) == (response.status, response.body)

    def test_decodes_always(self) -> None:
        """Base64 becomes bytes whatever the client accepts."""
        answer = {"statusCode": 200, "body": "AP8=", "isBase64Encoded": True}

        assert b"\x00\xff" == answered(answer, http_api()).body


class TestOwn:
    """What the gateway says by itself."""

    @pytest.mark.parametrize(
        ("api", "target", "status", "message"),
        [
            (rest_api(), "/", 403, "Forbidden"),
            (rest_api(), "/staging/x", 403, "Forbidden"),
            (rest_api(routes=[]), "/production/x", 403, "Missing Authentication Token"),
            (http_api(routes=[]), "/x", 404, "Not Found"),
            (http_api(stages={"v1": Stage("v1")}), "/x", 404, "Not Found"),
        ],
    )
    def test_unknown(self, api: Api, target: str, status: int, message: str) -> None:
        """No stage and no route have each API's own words."""
        response = Gateway(api, RecordingBackend()).handle(Request("GET", target))

        assert (status, {"message": message}) == (response.status, json.loads(response.body))

    @pytest.mark.parametrize(
        ("refusal", "rest", "http"),
        [
            (RequestTooLarge(), (413, "Request Too Long"), (413, "Request Entity Too Large")),
            (TooManyRequests(), (500, "Internal server error"), (503, "Service Unavailable")),
            (ResourceNotFound(), (500, "Internal server error"), (500, "Internal Server Error")),
        ],
    )
    def test_lambda_refuses(self, refusal: Exception, rest: tuple[int, str], http: tuple[int, str]) -> None:
        """What Lambda refuses is the gateway's error, not the function's."""
        responses = [
            Gateway(api, RecordingBackend(refusal=refusal)).handle(Request("GET", target))  # type: ignore[arg-type]  # each is one of Lambda's
            for api, target in [(rest_api(), "/production/x"), (http_api(), "/x")]
        ]

        assert [rest, http] == [(each.status, json.loads(each.body)["message"]) for each in responses]

    @pytest.mark.parametrize(
        ("callers", "status"),
        [
            ((), 500),
            (("arn:aws:execute-api:us-east-1:123456789012:other/*",), 500),
            (("arn:aws:execute-api:us-east-1:123456789012:abc123/staging/*",), 500),
            (("arn:aws:execute-api:us-east-1:123456789012:abc123/production/*",), 200),
            (("arn:aws:execute-api:us-east-1:123456789012:abc123/*/GET/{proxy+}",), 200),
        ],
    )
    def test_permission(self, callers: tuple[str, ...], status: int) -> None:
        """A function whose policy does not let this API's stage call it is not called."""
        backend = RecordingBackend()
        api = rest_api(routes=[Route("ANY", "/{proxy+}", Integration(ARN, callers=callers))])
        response = Gateway(api, backend).handle(Request("GET", "/production/x"))

        assert (status, status == 200) == (response.status, bool(backend.events))

    def test_throttles(self) -> None:
        """A burst is served, the next refused, and served again as time fills the bucket."""
        now = [0.0]
        stage = Stage("production", throttles={"*/*": Throttle(rate_per_second=1, burst=2)})
        gateway = Gateway(rest_api(stages={"production": stage}), RecordingBackend(), clock=lambda: now[0])
        responses = [gateway.handle(Request("GET", "/production/x")) for _ in range(3)]
        now[0] = 1.0
        again = gateway.handle(Request("GET", "/production/x"))

        assert [200, 200, 429, 200] == [response.status for response in [*responses, again]]
        assert b'{"message":"Too Many Requests"}' == responses[-1].body

    def test_customised(self) -> None:
        """A gateway response adds its headers and fills its template, so browsers can read the error."""
        custom = GatewayResponse(
            headers={"Access-Control-Allow-Origin": "'*'", "X-From": "method.request.header.Origin"},
            template='{"message":$context.error.messageString,"type":"$context.error.responseType"}',
        )
        api = rest_api(routes=[], gateway_responses={"DEFAULT_4XX": custom})
        response = Gateway(api, RecordingBackend()).handle(Request("GET", "/production/x", [("Origin", "http://app")]))

        headers = dict(response.headers)
        assert ("*", "http://app") == (headers["Access-Control-Allow-Origin"], headers["X-From"])
        expected = {"message": "Missing Authentication Token", "type": "MISSING_AUTHENTICATION_TOKEN"}
        assert expected == json.loads(response.body)

    def test_the_narrower_customisation_wins(self) -> None:
        """A response of its own type is taken before the default, its status included."""
        responses = {
            "DEFAULT_4XX": GatewayResponse(status=400),
            "MISSING_AUTHENTICATION_TOKEN": GatewayResponse(status=404),
        }
        api = rest_api(routes=[], gateway_responses=responses)

        assert 404 == Gateway(api, RecordingBackend()).handle(Request("GET", "/production/x")).status

"""What a REST API asks of a request before its function is called."""

import json

import pytest
from tests.rehearsal.gateway.apis import ARN, RecordingBackend, rest_api

from rehearsal.gateway import Gateway, GatewayResponse, Integration, Request, Route, Stage, Throttle
from rehearsal.gateway.api import Api, UsagePlan

JSON = ("Content-Type", "application/json")


def keyed(throttle: Throttle | None = None, quota: int | None = None) -> Gateway:
    """Return a gateway whose API wants a key, and knows one."""
    routes = [
        Route("ANY", "/{proxy+}", Integration(ARN), wants_key=True),
        Route("OPTIONS", "/{proxy+}", Integration(ARN)),
    ]
    plans = [UsagePlan(frozenset({"right"}), throttle, quota)]
    return Gateway(rest_api(routes=routes, usage_plans=plans), RecordingBackend(), clock=lambda: 0.0)


def asked(gateway: Gateway, key: str = "", method: str = "GET") -> int:
    """Return the status of a request with that key."""
    headers = [("X-Api-Key", key)] if key else []
    return gateway.handle(Request(method, "/production/machines", headers)).status


class TestKeys:
    """Methods that want a key."""

    def test_takes_a_key_of_the_plan(self) -> None:
        """With a right key the function is called."""
        assert 200 == asked(keyed(), "right")

    def test_refuses_others(self) -> None:
        """Without one, or with another, it is not."""
        assert [403, 403] == [asked(keyed()), asked(keyed(), "wrong")]

    def test_lets_a_preflight_through(self) -> None:
        """A method that wants no key is not asked for one."""
        assert 200 == asked(keyed(), method="OPTIONS")

    def test_slows_a_key_down(self) -> None:
        """Beyond the plan's rate a key waits."""
        gateway = keyed(Throttle(1.0, 2))
        assert [200, 200, 429] == [asked(gateway, "right") for _ in range(3)]

    def test_counts_a_key(self) -> None:
        """Beyond its quota a key is done."""
        gateway = keyed(quota=1)
        assert [200, 429] == [asked(gateway, "right") for _ in range(2)]


class TestBodies:
    """Methods that want a JSON object."""

    @pytest.mark.parametrize(
        ("body", "headers", "status"),
        [
            (b'{"a": 1}', [JSON], 200),
            (b'{"a": 1}', [("Content-Type", "application/json; charset=utf-8")], 200),
            (b"[1]", [JSON], 400),
            (b"{", [JSON], 400),
            (b"", [JSON], 400),
            (b"x", [], 400),
            (b"\xff", [JSON], 400),
            (b"--x", [("Content-Type", "multipart/form-data; boundary=x")], 200),
        ],
    )
    def test_judges(self, body: bytes, headers: list[tuple[str, str]], status: int) -> None:
        """What calls itself JSON, or says nothing, is a JSON object; anything else passes."""
        routes = [Route("POST", "/chat", Integration(ARN), wants_object=True)]
        gateway = Gateway(rest_api(routes=routes), RecordingBackend())
        assert status == gateway.handle(Request("POST", "/production/chat", headers, body)).status

    def test_says_it_in_the_apis_words(self) -> None:
        """The answer is the API's own, with the request's id."""
        template = '{"type": "bad", "instance": "$context.requestId"}'
        routes = [Route("POST", "/chat", Integration(ARN), wants_object=True)]
        responses = {"BAD_REQUEST_BODY": GatewayResponse(400, {}, template)}
        gateway = Gateway(rest_api(routes=routes, gateway_responses=responses), RecordingBackend())
        answer = gateway.handle(Request("POST", "/production/chat", [JSON], b"["))
        said = json.loads(answer.body)
        assert ("bad", dict(answer.headers)["x-amzn-RequestId"]) == (said["type"], said["instance"])


class TestDomain:
    """An API behind a name of its own."""

    @pytest.fixture
    def api(self) -> Api:
        """Return an API that a domain leads to, its other address off."""
        return rest_api(
            stages={"production": Stage("production")}, mapped_stage="production", has_default_endpoint=False
        )

    def test_has_no_stage_in_its_paths(self, api: Api) -> None:
        """The whole path is the function's."""
        backend = RecordingBackend()
        Gateway(api, backend).handle(Request("GET", "/api/v1/health/", []))
        assert ["/api/v1/health/"] == [event["path"] for event in backend.events]

    def test_is_at_its_name_alone(self, api: Api) -> None:
        """What would be the stage is a path like any other."""
        backend = RecordingBackend()
        Gateway(api, backend).handle(Request("GET", "/production/health", []))
        assert ["/production/health"] == [event["path"] for event in backend.events]

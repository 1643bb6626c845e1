"""Paths of videos, as API Gateway hands them on."""

import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from mangum import Mangum
from mangum.types import LambdaContext
from starlette.testclient import TestClient
from tests.lambda_events import Event, http_api, rest_api
from tests.object_store import ObjectStage
from tests.services.fitness.accounts import Json


class Context:
    """What the runtime tells of an invocation."""

    aws_request_id = "request-of-lambda"


class TestThroughTheGateway:
    """GET /videos/{path} as API Gateway hands it on: a REST API leaves the path encoded, an HTTP API decodes it."""

    @pytest.fixture
    def ask(self, app: FastAPI, caller: TestClient) -> Callable[[Event], tuple[int, Json]]:
        """Return a function that sends an event as the caller, and returns status and body."""

        def send(event: Event) -> tuple[int, Json]:
            authorization = caller.headers["Authorization"]
            event["headers"] = {"authorization": authorization}
            if "multiValueHeaders" in event:
                event["multiValueHeaders"] = {"authorization": [authorization]}
            context: LambdaContext = Context()  # type: ignore[assignment]  # the one attribute that is read
            answer = Mangum(app, lifespan="off", text_mime_types=["application/"])(event, context)
            return answer["statusCode"], json.loads(answer["body"])

        return send

    @pytest.mark.parametrize(
        "event",
        [
            rest_api(path="/api/v1/videos/exercises/a%20b%C3%BC.mp4"),
            rest_api(path="/api/v1/videos/exercises%2Fa%20b%C3%BC.mp4"),
            http_api(path="/api/v1/videos/exercises/a bü.mp4"),
        ],
        ids=["REST", "REST, encoded whole", "HTTP"],
    )
    def test_finds_the_video(self, ask: Callable[[Event], tuple[int, Json]], stage: ObjectStage, event: Event) -> None:
        """The path is the same through every door."""
        stage.put("videos/exercises/a bü.mp4")
        status, body = ask(event)
        assert (200, "exercises/a bü.mp4") == (status, body["path"])

    @pytest.mark.parametrize(
        "event",
        [
            rest_api(path="/api/v1/videos/a/%2e%2e/%2e%2e/secret.mp4"),
            rest_api(path="/api/v1/videos/..%2F..%2Fsecret.mp4"),
            rest_api(path="/api/v1/videos/%252e%252e%252fsecret.mp4"),
            http_api(path="/api/v1/videos/../../secret.mp4"),
            http_api(path="/api/v1/videos/%2e%2e%2fsecret.mp4"),
        ],
    )
    def test_refuses_what_is_no_path(self, ask: Callable[[Event], tuple[int, Json]], event: Event) -> None:
        """However often it was encoded."""
        status, body = ask(event)
        assert (422, "urn:coachwork:problem:invalid-video-path") == (status, body["type"])

"""The Lambda entry point under AWS's own runtime client, through each of Lambda's front doors."""

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any
from uuid import UUID

import pytest
from tests.lambda_events import Event, arrival, function_url, http_api, load_balancer, rest_api

from rehearsal.runtime import ExecutionEnvironment, Function

REPOSITORY = Path(__file__).parents[2]
SOURCE = REPOSITORY / "backend" / "src"
MIRROR = """
    from fastapi import Request, Response
    from coachwork.aws_lambda import app, handler
    from coachwork.chassis.errors import DatabaseUnavailable
    from coachwork.chassis.http.services import Service

    def note(resources, task, invocation):
        print("noted", task, invocation.function_arn, invocation.deadline.left_seconds > 0)
        if task.subject_id.int == 503:
            raise DatabaseUnavailable

    def take(resources, key, invocation):
        print("taken", key, invocation.function_arn, invocation.deadline.left_seconds > 0)
        if key == "originals/503":
            raise DatabaseUnavailable

    app.state.services = [Service("mirror", (), {"mirror.note": lambda: note}, {"documents": lambda: take})]

    @app.get("/picture")
    def picture() -> Response:
        return Response("<svg/>", media_type="image/svg+xml")

    @app.api_route("/mirror/{rest:path}", methods=["GET", "POST"])
    async def mirror(request: Request, rest: str):
        return {
            "method": request.method, "path": request.scope["path"], "rest": rest,
            "root_path": request.scope["root_path"], "query": request.query_params.multi_items(),
            "header": request.headers.get("x-colour"), "cookies": request.cookies,
            "body": (await request.body()).decode("latin-1"), "client": request.client.host,
        }
"""
DOORS = pytest.mark.parametrize("door", [rest_api, http_api, function_url, load_balancer])

Answer = dict[str, Any]


@pytest.fixture(scope="module")
def lambda_environ(environ: dict[str, str]) -> dict[str, str]:
    """Return the function's variables; the vector index is somewhere else, as in the cloud."""
    return {
        **{name: value for name, value in environ.items() if name != "CHROMA_PATH"},
        "CHROMA_HTTP_URL": "http://127.0.0.1:9",
        "DOCUMENTS_BUCKET_NAME": "papers",
        "PYTHONPATH": str(SOURCE),
    }


@pytest.fixture(scope="module")
def environment(
    tmp_path_factory: pytest.TempPathFactory, lambda_environ: dict[str, str]
) -> Iterator[ExecutionEnvironment]:
    """Yield the very handler, and beside its routes one that tells what arrived."""
    folder = tmp_path_factory.mktemp("task")
    (folder / "mirrored.py").write_text(dedent(MIRROR))
    function = Function("mirrored.handler", Path(sys.executable), folder, lambda_environ)
    with ExecutionEnvironment(function) as started:
        yield started


@pytest.fixture(scope="module")
def invoke(environment: ExecutionEnvironment) -> Callable[[Event], Answer]:
    """Return a function that sends an event and returns the gateway's view of the answer."""

    def send(event: Event) -> Answer:
        invocation = environment.invoke(json.dumps(event).encode(), request_id="request-of-lambda")
        assert invocation.outcome == "response", invocation.payload
        answer: Answer = json.loads(invocation.payload)
        return answer

    return send


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


class TestTasks:
    """Events that mean work, not a request."""

    def test_are_done(self, environment: ExecutionEnvironment) -> None:
        """By the handler registered under their name, which knows the invocation."""
        told = {"coachwork": {"task": "mirror.note", "subject_id": str(UUID(int=7))}}
        invocation = environment.invoke(json.dumps(told).encode())

        assert ("response", {"task": "mirror.note", "outcome": "done"}) == (
            invocation.outcome,
            json.loads(invocation.payload),
        )

    def test_fail_when_a_part_is_down(self, environment: ExecutionEnvironment) -> None:
        """So that Lambda tries them again."""
        told = {"coachwork": {"task": "mirror.note", "subject_id": str(UUID(int=503))}}
        invocation = environment.invoke(json.dumps(told).encode())

        assert ("error", "DatabaseUnavailable") == (invocation.outcome, json.loads(invocation.payload)["errorType"])

    @pytest.mark.parametrize(
        "told",
        [
            None,
            5,
            [],
            {},
            {"task": "made.up", "subject_id": str(UUID(int=7))},
            {"task": "mirror.note", "subject_id": "x"},
            {"task": "mirror.note", "subject_id": str(UUID(int=7)), "owner_id": "x"},
        ],
    )
    def test_of_no_meaning_are_dropped(self, environment: ExecutionEnvironment, told: object) -> None:
        """Trying again would not help."""
        invocation = environment.invoke(json.dumps({"coachwork": told}).encode())

        assert ("response", "refused") == (invocation.outcome, json.loads(invocation.payload)["outcome"])


class TestArrivals:
    """Events of S3."""

    def test_are_told(self, environment: ExecutionEnvironment) -> None:
        """To the service that waits for what its bucket is for."""
        invocation = environment.invoke(json.dumps(arrival("originals/7.pdf", bucket="papers")).encode())

        assert ("response", {"done": 1, "refused": 0, "failed": 0}) == (
            invocation.outcome,
            json.loads(invocation.payload),
        )

    def test_fail_when_a_part_is_down(self, environment: ExecutionEnvironment) -> None:
        """So that Lambda tries them again."""
        invocation = environment.invoke(json.dumps(arrival("originals/503", bucket="papers")).encode())

        assert ("error", "DatabaseUnavailable") == (invocation.outcome, json.loads(invocation.payload)["errorType"])


class TestUnknownEvents:
    """Events that are neither."""

    @pytest.mark.parametrize(
        "event",
        [
            None,
            5,
            "text",
            [],
            {},
            {"Records": [{"s3": {}}]},
            {"requestContext": {}},
            {"requestContext": 5, "version": "2.0"},
        ],
    )
    def test_are_refused(self, environment: ExecutionEnvironment, event: object) -> None:
        """The function does not fail, so Lambda does not try again."""
        invocation = environment.invoke(json.dumps(event).encode())

        assert ("response", 400) == (invocation.outcome, json.loads(invocation.payload)["statusCode"])


class TestImage:
    """The packages of the image's lock file, and no others."""

    def test_suffice(self, lambda_environ: dict[str, str]) -> None:
        """Every service loads and answers: the document is whole."""
        function = Function("coachwork.aws_lambda.handler", _image_python(), SOURCE, lambda_environ)
        with ExecutionEnvironment(function) as environment:
            invocation = environment.invoke(json.dumps(rest_api(path="/openapi.json")).encode())

        answer = json.loads(invocation.payload)
        assert 200 == answer["statusCode"], answer
        assert "/health" in json.loads(answer["body"])["paths"]

    def test_import_whole(self, lambda_environ: dict[str, str]) -> None:
        """Every vendor's SDK loads without what is left out of its package."""
        handler = "benchmarks.functions.eager.handler"
        function = Function(handler, _image_python(), SOURCE.parent, lambda_environ, init_timeout_seconds=60)
        with ExecutionEnvironment(function) as environment:
            invocation = environment.invoke(json.dumps(rest_api()).encode())

        assert 200 == json.loads(invocation.payload)["statusCode"]

    def test_hold_no_embedded_index(self, environ: dict[str, str]) -> None:
        """A folder for the vector index is refused with what to do about it, not with a traceback."""
        program = """
            import os
            from coachwork.bootstrap import bootstrap
            from coachwork.chassis.errors import VectorIndexUnavailable
            from coachwork.chassis.settings import Settings
            try:
                bootstrap(Settings.load(os.environ)).vector_index("passages")
            except VectorIndexUnavailable as refusal:
                print(refusal.detail)
        """
        asked = [str(_image_python()), "-c", dedent(program)]
        told = subprocess.run(
            asked, env={**environ, "PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True
        )

        assert "CHROMA_PATH needs the package chromadb, which the image leaves out" == told.stdout.strip()


def _image_python() -> Path:
    """Return the image environment's interpreter, made by the Makefile when it is not there yet."""
    made = subprocess.run(
        ["make", "--silent", "image-environment"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if made.returncode and not os.environ.get("CI"):
        pytest.skip(f"the image's packages could not be installed: {made.stderr.strip()[-300:]}")
    assert 0 == made.returncode, made.stderr
    return REPOSITORY / ".venv-image" / "bin" / "python"

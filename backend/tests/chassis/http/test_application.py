"""The application's shell: problems, request ids, limits, CORS, documentation, liveness."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Annotated

import pytest
from fastapi import APIRouter, FastAPI
from starlette.testclient import TestClient

from coachwork.chassis.errors import Conflict, TooManyRequests
from coachwork.chassis.http.dependencies import ClientAddress
from coachwork.chassis.http.schemas import Printable, RequestSchema
from coachwork.chassis.http.services import Endpoints, Service
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.main import create_app


class Note(RequestSchema):
    """A body with one of each trap."""

    text: Annotated[str, Printable]
    stars: int = 3
    weight: float = 1.0


notes = APIRouter(prefix="/notes")
probe = APIRouter(prefix="/probe")


@notes.post("")
def post_note(note: Note) -> Note:
    """Echo a note."""
    return note


@notes.get("")
def get_notes() -> list[Note]:
    """Return no notes."""
    return []


probe.include_router(notes)


@probe.get("/conflict")
def get_conflict() -> None:
    """Fail as expected."""
    raise Conflict("Somebody was faster")


@probe.get("/busy")
def get_busy() -> None:
    """Fail with a header."""
    raise TooManyRequests(7)


@probe.get("/crash")
def get_crash() -> None:
    """Fail unexpectedly, with a secret in the message."""
    raise RuntimeError("password=hunter2")


@probe.get("/address")
def get_address(address: ClientAddress) -> str:
    """Say where the caller is."""
    return address


def probe_app(resources: Resources, **changes: object) -> FastAPI:
    """Return the real application with the probe as its only service."""
    settings = resources.settings.model_copy(update=changes)
    return create_app(replace(resources, settings=settings), [Service("probe", [Endpoints("/probe", lambda: [probe])])])


@pytest.fixture
def http(resources: Resources) -> TestClient:
    """Return a client of the probe application."""
    return TestClient(probe_app(resources, max_request_bytes=2_000))


class TestProblems:
    """Every failure is problem+json of one shape."""

    def test_an_expected_failure(self, http: TestClient) -> None:
        """Type, title, status, detail and the request's id."""
        response = http.get("/probe/conflict", headers={"X-Request-Id": "request-0001"})
        expected = {
            "type": "urn:coachwork:problem:conflict",
            "title": "This conflicts with what is already there",
            "status": 409,
            "detail": "Somebody was faster",
            "instance": "request-0001",
        }
        assert (409, expected) == (response.status_code, response.json())
        assert response.headers["content-type"] == "application/problem+json"

    def test_a_failure_with_a_header(self, http: TestClient) -> None:
        """A 429 carries Retry-After."""
        assert http.get("/probe/busy").headers["Retry-After"] == "7"

    def test_an_unexpected_failure_tells_nothing(self, http: TestClient) -> None:
        """A bug is a 500 without a trace of its message, and still quotes the request's id."""
        response = http.get("/probe/crash")
        assert response.status_code == 500
        assert "hunter2" not in response.text
        assert response.json()["instance"] == response.headers["X-Request-Id"]

    @pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nowhere", 404), ("PUT", "/probe/notes", 405)])
    def test_what_the_framework_refuses(self, http: TestClient, method: str, path: str, status: int) -> None:
        """Unknown paths and methods have the same shape."""
        response = http.request(method, path)
        assert (status, status) == (response.status_code, response.json()["status"])

    @pytest.mark.parametrize(
        ("body", "status", "location"),
        [
            (b'{"text": "ok", "unknown": 1}', 422, "body/unknown"),
            (b'{"text": 5}', 422, "body/text"),
            (b'{"text": "a\\u0000b"}', 422, "body/text"),
            (b'{"text": "\\ud800"}', 422, "body/text"),
            (b'{"text": "\\u200b \\u200b"}', 422, "body/text"),
            (b'{"text": "ok", "stars": 1e400}', 422, "body/stars"),
            (b'{"text": "ok", "weight": NaN}', 422, "body/weight"),
            (b"[]", 422, "body"),
            (b"", 422, "body"),
            (b"{", 400, None),
            (b'{"text": "\xff\xfe"}', 400, None),
            (b"[" * 1_900, 400, None),
        ],
    )
    def test_a_bad_body(self, http: TestClient, body: bytes, status: int, location: str | None) -> None:
        """Each bad body is a 4xx that says where."""
        response = http.post("/probe/notes", content=body, headers={"Content-Type": "application/json"})
        assert status == response.status_code
        if location:
            assert location in [error["location"] for error in response.json()["errors"]]

    def test_a_bad_value_is_not_echoed(self, http: TestClient) -> None:
        """What was sent may be a secret; the answer names the field, never the value."""
        assert "s3cret" not in http.post("/probe/notes", json={"text": "ok", "stars": "s3cret"}).text

    def test_a_body_over_the_limit(self, http: TestClient) -> None:
        """A large body is a 413, whether or not it says its size."""
        large = json.dumps({"text": "x" * 3_000}).encode()
        headers = {"Content-Type": "application/json"}
        said = http.post("/probe/notes", content=large, headers=headers)
        unsaid = http.post("/probe/notes", content=iter([large[:1_500], large[1_500:]]), headers=headers)
        assert [413, 413] == [said.status_code, unsaid.status_code]
        assert said.headers["content-type"] == "application/problem+json"

    def test_a_wrong_method_is_told_the_right_ones(self, http: TestClient) -> None:
        """Allow names the methods of every route at the path."""
        response = http.put("/probe/notes")
        assert (405, "GET, POST") == (response.status_code, response.headers["Allow"])


class TestHead:
    """HEAD."""

    def test_it_is_a_get_without_the_body(self, http: TestClient) -> None:
        """Status and headers are those of GET; probes and caches rely on it."""
        get, head = http.get("/health"), http.head("/health")
        assert (200, b"", get.headers["content-length"]) == (
            head.status_code,
            head.content,
            head.headers["content-length"],
        )

    def test_it_is_refused_where_get_is(self, http: TestClient) -> None:
        """A path without GET takes no HEAD."""
        assert http.head("/nowhere").status_code == 404


class TestRequestId:
    """Every answer has one."""

    def test_the_callers_own_is_kept(self, http: TestClient) -> None:
        """A well-formed X-Request-Id is carried through."""
        assert http.get("/health", headers={"X-Request-Id": "my-request-1"}).headers["X-Request-Id"] == "my-request-1"

    @pytest.mark.parametrize("given", ["short", "has spaces in it", "x" * 200, "new\tline-0000"])
    def test_a_strange_one_is_replaced(self, http: TestClient, given: str) -> None:
        """What could break a log line is not carried through."""
        assert http.get("/health", headers={"X-Request-Id": given}).headers["X-Request-Id"] != given


class TestCors:
    """CORS by allow-list."""

    @pytest.mark.parametrize(("origin", "allowed"), [("https://app.example", True), ("https://evil.example", False)])
    def test_only_listed_origins(self, resources: Resources, origin: str, allowed: bool) -> None:
        """A preflight succeeds for a listed origin alone."""
        http = TestClient(probe_app(resources, cors_origins=("https://app.example",)))
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        response = http.options("/probe/notes", headers=headers)
        assert allowed == (response.headers.get("Access-Control-Allow-Origin") == origin)

    def test_a_failure_can_be_read_by_a_front_end(self, resources: Resources) -> None:
        """Problems carry the CORS header too."""
        http = TestClient(probe_app(resources, cors_origins=("https://app.example",)))
        response = http.get("/probe/conflict", headers={"Origin": "https://app.example"})
        assert response.headers["Access-Control-Allow-Origin"] == "https://app.example"


class TestDocumentation:
    """/docs and /openapi.json."""

    def test_it_follows_the_root_path(self, resources: Resources) -> None:
        """Behind a prefix, the page asks for the document behind the same prefix."""
        http = TestClient(probe_app(resources, root_path="/production"))
        assert '"/production/openapi.json"' in http.get("/production/docs").text.replace("'", '"')
        document = http.get("/production/openapi.json").json()
        assert [{"url": "/production"}] == document["servers"]
        assert "/probe/notes" in document["paths"]

    def test_its_files_are_served_without_internet(self, http: TestClient) -> None:
        """Swagger UI's script comes from this server where it is installed."""
        assert http.get("/docs/assets/swagger-ui-bundle.js").status_code == 200
        assert http.get("/docs/assets/..%2Fcore.py").status_code == 404

    @pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/docs/assets/swagger-ui.css", "/redoc"])
    def test_it_is_off_in_production(self, resources: Resources, environ: dict[str, str], path: str) -> None:
        """Production tells nobody its surface."""
        production = {**environ, "ENVIRONMENT": "production", "OPENAI_API_KEY": "sk-x"}
        app = create_app(replace(resources, settings=Settings.load(production)), [])
        assert TestClient(app).get(path).status_code == 404


@pytest.fixture
def log() -> Iterator[StringIO]:
    """Yield what the logger writes; it took hold of standard output before the test's capture began."""
    written = StringIO()
    before = logger.registered_handler.setStream(written)
    yield written
    logger.registered_handler.setStream(before)


class TestLogs:
    """One line a request, with no text of the caller's."""

    def test_a_request_is_one_line(self, http: TestClient, log: StringIO) -> None:
        """Method, route template, status; nothing of the body or query."""
        http.post("/probe/notes?token=hush", json={"text": "private words"})
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        expected = ("POST", "/probe/notes", 200)
        assert [expected] == [(line["method"], line["route"], line["status"]) for line in lines]
        assert "private words" not in log.getvalue()
        assert "hush" not in log.getvalue()

    def test_a_request_is_one_metric(self, http: TestClient, capsys: pytest.CaptureFixture[str]) -> None:
        """Embedded metrics are a line of their own."""
        http.get("/probe/conflict")
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [(1, 0)] == [(line["Requests"], line["ServerErrors"]) for line in lines if "_aws" in line]

    def test_a_refusal_is_named(self, http: TestClient, log: StringIO) -> None:
        """The line of a request that ended in a problem names it; that of another has none."""
        http.get("/probe/conflict"), http.get("/nowhere"), http.post("/probe/notes", json={"text": "words"})
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        assert ["conflict", "not-found", None] == [
            line.get("problem") for line in lines if line["message"] == "request"
        ]

    def test_a_crash_leaves_its_trace_in_the_log(self, http: TestClient, log: StringIO) -> None:
        """What the caller is not told, the operator finds by request id."""
        request_id = http.get("/probe/crash").headers["X-Request-Id"]
        line = json.loads(log.getvalue().splitlines()[0])
        assert (request_id, "RuntimeError") == (line["request_id"], line["exception_name"])


class TestClientAddress:
    """ClientAddress."""

    def test_headers_cannot_claim_it(self, http: TestClient) -> None:
        """X-Forwarded-For is the caller's own claim and is ignored."""
        assert http.get("/probe/address", headers={"X-Forwarded-For": "9.9.9.9"}).json() == "testclient"

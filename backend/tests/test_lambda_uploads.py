"""Files that come in through API Gateway, to the very handler under AWS's own runtime client."""

import json
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from uuid import uuid4

import pytest
from tests.lambda_events import Event, http_api, rest_api

from rehearsal.runtime import ExecutionEnvironment, Function

SOURCE = Path(__file__).parents[1] / "src"
EVENT_LIMIT_BYTES = 6_291_556
"""Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, as the service counts 6 MB."""
IMPORTS = "/api/v1/imports"
HEADER = "Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE\r\n"
NOTE = "łäßt — 90 кг, 深蹲 🏋 – “très” lourd"
FILE = (
    f'{HEADER}2026-03-02 18:05:00,"Upper",1h,"Bench Press (Barbell)",1,80.0,5,0,0,"{NOTE}",,8.5\r\n'
    '2026-03-02 18:05:00,"Upper",1h,"Bench Press (Barbell)",2,82.5,5,0,0,,,9\r\n'
)
BOUNDARY = "----formdata-8f2a"
DOORS = pytest.mark.parametrize("door", [rest_api, http_api])
Json = dict[str, Any]
Send = Callable[..., tuple[int, Json]]


@pytest.fixture(scope="module")
def environment(environ: dict[str, str], library: object) -> Iterator[ExecutionEnvironment]:
    """Yield the handler, with a database that has the library."""
    variables = {
        **{name: value for name, value in environ.items() if name != "CHROMA_PATH"},
        "CHROMA_HTTP_URL": "http://127.0.0.1:9",
        "DOCUMENTS_BUCKET_NAME": "papers",
        "PYTHONPATH": str(SOURCE),
    }
    function = Function("coachwork.aws_lambda.handler", Path(sys.executable), SOURCE, variables)
    with ExecutionEnvironment(function) as started:
        yield started


@pytest.fixture(scope="module")
def send(environment: ExecutionEnvironment) -> Send:
    """Return a function that sends a request through a door; a body of bytes travels as base64, as gateways do it."""

    def invoke(
        door: Callable[..., Event], method: str, path: str, body: bytes | str = "", query: str = "", **headers: str
    ) -> tuple[int, Json]:
        is_binary = isinstance(body, bytes)
        event = door(method, path, body=b64encode(body).decode() if is_binary else body, isBase64Encoded=is_binary)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        event["headers"] = {**event["headers"], **named}
        if door is rest_api:
            event["multiValueHeaders"] = {name: [value] for name, value in event["headers"].items()}
            event["multiValueQueryStringParameters"] = {name: [value] for name, value in parse_qsl(query)}
        else:
            event["rawQueryString"] = query
        payload = json.dumps(event).encode()
        assert len(payload) <= EVENT_LIMIT_BYTES, "no gateway can send this"
        answer = json.loads(environment.invoke(payload, request_id="request").payload)
        return answer["statusCode"], json.loads(answer["body"])

    return invoke


@pytest.fixture
def token(send: Send) -> str:
    """Return a new user's access token."""
    credentials = json.dumps({"email": f"{uuid4()}@example.com", "password": "a password of the tests"})
    assert 201 == send(http_api, "POST", "/api/v1/users/register", credentials, content_type="application/json")[0]
    status, told = send(http_api, "POST", "/api/v1/users/login", credentials, content_type="application/json")
    assert 200 == status
    found: str = told["access_token"]
    return found


def form(content: bytes, **fields: str) -> bytes:
    """Return a form with a file and other fields, as a browser writes it."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    head = b'Content-Disposition: form-data; name="file"; filename="strong.csv"\r\nContent-Type: text/csv\r\n\r\n'
    whole = b"".join(b"--%s\r\n%s\r\n" % (BOUNDARY.encode(), part) for part in [*parts, head + content])
    return whole + b"--%s--\r\n" % BOUNDARY.encode()


@pytest.fixture
def upload(send: Send, token: str) -> Send:
    """Return a function that imports a form as the user."""

    def imported(door: Callable[..., Event], body: bytes, query: str) -> tuple[int, Json]:
        headers = {"content_type": f"multipart/form-data; boundary={BOUNDARY}", "authorization": f"Bearer {token}"}
        return send(door, "POST", IMPORTS, body, f"kind=strong&unit=kg&{query}", **headers)

    return imported


@DOORS
class TestForm:
    """POST /imports with a form, its bytes as base64."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_arrives_byte_for_byte(
        self, upload: Send, send: Send, token: str, door: Callable[..., Event], encoding: str
    ) -> None:
        """The dry run counts what the import then does, and stores nothing; every letter of a note is there again."""
        body, logs = form(FILE.encode(encoding)), "/api/v1/workouts-db/logs"
        as_me = {"authorization": f"Bearer {token}"}
        status, tried = upload(door, body, "dry_run=true")
        assert (200, True, 2, 0) == (
            status,
            tried["dry_run"],
            tried["counts"]["new_sets"],
            tried["counts"]["problem_lines"],
        )
        assert [] == send(door, "GET", logs, **as_me)[1]["items"]
        done = upload(door, body, "dry_run=false")[1]
        assert tried["counts"] == done["counts"]
        [log] = send(door, "GET", logs, **as_me)[1]["items"]
        assert NOTE in log["notes"]
        assert [80.0, 82.5] == [one["weight_kg"] for one in log["sets"]]

    def test_fields_beside_the_file(self, upload: Send, door: Callable[..., Event]) -> None:
        """What names mean can be said in the form."""
        body = form(FILE.encode(), mapping='{"Bench Press (Barbell)": "barbell-back-squat"}')
        [name] = upload(door, body, "dry_run=true")[1]["mapping"]
        assert "barbell-back-squat" == name["exercise"]

    def test_as_much_as_an_event_carries(self, upload: Send, door: Callable[..., Event]) -> None:
        """4.4 MB, which base64 makes nearly the six that Lambda takes."""
        lines = (
            f'20{year:02}-{month:02}-{day:02} 18:00:00,"A",1h,"Bench Press (Barbell)",1,80,5,0,0,"{"x" * 1_900}",,\r\n'
            for year in range(10, 25)
            for month in range(1, 13)
            for day in range(1, 14)
        )
        content = (HEADER + "".join(lines)).encode()[:4_400_000].rpartition(b"\r\n")[0]
        status, told = upload(door, form(content), "dry_run=true")
        assert (200, content.count(b"\r\n")) == (status, told["counts"]["new_sets"])


@DOORS
class TestTooLarge:
    """POST /imports with more than it takes."""

    def test_is_a_problem_that_says_how_much(self, send: Send, token: str, door: Callable[..., Event]) -> None:
        """413, by us where it still fits an event; what does not, API Gateway refuses itself, before us."""
        headers = {"content_type": "text/csv", "authorization": f"Bearer {token}"}
        status, told = send(door, "POST", IMPORTS, "x" * 5_000_001, "kind=strong", **headers)
        assert (413, "urn:coachwork:problem:payload-too-large") == (status, told["type"])
        assert "5" in told["detail"]

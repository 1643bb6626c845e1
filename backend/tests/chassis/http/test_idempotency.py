"""`Idempotency-Key`: what is sent twice is done once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from starlette.testclient import TestClient
from tests.conftest import TestDatabase

from coachwork.chassis.errors import Conflict, DatabaseUnavailable
from coachwork.chassis.http.dependencies import CurrentPrincipal
from coachwork.chassis.http.idempotency import MAX_KEPT_BYTES
from coachwork.chassis.http.services import Endpoints, Service
from coachwork.chassis.resources import Resources
from coachwork.chassis.sql.database import Database
from coachwork.main import create_app

WORKOUTS, LEGS = "/api/v1/workouts-db/", {"name": "Legs", "exercises": []}


class Bench:
    """An endpoint that does as it is told, counts, and can be held in the middle."""

    def __init__(self) -> None:
        self.count = 0
        self.fails_with: Exception | None = None
        self.entered, self.may_go = Event(), Event()
        self.router = APIRouter()
        self.router.post("/bench/work", status_code=201)(self._work)
        self.router.post("/bench/hold", status_code=201)(self._hold)
        self.router.post("/bench/large")(self._large)
        self.router.post("/bench/stream")(self._stream)
        self.router.post("/bench/nothing", status_code=204)(self._nothing)

    def _work(self, principal: CurrentPrincipal, response: Response) -> int:
        self.count += 1
        if self.fails_with:
            raise self.fails_with
        response.headers["Location"] = f"/bench/{self.count}"
        response.headers["ETag"] = '"1"'
        return self.count

    def _hold(self, principal: CurrentPrincipal) -> int:
        self.entered.set()
        self.may_go.wait(10)
        return 1

    def _large(self, principal: CurrentPrincipal, response: Response) -> str:
        self.count += 1
        response.headers["Location"] = "/bench/large/1"
        return "x" * MAX_KEPT_BYTES

    def _stream(self, principal: CurrentPrincipal) -> StreamingResponse:
        self.count += 1
        return StreamingResponse(iter([f"data: {self.count}\n\n", "data: done\n\n"]), media_type="text/event-stream")

    def _nothing(self, principal: CurrentPrincipal) -> None:
        self.count += 1


@pytest.fixture
def bench() -> Bench:
    """Return an endpoint to send things to."""
    return Bench()


@pytest.fixture
def worker(
    bench: Bench,
    resources: Resources,
    client_for: Callable[..., TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
) -> Iterator[TestClient]:
    """Yield a signed-in client of an application whose only service is the bench."""
    app = create_app(resources, [Service("bench", [Endpoints("/bench", lambda: [bench.router])])])
    with client_for(app) as client:
        client.headers.update(sign_in(client))
        yield client


@pytest.fixture
def caller(client: TestClient, sign_in: Callable[[TestClient], dict[str, str]], library: object) -> TestClient:
    """Return a signed-in client of the whole application."""
    client.headers.update(sign_in(client))
    return client


def key(value: str = "") -> dict[str, str]:
    """Return the header."""
    return {"Idempotency-Key": value or str(uuid4())}


def problem(answer: Any) -> tuple[int, str]:
    """Return a problem's status and type."""
    return answer.status_code, answer.json()["type"].removeprefix("urn:coachwork:problem:")


class TestAgain:
    """The same request, sent again."""

    def test_a_workout_is_made_once(self, caller: TestClient) -> None:
        """Status, body, Location are those of the first answer, and there is one workout."""
        named = key()
        first, second = (caller.post(WORKOUTS, json=LEGS, headers=named) for _ in range(2))
        assert (201, first.json(), first.headers["location"]) == (
            second.status_code,
            second.json(),
            second.headers["location"],
        )
        assert (None, "true") == tuple(answer.headers.get("idempotent-replayed") for answer in (first, second))
        assert [first.json()["id"]] == [one["id"] for one in caller.get(WORKOUTS).json()["items"]]

    def test_the_coach_answers_once(
        self,
        knowing: Resources,
        client_for: Callable[[Resources], TestClient],
        sign_in: Callable[[TestClient], dict[str, str]],
    ) -> None:
        """A message that is sent again is the same turn of the same thread."""
        client = client_for(knowing)
        client.headers.update({**sign_in(client), **key()})
        turns = [client.post("/api/v1/chat/send", json={"message": "How much protein?"}).json() for _ in range(2)]
        assert turns[0] == turns[1]
        assert 1 == len(client.get("/api/v1/chat/threads").json()["items"])

    def test_headers(self, worker: TestClient) -> None:
        """ETag and content type come along; the request's id is its own."""
        named = key()
        first, second = (worker.post("/bench/work", headers=named) for _ in range(2))
        for name in ("etag", "content-type", "location", "content-length"):
            assert first.headers[name] == second.headers[name]
        assert first.headers["x-request-id"] != second.headers["x-request-id"]

    def test_without_a_body(self, worker: TestClient, bench: Bench) -> None:
        """An answer of 204 stays one."""
        named = key()
        assert [204, 204] == [worker.post("/bench/nothing", headers=named).status_code for _ in range(2)]
        assert 1 == bench.count

    def test_a_stream(self, worker: TestClient, bench: Bench) -> None:
        """Server-sent events come again, all of them."""
        named = key()
        first, second = (worker.post("/bench/stream", headers=named) for _ in range(2))
        assert ("data: 1\n\ndata: done\n\n", 1) == (second.text, bench.count)
        assert first.headers["content-type"] == second.headers["content-type"]

    def test_too_large_to_keep(self, worker: TestClient, bench: Bench) -> None:
        """It is not done again: the answer says so, and where to look."""
        named = key()
        first, second = (worker.post("/bench/large", headers=named) for _ in range(2))
        assert (200, (409, "answer-not-kept")) == (first.status_code, problem(second))
        assert ("/bench/large/1", 1) == (second.headers["location"], bench.count)

    def test_quoted(self, worker: TestClient, bench: Bench) -> None:
        """A key in quotes, as the draft writes it, is the key without them."""
        for value in ("same", '"same"'):
            worker.post("/bench/work", headers=key(value))
        assert 1 == bench.count

    @pytest.mark.parametrize("failure", [Conflict(), DatabaseUnavailable(), RuntimeError("unforeseen")])
    def test_what_failed_may_be_tried_again(self, worker: TestClient, bench: Bench, failure: Exception) -> None:
        """Failures of the caller, of a dependency, and of ours free the key."""
        named, bench.fails_with = key(), failure
        assert worker.post("/bench/work", headers=named).status_code >= 400
        bench.fails_with = None
        again = worker.post("/bench/work", headers=named)
        assert (201, 2, None) == (again.status_code, again.json(), again.headers.get("idempotent-replayed"))

    def test_many_at_once(self, caller: TestClient) -> None:
        """Of eight at the same moment one works; the others are told to wait, or get its answer."""
        named = key()
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: caller.post(WORKOUTS, json=LEGS, headers=named), range(8)))
        assert {answer.status_code for answer in answers} <= {201, 409}
        assert 1 == len([one for one in answers if one.status_code == 201 and "idempotent-replayed" not in one.headers])
        assert 1 == len(caller.get(WORKOUTS).json()["items"])


class TestAnother:
    """The same key, but not the same request."""

    def test_body(self, caller: TestClient) -> None:
        """Another body is refused, and nothing is made of it."""
        named = key()
        caller.post(WORKOUTS, json=LEGS, headers=named)
        refused = caller.post(WORKOUTS, json={**LEGS, "name": "Arms"}, headers=named)
        assert (422, "idempotency-key-reused") == problem(refused)
        assert ["Legs"] == [one["name"] for one in caller.get(WORKOUTS).json()["items"]]

    def test_query(self, worker: TestClient) -> None:
        """Another query is another request too."""
        named = key()
        worker.post("/bench/work?a=1", headers=named)
        assert (422, "idempotency-key-reused") == problem(worker.post("/bench/work?a=2", headers=named))

    def test_operation(self, worker: TestClient, bench: Bench) -> None:
        """Another path has its own keys."""
        named = key()
        assert [201, 204] == [worker.post(f"/bench/{path}", headers=named).status_code for path in ("work", "nothing")]

    def test_user(
        self,
        caller: TestClient,
        client_for: Callable[..., TestClient],
        sign_in: Callable[[TestClient], dict[str, str]],
    ) -> None:
        """Another user's key is another key: nobody is answered with somebody else's things."""
        named, other = key(), client_for(caller.app)
        other.headers.update(sign_in(other))
        first, second = (one.post(WORKOUTS, json=LEGS, headers=named) for one in (caller, other))
        assert first.json()["id"] != second.json()["id"]

    def test_still_in_progress(self, worker: TestClient, bench: Bench) -> None:
        """While the first works, the second is told when to come back."""
        named = key()
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(worker.post, "/bench/hold", headers=named)
            assert bench.entered.wait(10)
            second = worker.post("/bench/hold", headers=named)
            bench.may_go.set()
            assert 201 == first.result().status_code
        assert (409, "request-in-progress") == problem(second)
        assert 1 <= int(second.headers["retry-after"]) <= 5

    @pytest.mark.parametrize("value", ["", " ", "a b", "x" * 256, 'a"b', "a\\b"])
    def test_no_key(self, worker: TestClient, bench: Bench, value: str) -> None:
        """What cannot be a key is refused before anything is done."""
        refused = worker.post("/bench/work", headers={"Idempotency-Key": value})
        assert ((400, "malformed-request"), 0) == (problem(refused), bench.count)


class TestNotCovered:
    """What is done every time."""

    def test_without_a_key(self, worker: TestClient, bench: Bench) -> None:
        """Without the header everything is as before."""
        worker.post("/bench/work")
        worker.post("/bench/work")
        assert 2 == bench.count

    def test_a_token_that_does_not_hold(self, worker: TestClient) -> None:
        """The operation answers, and nothing is kept for nobody."""
        refused = worker.post("/bench/work", headers={**key(), "Authorization": "Bearer forged"})
        assert (401, "unauthenticated") == problem(refused)

    def test_a_login(self, caller: TestClient, test_database: TestDatabase) -> None:
        """A login with a key, even by who is signed in, hands out new tokens and leaves none behind."""
        account = {"email": f"{uuid4()}@example.com", "password": "correct horse battery"}
        caller.post("/api/v1/users/register", json=account)
        named = key()
        first, second = (caller.post("/api/v1/users/login", json=account, headers=named).json() for _ in range(2))
        assert first["refresh_token"] != second["refresh_token"]
        with psycopg.connect(test_database.owner_url) as connection:
            kept = connection.execute(
                "select count(*) from coachwork.idempotency_keys where position('refresh_token'::bytea in body) > 0"
            )
            assert (0,) == kept.fetchone()

    def test_a_body_over_the_limit(self, worker: TestClient, bench: Bench) -> None:
        """The limit's own refusal, also where the body's size was not declared."""
        refused = worker.post("/bench/work", content=iter([b"x" * 600_000] * 2), headers=key())
        assert ((413, "payload-too-large"), 0) == (problem(refused), bench.count)

    def test_while_the_database_is_down(self, worker: TestClient, resources: Resources, bench: Bench) -> None:
        """A key that cannot be looked up is no reason to do something twice."""
        down = Database("postgresql://nobody:x@127.0.0.1:9/x", pool_size=1, timeout_seconds=1, require_safe_login=False)
        app = create_app(
            replace(resources, database=lambda: down),
            [Service("bench", [Endpoints("/bench", lambda: [bench.router])])],
        )
        refused = TestClient(app).post("/bench/work", headers={**worker.headers, **key()})
        down.close()
        assert ((503, "database-unavailable"), 0) == (problem(refused), bench.count)

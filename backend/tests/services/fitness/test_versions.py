"""What two devices may edit: each version has its ETag, and a lost update is a 412."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

import psycopg
import pytest
from psycopg import sql
from starlette.testclient import TestClient
from tests.conftest import TestDatabase

from coachwork.chassis.resources import Resources

LOG = {"exercise": "barbell-back-squat", "sets": [{"reps": 5, "weight_kg": 80}]}
_WAITING = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and usename = 'coachwork_app'"


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is edited: where it lies, and a change of it."""

    table: str
    method: str
    body: dict[str, Any]
    path: str


KINDS = {
    "workout": Kind("workouts", "PATCH", {"name": "changed"}, "/api/v1/workouts-db/"),
    "whole workout": Kind("workouts", "PUT", {"name": "changed"}, "/api/v1/workouts-db/"),
    "log": Kind("performance_logs", "PUT", {**LOG, "notes": "changed"}, "/api/v1/workouts-db/logs/"),
    "thread": Kind("chat_threads", "PATCH", {"title": "changed"}, "/api/v1/chat/threads/"),
    "profile": Kind("profiles", "PUT", {"level": "advanced"}, "/api/v1/profile"),
}


@dataclass(frozen=True)
class Thing:
    """One thing of a caller's."""

    kind: Kind
    path: str
    client: TestClient

    def etag(self) -> str:
        """Return its version's ETag."""
        return str(self.client.get(self.path).headers["etag"])

    def change(self, etag: str | None) -> Any:
        """Change it, if it is that version; without an ETag, whatever it is."""
        headers = {"If-Match": etag} if etag else {}
        return self.client.request(self.kind.method, self.path, json=self.kind.body, headers=headers)


@pytest.fixture
def caller(
    knowing: Resources,
    client_for: Callable[[Resources], TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
) -> TestClient:
    """Return a signed-in client; the coach knows what it knows."""
    client = client_for(knowing)
    client.headers.update(sign_in(client))
    return client


@pytest.fixture(params=KINDS)
def thing(request: pytest.FixtureRequest, caller: TestClient) -> Thing:
    """Return one thing of every kind in turn, just made."""
    kind = KINDS[request.param]
    makers: dict[str, Callable[[], str]] = {
        "workouts": lambda: caller.post(kind.path, json={"name": "new", "exercises": []}).json()["id"],
        "performance_logs": lambda: caller.post(kind.path.rstrip("/"), json=LOG).json()["id"],
        "chat_threads": lambda: caller.post("/api/v1/chat/send", json={"message": "Hello"}).json()["thread_id"],
        "profiles": lambda: caller.put(kind.path, json={}).text[:0],
    }
    return Thing(kind, kind.path + makers[kind.table](), caller)


class TestChange:
    """Changing a thing with If-Match."""

    def test_the_version_seen(self, thing: Thing) -> None:
        """It changes, and the answer's ETag is that of what is stored from then on."""
        before = thing.etag()
        changed = thing.change(before)
        assert 200 == changed.status_code
        assert before != changed.headers["etag"] == thing.etag()

    def test_an_older_version(self, thing: Thing) -> None:
        """The later of two who saw the same version is refused, and what the first wrote stays."""
        seen = thing.etag()
        thing.change(seen)
        stored = thing.client.get(thing.path)
        refused = thing.change(seen)
        assert (412, "urn:coachwork:problem:precondition-failed") == (refused.status_code, refused.json()["type"])
        assert stored.json() == thing.client.get(thing.path).json()

    def test_whatever_it_is(self, thing: Thing) -> None:
        """Without If-Match the last one wins, as before."""
        thing.change(None)
        assert 200 == thing.change(None).status_code

    def test_eight_at_once(self, thing: Thing) -> None:
        """Of eight who saw the same version one changes it."""
        seen = thing.etag()
        with ThreadPoolExecutor(8) as pool:
            statuses = sorted(answer.status_code for answer in pool.map(lambda _: thing.change(seen), range(8)))
        assert [200, *[412] * 7] == statuses

    def test_while_another_transaction_changes_it(self, thing: Thing, test_database: TestDatabase) -> None:
        """Who comes while a change is on its way waits for it, then learns that it came too late."""
        seen = thing.etag()
        owner = {"id": thing.path.rpartition("/")[2], "user": _user_id(thing.client)}
        with ThreadPoolExecutor(1) as pool, psycopg.connect(test_database.owner_url) as other:
            column, value = ("user_id", "user") if thing.kind.table == "profiles" else ("id", "id")
            other.execute(
                sql.SQL("update {} set version = version + 1 where {} = {}").format(
                    sql.Identifier(thing.kind.table), sql.Identifier(column), sql.Placeholder(value)
                ),
                owner,
            )
            answer = pool.submit(thing.change, seen)
            _wait_for_a_waiter(test_database)
            other.commit()
            assert 412 == answer.result().status_code


class TestDelete:
    """Deleting a thing with If-Match."""

    def test_by_version(self, thing: Thing) -> None:
        """An older version is not deleted, the present one is."""
        if thing.kind.table == "profiles":
            assert 405 == thing.client.delete(thing.path).status_code
            return
        seen = thing.etag()
        now = thing.change(seen).headers["etag"]
        deleted = [thing.client.delete(thing.path, headers={"If-Match": etag}).status_code for etag in (seen, now)]
        assert ([412, 204], 404) == (deleted, thing.client.get(thing.path).status_code)


class TestUntouched:
    """What does not make a new version, and what does."""

    def test_an_empty_patch(self, caller: TestClient) -> None:
        """A patch that sets nothing moves neither version nor time."""
        made = caller.post("/api/v1/workouts-db/", json={"name": "new", "exercises": []})
        patched = caller.patch(made.headers["location"], json={})
        assert (200, made.json(), made.headers["etag"]) == (
            patched.status_code,
            patched.json(),
            patched.headers["etag"],
        )

    def test_a_refused_change(self, caller: TestClient) -> None:
        """A change that is refused for its values makes no version."""
        made = caller.post("/api/v1/workouts-db/", json={"name": "new", "exercises": []})
        body = {"name": "new", "exercises": [{"exercise": "no-such", "target_sets": 1}]}
        assert 422 == caller.put(made.headers["location"], json=body).status_code
        assert made.headers["etag"] == caller.get(made.headers["location"]).headers["etag"]

    def test_a_log_whose_workout_goes(self, caller: TestClient) -> None:
        """A log that follows no plan any more is another version, though nobody wrote to it."""
        workout = caller.post("/api/v1/workouts-db/", json={"name": "new", "exercises": []})
        log = caller.post("/api/v1/workouts-db/logs", json={**LOG, "workout_id": workout.json()["id"]})
        caller.delete(workout.headers["location"])
        assert log.headers["etag"] != caller.get(log.headers["location"]).headers["etag"]

    def test_a_turn(self, caller: TestClient) -> None:
        """A new turn is a new version of its thread: whoever deletes it without having seen the turn is told."""
        thread = caller.post("/api/v1/chat/send", json={"message": "Hello"}).json()["thread_id"]
        path = f"/api/v1/chat/threads/{thread}"
        seen = caller.get(path).headers["etag"]
        caller.post("/api/v1/chat/send", json={"message": "And now?", "thread_id": thread})
        assert 412 == caller.delete(path, headers={"If-Match": seen}).status_code


def _user_id(client: TestClient) -> str:
    return str(client.get("/api/v1/users/me").json()["id"])


def _wait_for_a_waiter(database: TestDatabase) -> None:
    """Return when a session of the application waits for a lock."""
    deadline = monotonic() + 10
    with psycopg.connect(database.owner_url, autocommit=True) as connection:
        while connection.execute(_WAITING).fetchone() == (0,):
            assert monotonic() < deadline
            sleep(0.01)

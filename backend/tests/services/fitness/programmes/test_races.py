"""Programmes and sessions when two devices do things at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from httpx import Response
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.programmes.calls import (
    LOGS,
    PROGRAMMES,
    SESSIONS,
    Json,
    asked_loads,
    created,
    do_everything,
    finished,
    log_set,
    started,
    writable,
)

SET = {"reps": 5, "weight_kg": 60}


@pytest.fixture
def programme(caller: TestClient) -> Json:
    """Return a programme of the caller's; every endpoint is loaded, as the one event loop of a server would."""
    assert [] == caller.get(SESSIONS).json()["items"]
    return created(caller)


def answers_at_once(client: TestClient, times: int, method: str, path: str, **fields: Any) -> list[Response]:
    """Send a request several times at once; return the answers, the lowest status first."""
    with ThreadPoolExecutor(times) as pool:
        answers = [pool.submit(client.request, method, path, **fields) for _ in range(times)]
        return sorted((answer.result() for answer in answers), key=lambda answer: answer.status_code)


def at_once(client: TestClient, times: int, method: str, path: str, **fields: Any) -> list[int]:
    """Send a request several times at once; return the statuses, sorted."""
    return [answer.status_code for answer in answers_at_once(client, times, method, path, **fields)]


class TestSessions:
    """Two devices, one user."""

    def test_starting_twice(self, caller: TestClient, programme: Json) -> None:
        """One session is begun; the others are told which."""
        body = {"day_id": programme["days"][0]["id"]}
        begun, *others = answers_at_once(caller, 4, "POST", SESSIONS, json=body)
        assert 201 == begun.status_code
        assert [(409, "another-session-open")] * 3 == [problem(other) for other in others]
        assert all(begun.json()["id"] in other.json()["detail"] for other in others)
        assert 1 == len(caller.get(SESSIONS).json()["items"])

    def test_logging_at_once(self, caller: TestClient, programme: Json) -> None:
        """Every set is kept, with a number of its own, in one log."""
        session = started(caller, programme["days"][0])
        path = f"{SESSIONS}/{session['id']}/exercises/{session['exercises'][0]['id']}/sets"
        assert [201] * 6 == at_once(caller, 6, "POST", path, json=SET)
        sets = caller.get(f"{SESSIONS}/{session['id']}").json()["exercises"][0]["sets"]
        assert list(range(6)) == [one["position"] for one in sets]
        assert 1 == len(caller.get(LOGS).json()["items"])

    def test_logging_with_one_version(self, caller: TestClient, programme: Json) -> None:
        """With If-Match one of them is kept."""
        session = started(caller, programme["days"][0])
        path = f"{SESSIONS}/{session['id']}/exercises/{session['exercises'][0]['id']}/sets"
        statuses = at_once(caller, 3, "POST", path, json=SET, headers={"If-Match": '"1"'})
        assert [201, 412, 412] == statuses

    def test_finishing_twice(self, caller: TestClient, programme: Json) -> None:
        """Both are told the same, and one step follows."""
        session = started(caller, programme["days"][0])
        for _ in range(3):
            log_set(caller, session, session["exercises"][0])
        assert [200, 200, 200] == at_once(caller, 3, "POST", f"{SESSIONS}/{session['id']}/finish")
        assert [62.5, 40.0] == asked_loads(caller, programme)

    def test_finishing_and_discarding(self, caller: TestClient, programme: Json) -> None:
        """Whichever comes first: the session is gone, and so are its logs."""
        session = started(caller, programme["days"][0])
        log_set(caller, session, session["exercises"][0])
        with ThreadPoolExecutor(2) as pool:
            ended = pool.submit(caller.post, f"{SESSIONS}/{session['id']}/finish")
            discarded = pool.submit(caller.delete, f"{SESSIONS}/{session['id']}")
        assert ended.result().status_code in {200, 404}
        assert (204, []) == (discarded.result().status_code, caller.get(LOGS).json()["items"])

    def test_two_users(self, caller: TestClient, other_caller: TestClient, programme: Json) -> None:
        """Users who train at once do not meet."""
        others = created(other_caller)
        with ThreadPoolExecutor(2) as pool:
            mine = pool.submit(lambda: do_everything(caller, started(caller, programme["days"][0])))
            theirs = pool.submit(lambda: do_everything(other_caller, started(other_caller, others["days"][0])))
        assert mine.result()["id"] != theirs.result()["id"]
        assert [62.5, 42.5] == asked_loads(caller, programme) == asked_loads(other_caller, others)


class TestProgrammes:
    """Two devices that edit one programme."""

    def test_replacing_at_once(self, caller: TestClient, programme: Json) -> None:
        """With If-Match one is kept; without it the last, and never a mixture."""
        path, body = f"{PROGRAMMES}/{programme['id']}", writable(programme)
        assert [200, 412, 412] == at_once(caller, 3, "PUT", path, json=body, headers={"If-Match": '"1"'})
        assert [200, 200, 200] == at_once(caller, 3, "PUT", path, json=body)
        assert writable(programme) == writable(caller.get(path).json())

    def test_deleting_while_a_session_begins(self, caller: TestClient, programme: Json) -> None:
        """A session of it or none, and no failure of the server's, however often they meet."""
        for _ in range(10):
            with ThreadPoolExecutor(2) as pool:
                begun = pool.submit(caller.post, SESSIONS, json={"day_id": programme["days"][0]["id"]}).result
                gone = pool.submit(caller.delete, f"{PROGRAMMES}/{programme['id']}").result
            assert 204 == gone().status_code
            assert begun().status_code in {201, 422}
            if begun().status_code == 201:
                finished(caller, begun().json())
            programme = created(caller)

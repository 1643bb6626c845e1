"""The logs of training sessions, edited as the logs that they are."""

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.programmes.calls import LOGS, PLANK, SESSIONS, SQUAT, Json, created, log_set, started


@pytest.fixture
def session(caller: TestClient) -> Json:
    """Return an open session with a set of squats."""
    begun = started(caller, created(caller)["days"][0])
    log_set(caller, begun, begun["exercises"][0])
    read: Json = caller.get(f"{SESSIONS}/{begun['id']}").json()
    return read


class TestReplace:
    """PUT /workouts-db/logs/{id} of a session's log."""

    def test_another_exercise(self, caller: TestClient, session: Json) -> None:
        """It is refused: the session would show the sets of one exercise under another."""
        body = {"exercise": PLANK, "sets": [{"duration_seconds": 60}]}
        refused = caller.put(f"{LOGS}/{session['exercises'][0]['log_id']}", json=body)
        assert (409, "logged-in-session") == problem(refused)
        assert session == caller.get(f"{SESSIONS}/{session['id']}").json()

    def test_the_same_exercise(self, caller: TestClient, session: Json) -> None:
        """Its sets are corrected, in the session as well."""
        body = {"exercise": SQUAT, "sets": [{"reps": 4, "weight_kg": 60}]}
        answer = caller.put(f"{LOGS}/{session['exercises'][0]['log_id']}", json=body)
        assert 200 == answer.status_code
        after = caller.get(f"{SESSIONS}/{session['id']}").json()
        assert [4] == [one["reps"] for one in after["exercises"][0]["sets"]]

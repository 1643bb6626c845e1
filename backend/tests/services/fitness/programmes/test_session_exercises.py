"""Exercises of an open session, and the sets logged for them."""

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.programmes.calls import (
    BENCH,
    LOGS,
    PLANK,
    PROGRAMMES,
    SQUAT,
    Json,
    asked_loads,
    finished,
    log_set,
    path_of,
    started,
)


class TestSets:
    """Logging, correcting and deleting sets."""

    def test_they_land_in_a_log(self, caller: TestClient, session: Json) -> None:
        """The exercise owns a log from its first set on; progress reads it like any other."""
        log_set(caller, session, session["exercises"][0], rpe=8.0)
        after = log_set(caller, session, session["exercises"][0])
        squat, bench = after["exercises"]
        [log] = caller.get(LOGS).json()["items"]
        assert (squat["log_id"], SQUAT, 2) == (log["id"], log["exercise"], len(log["sets"]))
        assert session["started_at"] == log["performed_at"]
        assert bench["log_id"] is None

    def test_rest_timer(self, caller: TestClient, session: Json) -> None:
        """The rest before the next set is data: how long, and until when; after the last set there is none."""
        before = datetime.now(UTC)
        after = log_set(caller, session, session["exercises"][0])
        until = datetime.fromisoformat(after["rest_until"])
        assert 180 == after["rest_seconds"]
        assert before <= until - timedelta(seconds=180) <= datetime.now(UTC)
        assert after == caller.get(path_of(session)).json()
        log_set(caller, session, session["exercises"][0])
        last = log_set(caller, session, session["exercises"][0])
        assert (None, None, None) == (last["rest_seconds"], last["rest_until"], last["exercises"][0]["next_set"])

    def test_the_next_set(self, caller: TestClient, session: Json) -> None:
        """What is asked for comes first; a warm-up does not answer it."""
        after = log_set(caller, session, session["exercises"][0], weight_kg=20)
        assert (60.0, 5) == tuple(after["exercises"][0]["next_set"][key] for key in ("weight_kg", "min_reps"))

    def test_correcting_and_deleting(self, caller: TestClient, session: Json) -> None:
        """Sets keep their numbers; with the last of them the log goes."""
        item = session["exercises"][0]
        for reps in (5, 4, 3):
            log_set(caller, session, item, reps=reps)
        caller.put(path_of(session, item, "sets", 1), json={"reps": 5, "weight_kg": 62.5})
        after = caller.delete(path_of(session, item, "sets", 0)).json()
        assert [(1, 5, 62.5), (2, 3, 60.0)] == [
            (one["position"], one["reps"], one["weight_kg"]) for one in after["exercises"][0]["sets"]
        ]
        caller.delete(path_of(session, item, "sets", 1))
        gone = caller.delete(path_of(session, item, "sets", 2)).json()
        assert (None, []) == (gone["exercises"][0]["log_id"], gone["exercises"][0]["sets"])
        assert [] == caller.get(LOGS).json()["items"]

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_one_there_is_not(self, caller: TestClient, session: Json, method: str) -> None:
        """404, with and without a log."""
        item = session["exercises"][0]
        body = {"reps": 5, "weight_kg": 60} if method == "PUT" else None
        assert (404, "set-not-found") == problem(caller.request(method, path_of(session, item, "sets", 0), json=body))
        log_set(caller, session, item)
        assert (404, "set-not-found") == problem(caller.request(method, path_of(session, item, "sets", 7), json=body))

    def test_what_a_set_cannot_do_without(self, caller: TestClient, session: Json) -> None:
        """Squats want repetitions."""
        answer = caller.post(path_of(session, session["exercises"][0], "sets"), json={"duration_seconds": 60})
        assert (422, "unfit-set") == problem(answer)

    def test_holds(self, caller: TestClient) -> None:
        """A hold is logged by its time."""
        session = started(caller)
        session = caller.post(path_of(session) + "/exercises", json={"exercise": PLANK}).json()
        answer = caller.post(path_of(session, session["exercises"][0], "sets"), json={"duration_seconds": 45})
        assert 45 == answer.json()["exercises"][0]["sets"][0]["duration_seconds"]

    def test_a_lost_update(self, caller: TestClient, session: Json) -> None:
        """Two devices: who saw an older version is refused."""
        item = session["exercises"][0]
        first = caller.post(
            path_of(session, item, "sets"), json={"reps": 5, "weight_kg": 60}, headers={"If-Match": '"1"'}
        )
        late = caller.post(
            path_of(session, item, "sets"), json={"reps": 5, "weight_kg": 60}, headers={"If-Match": '"1"'}
        )
        assert (201, '"2"') == (first.status_code, first.headers["etag"])
        assert (412, "precondition-failed") == problem(late)
        assert 1 == len(caller.get(path_of(session)).json()["exercises"][0]["sets"])


class TestExercises:
    """Adding, skipping, removing and swapping."""

    def test_adding(self, caller: TestClient, session: Json) -> None:
        """It comes last, and nothing is asked of it."""
        answer = caller.post(path_of(session) + "/exercises", json={"exercise": "barbell-curl", "notes": "for fun"})
        last = answer.json()["exercises"][-1]
        assert (201, "barbell-curl", [], None) == (
            answer.status_code,
            last["exercise"],
            last["targets"],
            last["decision"],
        )
        unknown = caller.post(path_of(session) + "/exercises", json={"exercise": "no-such"})
        assert (422, "unknown-exercise") == problem(unknown)

    def test_skipping(self, caller: TestClient, programme: Json, session: Json) -> None:
        """What is skipped counts for no progression: neither step nor failure."""
        squat = session["exercises"][0]
        log_set(caller, session, squat, reps=1)
        skipped = caller.patch(path_of(session, squat), json={"skipped": True}).json()
        assert (True, None) == (skipped["exercises"][0]["skipped"], skipped["exercises"][0]["next_set"])
        finished(caller, session)
        day = caller.get(f"{PROGRAMMES}/{programme['id']}/targets").json()["days"][0]
        assert "start" == day["slots"][0]["decision"]["kind"]

    def test_removing(self, caller: TestClient, session: Json) -> None:
        """Its sets go with it."""
        squat = session["exercises"][0]
        log_set(caller, session, squat)
        after = caller.delete(path_of(session, squat)).json()
        assert [BENCH] == [item["exercise"] for item in after["exercises"]]
        assert [] == caller.get(LOGS).json()["items"]

    def test_swapping_for_one_that_is_named(self, caller: TestClient, programme: Json, session: Json) -> None:
        """The sets stay, the load is open, the plan goes on where it was; swapped back it is as planned."""
        squat = session["exercises"][0]
        after = caller.post(path_of(session, squat, "swap"), json={"exercise": "leg-press"}).json()["exercises"][0]
        assert ("leg-press", SQUAT, None, "swap") == (
            after["exercise"],
            after["planned_exercise"],
            after["targets"][0]["weight_kg"],
            after["decision"]["kind"],
        )
        back = caller.post(path_of(session, squat, "swap"), json={"exercise": SQUAT}).json()["exercises"][0]
        assert squat == back
        caller.post(path_of(session, squat, "swap"), json={"exercise": "leg-press"})
        for _ in range(3):
            log_set(caller, session, squat, weight_kg=120)
        finished(caller, session)
        assert [60.0, 40.0] == asked_loads(caller, programme)

    def test_swapping_for_the_nearest(self, caller: TestClient, session: Json) -> None:
        """With the profile's equipment; without any, the body is enough."""
        caller.put("/api/v1/profile", json={"equipment": ["dumbbell"]})
        after = caller.post(path_of(session, session["exercises"][0], "swap"), json={}).json()["exercises"][0]
        needs = caller.get(f"/api/v1/exercises/{after['exercise']}").json()
        assert {"dumbbell"} >= set(needs["equipment"])
        assert "squat" == needs["movement"]

    def test_swapping_what_was_begun(self, caller: TestClient, session: Json) -> None:
        """Sets are of one exercise."""
        log_set(caller, session, session["exercises"][0])
        answer = caller.post(path_of(session, session["exercises"][0], "swap"), json={"exercise": "leg-press"})
        assert (409, "exercise-started") == problem(answer)

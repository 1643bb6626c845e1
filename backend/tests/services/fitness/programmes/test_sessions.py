"""Training sessions over HTTP: started, finished, listed, deleted, and the logs that keep them."""

from datetime import datetime
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.programmes.calls import (
    BENCH,
    LOGS,
    PROGRAMMES,
    SESSIONS,
    SQUAT,
    Json,
    asked_loads,
    created,
    do_everything,
    finished,
    log_set,
    path_of,
    started,
    three_fives,
    writable,
)


class TestStart:
    """POST /sessions."""

    def test_from_a_day(self, caller: TestClient, programme: Json) -> None:
        """What the day asks for is copied, with the reason; Location and ETag are there."""
        answer = caller.post(SESSIONS, json={"day_id": programme["days"][0]["id"]})
        assert (201, '"1"') == (answer.status_code, answer.headers["etag"])
        assert answer.json() == caller.get(answer.headers["location"]).json()
        session = answer.json()
        assert ("Day A", programme["id"]) == (session["name"], session["programme_id"])
        squat, bench = session["exercises"]
        assert (60.0, 40.0) == (squat["targets"][0]["weight_kg"], bench["targets"][0]["weight_kg"])
        assert ("start", None, []) == (squat["decision"]["kind"], squat["log_id"], squat["sets"])

    def test_empty(self, caller: TestClient) -> None:
        """Without a day there is nothing to do until something is added."""
        session = started(caller)
        assert ("Training", None, []) == (session["name"], session["programme_id"], session["exercises"])

    def test_one_at_a_time(self, caller: TestClient, session: Json) -> None:
        """A second answers 409 and names the first, which the list finds."""
        answer = caller.post(SESSIONS, json={})
        assert (409, "another-session-open") == problem(answer)
        assert session["id"] in answer.json()["detail"]
        assert [session["id"]] == [one["id"] for one in caller.get(SESSIONS, params={"state": "open"}).json()["items"]]

    def test_somebody_elses_does_not_count(self, session: Json, other_caller: TestClient) -> None:
        """Everybody has one of their own."""
        assert 201 == other_caller.post(SESSIONS, json={}).status_code

    @pytest.mark.parametrize("when", ["1949-12-31T00:00:00Z", "2999-01-01T00:00:00Z"])
    def test_implausible_times(self, caller: TestClient, when: str) -> None:
        """Neither long ago nor ahead."""
        assert (422, "implausible-time") == problem(caller.post(SESSIONS, json={"started_at": when}))

    def test_what_it_asks_for_stays(self, caller: TestClient, programme: Json, session: Json) -> None:
        """A later change of the plan changes no session."""
        body = writable(programme)
        body["days"][0]["slots"] = [three_fives("leg-press", 100.0)]
        caller.put(f"{PROGRAMMES}/{programme['id']}", json=body)
        kept = caller.get(path_of(session)).json()
        assert [item["targets"] for item in session["exercises"]] == [item["targets"] for item in kept["exercises"]]
        assert [SQUAT, BENCH] == [item["exercise"] for item in kept["exercises"]]


class TestFinish:
    """POST /sessions/{id}/finish."""

    def test_ends_it_once(self, caller: TestClient, session: Json) -> None:
        """A second time changes nothing, whatever version was seen; another session may begin."""
        first = finished(caller, session)
        again = caller.post(path_of(session) + "/finish", headers={"If-Match": '"1"'})
        assert (200, first) == (again.status_code, again.json())
        assert first["finished_at"] is not None
        assert 201 == caller.post(SESSIONS, json={}).status_code

    def test_leaves_no_empty_logs(self, caller: TestClient, session: Json) -> None:
        """Where nothing was done, nothing is logged."""
        log_set(caller, session, session["exercises"][0])
        finished(caller, session)
        assert [SQUAT] == [log["exercise"] for log in caller.get(LOGS).json()["items"]]

    def test_before_it_began(self, caller: TestClient, session: Json) -> None:
        """It ends after it began."""
        answer = caller.post(path_of(session) + "/finish", json={"finished_at": "2020-01-01T00:00:00Z"})
        assert (422, "implausible-time") == problem(answer)

    def test_no_rest_after_it(self, caller: TestClient, session: Json) -> None:
        """Its timer is off, and a set that is added later starts none."""
        log_set(caller, session, session["exercises"][0])
        assert finished(caller, session)["rest_until"] is None
        assert log_set(caller, session, session["exercises"][0])["rest_until"] is None


class TestProgression:
    """What the next session asks for."""

    def test_an_open_session_does_not_count(self, caller: TestClient, programme: Json, session: Json) -> None:
        """A workout counts once it is finished."""
        for _ in range(3):
            log_set(caller, session, session["exercises"][0])
        assert [60.0, 40.0] == asked_loads(caller, programme)
        finished(caller, session)
        assert [62.5, 40.0] == asked_loads(caller, programme)
        assert [62.5, 40.0] == asked_loads(caller, programme)

    def test_evidence_are_the_logs(self, caller: TestClient, programme: Json, session: Json) -> None:
        """The ids in the decision are those of the logs it rests on."""
        done = do_everything(caller, session)
        day = caller.get(f"{PROGRAMMES}/{programme['id']}/targets").json()["days"][0]
        assert [[item["log_id"]] for item in done["exercises"]] == [
            slot["decision"]["evidence"] for slot in day["slots"]
        ]
        assert "+2.5 kg to 62.5 kg: 3x5 done at 60 kg" == day["slots"][0]["decision"]["sentence"]

    def test_correcting_a_set(self, caller: TestClient, programme: Json, session: Json) -> None:
        """What was no success after all takes its step back, wherever it is corrected."""
        done = do_everything(caller, session)
        item = done["exercises"][0]
        caller.put(path_of(session, item, "sets", 2), json={"reps": 3, "weight_kg": 60})
        assert [60.0, 42.5] == asked_loads(caller, programme)
        log = caller.get(f"{LOGS}/{item['log_id']}").json()
        body = {"exercise": SQUAT, "sets": [{"reps": 5, "weight_kg": 60}] * 3}
        assert 200 == caller.put(f"{LOGS}/{log['id']}", json=body).status_code
        assert [62.5, 42.5] == asked_loads(caller, programme)

    def test_deleting_the_log(self, caller: TestClient, programme: Json, session: Json) -> None:
        """It is as if it had not been done; the session stays, without those sets."""
        done = do_everything(caller, session)
        caller.delete(f"{LOGS}/{done['exercises'][0]['log_id']}")
        assert [60.0, 42.5] == asked_loads(caller, programme)
        kept = caller.get(path_of(session)).json()["exercises"][0]
        assert (None, []) == (kept["log_id"], kept["sets"])

    def test_whose_turn_it_is(self, caller: TestClient) -> None:
        """After the last day comes the first; a day without a set was not done."""
        days = [{"name": name, "slots": [three_fives()]} for name in "AB"]
        programme = created(caller, days=days)
        turns = []
        for do in (do_everything, finished, do_everything):
            turn = caller.get(f"{PROGRAMMES}/{programme['id']}/targets").json()["next_day_id"]
            turns.append(next(day["name"] for day in programme["days"] if day["id"] == turn))
            do(caller, started(caller, {"id": turn}))
        assert ["A", "B", "B"] == turns


class TestDelete:
    """DELETE /sessions/{id}."""

    @pytest.mark.parametrize("end", [True, False])
    def test_discards_what_was_logged(self, caller: TestClient, programme: Json, session: Json, end: bool) -> None:
        """Open or finished, it goes with its logs, and the progression is as before."""
        for _ in range(3):
            log_set(caller, session, session["exercises"][0])
        if end:
            finished(caller, session)
        assert [204, 404] == [caller.delete(path_of(session)).status_code, caller.get(path_of(session)).status_code]
        assert [] == caller.get(LOGS).json()["items"]
        assert [60.0, 40.0] == asked_loads(caller, programme)


class TestList:
    """GET /sessions."""

    def test_latest_first_and_filters(self, caller: TestClient, programme: Json) -> None:
        """By when they began, by programme, by state, page by page."""
        for day in (2, 3, 1):
            finished(caller, started(caller, started_at=f"2026-10-0{day}T18:00:00Z"))
        started(caller, programme["days"][0])
        listed = caller.get(SESSIONS, params={"limit": 3}).json()
        more = caller.get(SESSIONS, params={"limit": 3, "cursor": listed["next_cursor"]}).json()
        days = [datetime.fromisoformat(one["started_at"]).day for one in listed["items"] + more["items"]]
        assert [3, 2, 1] == days[1:]
        found = [
            len(caller.get(SESSIONS, params=query).json()["items"])
            for query in (
                {"programme_id": programme["id"]},
                {"state": "finished"},
                {"from": "2026-10-02", "to": "2026-10-03"},
                {"programme_id": str(uuid4())},
            )
        ]
        assert [1, 3, 2, 0] == found


class TestSomebodyElses:
    """Every operation on one session."""

    def test_is_not_found(self, caller: TestClient, other_caller: TestClient, session: Json) -> None:
        """Somebody else's session answers as one that does not exist, and stays as it was."""
        item = session["exercises"][0]
        session = log_set(caller, session, item)
        done = {"reps": 1, "weight_kg": 1}
        for method, path, body in (
            ("GET", path_of(session), None),
            ("PATCH", path_of(session), {"name": "mine now"}),
            ("POST", path_of(session) + "/finish", {}),
            ("DELETE", path_of(session), None),
            ("POST", path_of(session) + "/exercises", {"exercise": SQUAT}),
            ("PATCH", path_of(session, item), {"skipped": True}),
            ("DELETE", path_of(session, item), None),
            ("POST", path_of(session, item, "swap"), {}),
            ("POST", path_of(session, item, "sets"), done),
            ("PUT", path_of(session, item, "sets", 0), done),
            ("DELETE", path_of(session, item, "sets", 0), None),
        ):
            answer = other_caller.request(method, path, json=body)
            assert (404, "session-not-found") == problem(answer), (method, path)
        assert session == caller.get(path_of(session)).json()

    def test_through_ones_own(self, caller: TestClient, other_caller: TestClient, session: Json) -> None:
        """Another's exercise is not reached through one's own session."""
        own = started(other_caller)
        answer = other_caller.post(path_of(own, session["exercises"][0], "sets"), json={"reps": 1, "weight_kg": 1})
        assert (404, "session-exercise-not-found") == problem(answer)

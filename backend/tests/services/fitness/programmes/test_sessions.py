"""Training sessions over HTTP: what is asked for, what is done, and the logs that keep it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.fitness.programmes.calls import (
    BENCH,
    LOGS,
    PLANK,
    PROGRAMMES,
    SESSIONS,
    SQUAT,
    Json,
    asked_loads,
    created,
    do_everything,
    finished,
    log_set,
    started,
    three_fives,
    writable,
)


@pytest.fixture
def programme(caller: TestClient) -> Json:
    """Return a programme of the caller's with one day of squats and bench presses."""
    return created(caller)


@pytest.fixture
def session(caller: TestClient, programme: Json) -> Json:
    """Return an open session of that day."""
    return started(caller, programme["days"][0])


def _path(session: Json, item: Json | None = None, *more: object) -> str:
    parts = [SESSIONS, session["id"], *(["exercises", item["id"]] if item else []), *more]
    return "/".join(str(part) for part in parts)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


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
        kept = caller.get(_path(session)).json()
        assert [item["targets"] for item in session["exercises"]] == [item["targets"] for item in kept["exercises"]]
        assert [SQUAT, BENCH] == [item["exercise"] for item in kept["exercises"]]


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
        until = _moment(after["rest_until"])
        assert 180 == after["rest_seconds"]
        assert before <= until - timedelta(seconds=180) <= datetime.now(UTC)
        assert after == caller.get(_path(session)).json()
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
        caller.put(_path(session, item, "sets", 1), json={"reps": 5, "weight_kg": 62.5})
        after = caller.delete(_path(session, item, "sets", 0)).json()
        assert [(1, 5, 62.5), (2, 3, 60.0)] == [
            (one["position"], one["reps"], one["weight_kg"]) for one in after["exercises"][0]["sets"]
        ]
        caller.delete(_path(session, item, "sets", 1))
        gone = caller.delete(_path(session, item, "sets", 2)).json()
        assert (None, []) == (gone["exercises"][0]["log_id"], gone["exercises"][0]["sets"])
        assert [] == caller.get(LOGS).json()["items"]

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_one_there_is_not(self, caller: TestClient, session: Json, method: str) -> None:
        """404, with and without a log."""
        item = session["exercises"][0]
        body = {"reps": 5, "weight_kg": 60} if method == "PUT" else None
        assert (404, "set-not-found") == problem(caller.request(method, _path(session, item, "sets", 0), json=body))
        log_set(caller, session, item)
        assert (404, "set-not-found") == problem(caller.request(method, _path(session, item, "sets", 7), json=body))

    def test_what_a_set_cannot_do_without(self, caller: TestClient, session: Json) -> None:
        """Squats want repetitions."""
        answer = caller.post(_path(session, session["exercises"][0], "sets"), json={"duration_seconds": 60})
        assert (422, "unfit-set") == problem(answer)

    def test_holds(self, caller: TestClient) -> None:
        """A hold is logged by its time."""
        session = started(caller)
        session = caller.post(_path(session) + "/exercises", json={"exercise": PLANK}).json()
        answer = caller.post(_path(session, session["exercises"][0], "sets"), json={"duration_seconds": 45})
        assert 45 == answer.json()["exercises"][0]["sets"][0]["duration_seconds"]

    def test_a_lost_update(self, caller: TestClient, session: Json) -> None:
        """Two devices: who saw an older version is refused."""
        item = session["exercises"][0]
        first = caller.post(
            _path(session, item, "sets"), json={"reps": 5, "weight_kg": 60}, headers={"If-Match": '"1"'}
        )
        late = caller.post(_path(session, item, "sets"), json={"reps": 5, "weight_kg": 60}, headers={"If-Match": '"1"'})
        assert (201, '"2"') == (first.status_code, first.headers["etag"])
        assert (412, "precondition-failed") == problem(late)
        assert 1 == len(caller.get(_path(session)).json()["exercises"][0]["sets"])


class TestExercises:
    """Adding, skipping, removing and swapping."""

    def test_adding(self, caller: TestClient, session: Json) -> None:
        """It comes last, and nothing is asked of it."""
        answer = caller.post(_path(session) + "/exercises", json={"exercise": "barbell-curl", "notes": "for fun"})
        last = answer.json()["exercises"][-1]
        assert (201, "barbell-curl", [], None) == (
            answer.status_code,
            last["exercise"],
            last["targets"],
            last["decision"],
        )
        unknown = caller.post(_path(session) + "/exercises", json={"exercise": "no-such"})
        assert (422, "unknown-exercise") == problem(unknown)

    def test_skipping(self, caller: TestClient, programme: Json, session: Json) -> None:
        """What is skipped counts for no progression: neither step nor failure."""
        squat = session["exercises"][0]
        log_set(caller, session, squat, reps=1)
        skipped = caller.patch(_path(session, squat), json={"skipped": True}).json()
        assert (True, None) == (skipped["exercises"][0]["skipped"], skipped["exercises"][0]["next_set"])
        finished(caller, session)
        day = caller.get(f"{PROGRAMMES}/{programme['id']}/targets").json()["days"][0]
        assert "start" == day["slots"][0]["decision"]["kind"]

    def test_removing(self, caller: TestClient, session: Json) -> None:
        """Its sets go with it."""
        squat = session["exercises"][0]
        log_set(caller, session, squat)
        after = caller.delete(_path(session, squat)).json()
        assert [BENCH] == [item["exercise"] for item in after["exercises"]]
        assert [] == caller.get(LOGS).json()["items"]

    def test_swapping_for_one_that_is_named(self, caller: TestClient, programme: Json, session: Json) -> None:
        """The sets stay, the load is open, the plan goes on where it was; swapped back it is as planned."""
        squat = session["exercises"][0]
        after = caller.post(_path(session, squat, "swap"), json={"exercise": "leg-press"}).json()["exercises"][0]
        assert ("leg-press", SQUAT, None, "swap") == (
            after["exercise"],
            after["planned_exercise"],
            after["targets"][0]["weight_kg"],
            after["decision"]["kind"],
        )
        back = caller.post(_path(session, squat, "swap"), json={"exercise": SQUAT}).json()["exercises"][0]
        assert squat == back
        caller.post(_path(session, squat, "swap"), json={"exercise": "leg-press"})
        for _ in range(3):
            log_set(caller, session, squat, weight_kg=120)
        finished(caller, session)
        assert [60.0, 40.0] == asked_loads(caller, programme)

    def test_swapping_for_the_nearest(self, caller: TestClient, session: Json) -> None:
        """With the profile's equipment; without any, the body is enough."""
        caller.put("/api/v1/profile", json={"equipment": ["dumbbell"]})
        after = caller.post(_path(session, session["exercises"][0], "swap"), json={}).json()["exercises"][0]
        needs = caller.get(f"/api/v1/exercises/{after['exercise']}").json()
        assert {"dumbbell"} >= set(needs["equipment"])
        assert "squat" == needs["movement"]

    def test_swapping_what_was_begun(self, caller: TestClient, session: Json) -> None:
        """Sets are of one exercise."""
        log_set(caller, session, session["exercises"][0])
        answer = caller.post(_path(session, session["exercises"][0], "swap"), json={"exercise": "leg-press"})
        assert (409, "exercise-started") == problem(answer)


class TestFinish:
    """POST /sessions/{id}/finish."""

    def test_ends_it_once(self, caller: TestClient, session: Json) -> None:
        """A second time changes nothing, whatever version was seen; another session may begin."""
        first = finished(caller, session)
        again = caller.post(_path(session) + "/finish", headers={"If-Match": '"1"'})
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
        answer = caller.post(_path(session) + "/finish", json={"finished_at": "2020-01-01T00:00:00Z"})
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
        caller.put(_path(session, item, "sets", 2), json={"reps": 3, "weight_kg": 60})
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
        kept = caller.get(_path(session)).json()["exercises"][0]
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
        assert [204, 404] == [caller.delete(_path(session)).status_code, caller.get(_path(session)).status_code]
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
        days = [_moment(one["started_at"]).day for one in listed["items"] + more["items"]]
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
            ("GET", _path(session), None),
            ("PATCH", _path(session), {"name": "mine now"}),
            ("POST", _path(session) + "/finish", {}),
            ("DELETE", _path(session), None),
            ("POST", _path(session) + "/exercises", {"exercise": SQUAT}),
            ("PATCH", _path(session, item), {"skipped": True}),
            ("DELETE", _path(session, item), None),
            ("POST", _path(session, item, "swap"), {}),
            ("POST", _path(session, item, "sets"), done),
            ("PUT", _path(session, item, "sets", 0), done),
            ("DELETE", _path(session, item, "sets", 0), None),
        ):
            answer = other_caller.request(method, path, json=body)
            assert (404, "session-not-found") == problem(answer), (method, path)
        assert session == caller.get(_path(session)).json()

    def test_through_ones_own(self, caller: TestClient, other_caller: TestClient, session: Json) -> None:
        """Another's exercise is not reached through one's own session."""
        own = started(other_caller)
        answer = other_caller.post(_path(own, session["exercises"][0], "sets"), json={"reps": 1, "weight_kg": 1})
        assert (404, "session-exercise-not-found") == problem(answer)

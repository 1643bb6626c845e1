"""Performance logs over HTTP."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

WORKOUTS = "/api/v1/workouts-db/"
LOGS = "/api/v1/workouts-db/logs"
SQUAT, BENCH = "barbell-back-squat", "barbell-bench-press"
PLANK, RUN = "plank", "outdoor-run"
SETS = [{"reps": 5, "weight_kg": 95.0, "rpe": 8.5}, {"reps": 4, "weight_kg": 97.5, "rpe": None}]
UNSAID = dict.fromkeys(("reps", "weight_kg", "duration_seconds", "distance_m", "heart_rate_bpm", "rpe"))


def _log(client: TestClient, **fields: object) -> dict:
    response = client.post(LOGS, json={"exercise": SQUAT, "sets": SETS, **fields})
    assert 201 == response.status_code, response.text
    return response.json()


class TestCreate:
    """POST /workouts-db/logs."""

    def test_stores_and_says_where(self, caller: TestClient) -> None:
        """Location names what was stored, its sets in order."""
        response = caller.post(LOGS, json={"exercise": SQUAT, "sets": SETS, "notes": "heavy"})
        stored = caller.get(response.headers["location"]).json()
        assert (201, stored) == (response.status_code, response.json())
        assert ([{**UNSAID, **one} for one in SETS], "heavy", "Barbell Back Squat") == (
            stored["sets"],
            stored["notes"],
            stored["exercise_name"],
        )

    @pytest.mark.parametrize(
        ("exercise", "done"),
        [
            (PLANK, {"duration_seconds": 60}),
            (PLANK, {"duration_seconds": 45, "weight_kg": 10.0, "rpe": 9.0}),
            (PLANK, {"reps": 1, "weight_kg": 0.0}),
            (RUN, {"distance_m": 5000.0, "duration_seconds": 1575, "heart_rate_bpm": 152}),
            (RUN, {"duration_seconds": 1800}),
            (RUN, {"distance_m": 3106.86}),
            (SQUAT, {"reps": 5, "weight_kg": 60.0, "duration_seconds": 40, "heart_rate_bpm": 120}),
        ],
    )
    def test_holds_and_cardio(self, caller: TestClient, exercise: str, done: dict) -> None:
        """A set is a time, a distance, repetitions with their load, or several of them; what was not said is null."""
        log = _log(caller, exercise=exercise, sets=[done])
        assert [{**UNSAID, **done}] == caller.get(f"{LOGS}/{log['id']}").json()["sets"]

    @pytest.mark.parametrize(
        ("exercise", "done", "field"),
        [
            (SQUAT, {}, "reps"),
            (SQUAT, {"duration_seconds": 60}, "reps"),
            (SQUAT, {"weight_kg": 60.0}, "reps"),
            (SQUAT, {"distance_m": 100.0}, "reps"),
            (SQUAT, {"reps": 5}, "weight_kg"),
            (PLANK, {"weight_kg": 10.0}, "duration_seconds"),
            (PLANK, {"reps": 1, "duration_seconds": 30}, "weight_kg"),
            (RUN, {"heart_rate_bpm": 150}, "distance_m"),
        ],
    )
    def test_a_set_fits_its_exercise(self, caller: TestClient, exercise: str, done: dict, field: str) -> None:
        """What the exercise is measured in has to be said: 422 names the set and the field, and nothing is stored."""
        fit = {"reps": 5, "weight_kg": 60.0}
        response = caller.post(LOGS, json={"exercise": exercise, "sets": [fit, done]})
        assert (422, "urn:coachwork:problem:unfit-set", f"body/sets/1/{field}") == (
            response.status_code,
            response.json()["type"],
            response.json()["errors"][0]["location"],
        )
        assert [] == caller.get(LOGS).json()["items"]

    def test_is_now_unless_said(self, caller: TestClient) -> None:
        """Without a time, a log is of now."""
        performed_at = datetime.fromisoformat(_log(caller)["performed_at"])
        assert abs(datetime.now(UTC) - performed_at) < timedelta(minutes=1)

    def test_times_come_back_in_utc(self, caller: TestClient) -> None:
        """A time is kept as the moment it is, and told in UTC."""
        assert "2026-10-02T16:30:00Z" == _log(caller, performed_at="2026-10-02T18:30:00+02:00")["performed_at"]

    def test_follows_a_workout(self, caller: TestClient) -> None:
        """A log may name the caller's workout it followed."""
        workout_id = caller.post(WORKOUTS, json={"name": "x"}).json()["id"]
        assert workout_id == _log(caller, workout_id=workout_id)["workout_id"]

    def test_somebody_elses_workout_is_unknown(self, caller: TestClient, other_caller: TestClient) -> None:
        """Somebody else's workout is refused as one that does not exist."""
        workout_id = other_caller.post(WORKOUTS, json={"name": "x"}).json()["id"]
        for unknown in (workout_id, str(uuid4())):
            response = caller.post(LOGS, json={"exercise": SQUAT, "sets": SETS, "workout_id": unknown})
            assert (422, "body/workout_id") == (
                response.status_code,
                response.json()["errors"][0]["location"],
            )

    @pytest.mark.parametrize(
        ("field", "value", "location"),
        [
            ("exercise", "no-such", "body/exercise"),
            ("performed_at", "2026-10-02T18:30:00", "body/performed_at"),
            ("performed_at", 1_790_000_000, "body/performed_at"),
            ("performed_at", "1790000000", "body/performed_at"),
            ("performed_at", "9999-12-31T23:59:59-14:00", "body/performed_at"),
            ("performed_at", "0001-01-01T00:00:00+14:00", "body/performed_at"),
            ("performed_at", "1949-12-31T00:00:00Z", "body/performed_at"),
            ("workout_id", "x", "body/workout_id"),
            ("sets", [], "body/sets"),
            ("sets", SETS * 51, "body/sets"),
            ("sets", [{"reps": 0, "weight_kg": 5}], "body/sets/0/reps"),
            ("sets", [{"reps": 5.5, "weight_kg": 5}], "body/sets/0/reps"),
            ("sets", [{"reps": True, "weight_kg": 5}], "body/sets/0/reps"),
            ("sets", [{"reps": 5, "weight_kg": 1000.01}], "body/sets/0/weight_kg"),
            ("sets", [{"reps": 5, "weight_kg": "5"}], "body/sets/0/weight_kg"),
            ("sets", [{"reps": 5}], "body/sets/0/weight_kg"),
            ("sets", [{"reps": 5, "weight_kg": 5, "rpe": 10.5}], "body/sets/0/rpe"),
            ("sets", [{"reps": 5, "weight_kg": 5, "duration_seconds": 0}], "body/sets/0/duration_seconds"),
            ("sets", [{"reps": 5, "weight_kg": 5, "duration_seconds": 86_401}], "body/sets/0/duration_seconds"),
            ("sets", [{"reps": 5, "weight_kg": 5, "distance_m": 0.01}], "body/sets/0/distance_m"),
            ("sets", [{"reps": 5, "weight_kg": 5, "distance_m": 1_000_001}], "body/sets/0/distance_m"),
            ("sets", [{"reps": 5, "weight_kg": 5, "heart_rate_bpm": 19}], "body/sets/0/heart_rate_bpm"),
            ("sets", [{"reps": 5, "weight_kg": 5, "heart_rate_bpm": 261}], "body/sets/0/heart_rate_bpm"),
            ("sets", [{"reps": 5, "weight_kg": 5, "tempo": 3}], "body/sets/0/tempo"),
        ],
    )
    def test_bad_values_are_named(self, caller: TestClient, field: str, value: object, location: str) -> None:
        """A value outside what a field takes answers 422, says where, and stores nothing."""
        response = caller.post(LOGS, json={"exercise": SQUAT, "sets": SETS, field: value})
        assert (422, location) == (response.status_code, response.json()["errors"][0]["location"])
        assert [] == caller.get(LOGS).json()["items"]

    def test_the_future_is_refused(self, caller: TestClient) -> None:
        """A day ahead is forgiven to clocks; two are not."""
        later = (datetime.now(UTC) + timedelta(days=2)).isoformat()
        response = caller.post(LOGS, json={"exercise": SQUAT, "sets": SETS, "performed_at": later})
        assert (422, "urn:coachwork:problem:implausible-time") == (
            response.status_code,
            response.json()["type"],
        )


class TestList:
    """GET /workouts-db/logs."""

    def test_latest_first_through_all_pages(self, caller: TestClient) -> None:
        """Following the cursors yields every log once, the latest performed first, equals too."""
        days = ["2026-10-02", "2026-10-01", "2026-10-03", "2026-10-02", "2026-10-02"]
        created = [_log(caller, performed_at=f"{day}T12:00:00Z") for day in days]
        listed, cursor = [], None
        while cursor is not None or not listed:
            page = caller.get(LOGS, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            listed += page["items"]
            cursor = page["next_cursor"]
        expected = sorted(created, key=lambda log: (log["performed_at"], log["id"]), reverse=True)
        assert expected == listed

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({"from": "2026-10-02"}, {2, 3}),
            ({"to": "2026-10-02"}, {1, 2}),
            ({"from": "2026-10-02", "to": "2026-10-02"}, {2}),
            ({"from": "2026-10-02T23:00:00Z"}, {3}),
            ({"to": "2026-10-02T12:00:00+00:00"}, {1}),
            ({"from": "0001-01-01", "to": "9999-12-31"}, {1, 2, 3}),
            ({"from": "2026-10-03", "to": "2026-10-01"}, set()),
        ],
    )
    def test_filters_by_time(self, caller: TestClient, query: dict[str, str], expected: set[int]) -> None:
        """A date means its whole day in UTC; a time starts a period inclusively and ends it exclusively."""
        for day in (1, 2, 3):
            _log(caller, performed_at=f"2026-10-0{day}T12:00:00Z")
        found = caller.get(LOGS, params=query).json()["items"]
        assert expected == {datetime.fromisoformat(log["performed_at"]).day for log in found}

    def test_filters_by_exercise(self, caller: TestClient) -> None:
        """Only logs of the exercise asked for are listed; one that is unknown has none."""
        _log(caller)
        _log(caller, exercise=BENCH)
        found = caller.get(LOGS, params={"exercise": BENCH}).json()["items"]
        assert [BENCH] == [log["exercise"] for log in found]
        assert [] == caller.get(LOGS, params={"exercise": "no-such"}).json()["items"]

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("from", "yesterday"),
            ("from", "2026-10-02T00:00:00"),
            ("to", "2026-10-02T00:00:00 02:00"),
            ("to", "1790000000"),
            ("to", "9999-12-31T23:59:59-14:00"),
            ("start", "2026-10-02"),
        ],
    )
    def test_bad_filters_are_named(self, caller: TestClient, name: str, value: str) -> None:
        """A time that is none answers 422 and says which."""
        response = caller.get(LOGS, params={name: value})
        assert (422, f"query/{name}") == (response.status_code, response.json()["errors"][0]["location"])


class TestReplace:
    """PUT /workouts-db/logs/{log_id}."""

    def test_replaces_as_a_whole(self, caller: TestClient) -> None:
        """Exercise, notes and sets are the new ones; without a new time it keeps its own."""
        log = _log(caller, performed_at="2026-10-02T12:00:00Z", notes="old")
        body = {"exercise": BENCH, "sets": [{"reps": 8, "weight_kg": 60}]}
        replaced = caller.put(f"{LOGS}/{log['id']}", json=body).json()
        assert (BENCH, "", log["performed_at"], [8]) == (
            replaced["exercise"],
            replaced["notes"],
            replaced["performed_at"],
            [one["reps"] for one in replaced["sets"]],
        )

    def test_sets_fit_the_exercise(self, caller: TestClient) -> None:
        """A replacement is held to its exercise's measure too."""
        log = _log(caller)
        response = caller.put(f"{LOGS}/{log['id']}", json={"exercise": BENCH, "sets": [{"duration_seconds": 30}]})
        assert (422, log) == (response.status_code, caller.get(f"{LOGS}/{log['id']}").json())

    def test_all_or_nothing(self, caller: TestClient) -> None:
        """A replacement that is refused leaves everything as it was."""
        log = _log(caller)
        body = {"exercise": "no-such", "sets": [{"reps": 8, "weight_kg": 60}]}
        assert 422 == caller.put(f"{LOGS}/{log['id']}", json=body).status_code
        assert log == caller.get(f"{LOGS}/{log['id']}").json()


class TestSomebodyElses:
    """Every operation on one log."""

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_is_not_found(self, caller: TestClient, other_caller: TestClient, method: str) -> None:
        """Somebody else's log answers as one that does not exist, and stays as it was."""
        log = _log(caller)
        body = {"exercise": BENCH, "sets": SETS} if method == "PUT" else None
        assert [404, 404] == [
            other_caller.request(method, f"{LOGS}/{log_id}", json=body).status_code for log_id in (log["id"], uuid4())
        ]
        assert log == caller.get(f"{LOGS}/{log['id']}").json()


class TestDelete:
    """DELETE /workouts-db/logs/{log_id}."""

    def test_is_gone(self, caller: TestClient) -> None:
        """A deleted log answers 404 and is in no list."""
        path = f"{LOGS}/{_log(caller)['id']}"
        assert [204, 404] == [caller.delete(path).status_code, caller.get(path).status_code]
        assert [] == caller.get(LOGS).json()["items"]

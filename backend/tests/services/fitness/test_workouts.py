"""Planned workouts over HTTP."""

from uuid import uuid4

import pytest
from starlette.testclient import TestClient

WORKOUTS = "/api/v1/workouts-db/"
SQUAT, PLANK = "barbell-back-squat", "plank"


def _planned(exercise: str = SQUAT, **fields: object) -> dict[str, object]:
    return {"exercise": exercise, "target_sets": 3, "target_reps": 5, **fields}


def _create(client: TestClient, **fields: object) -> dict:
    body = {"name": "Lower body", "exercises": [_planned(target_weight_kg=82.5, rest_seconds=120)], **fields}
    response = client.post(WORKOUTS, json=body)
    assert 201 == response.status_code, response.text
    return response.json()


class TestCreate:
    """POST /workouts-db/."""

    @pytest.mark.parametrize("path", [WORKOUTS, WORKOUTS.rstrip("/")])
    def test_stores_and_says_where(self, caller: TestClient, path: str) -> None:
        """With and without the slash at the end, Location names what was stored."""
        response = caller.post(path, json={"name": "Legs", "exercises": [_planned(), _planned(PLANK)]})
        assert 201 == response.status_code
        assert response.json() == caller.get(response.headers["location"]).json()

    def test_keeps_order_and_targets(self, caller: TestClient) -> None:
        """The exercises come back in the order given, with their targets."""
        hold = {"exercise": PLANK, "target_sets": 2, "target_seconds": 60, "notes": "breathe"}
        workout = _create(caller, exercises=[hold, _planned(target_weight_kg=82.555)])
        first, second = workout["exercises"]
        assert (PLANK, 60, None, "breathe") == (
            first["exercise"],
            first["target_seconds"],
            first["target_reps"],
            first["notes"],
        )
        assert ("Barbell Back Squat", 82.56) == (second["exercise_name"], second["target_weight_kg"])

    def test_unknown_exercises_are_named(self, caller: TestClient) -> None:
        """Each exercise the library does not have is pointed at, and nothing is stored."""
        exercises = [_planned(), _planned("no-such"), _planned(PLANK), _planned("nor-this")]
        response = caller.post(WORKOUTS, json={"name": "x", "exercises": exercises})
        assert 422 == response.status_code
        assert ["body/exercises/1/exercise", "body/exercises/3/exercise"] == [
            error["location"] for error in response.json()["errors"]
        ]
        assert [] == caller.get(WORKOUTS).json()["items"]

    @pytest.mark.parametrize(
        ("body", "location"),
        [
            ({}, "body/name"),
            ({"name": "  "}, "body/name"),
            ({"name": "x", "id": str(uuid4())}, "body/id"),
            ({"name": "x\x00"}, "body/name"),
            ({"name": "x", "scheduled_on": "2026-02-30"}, "body/scheduled_on"),
            ({"name": "x", "scheduled_on": 20000}, "body/scheduled_on"),
            ({"name": "x", "scheduled_on": "2026-10-02T00:00:00"}, "body/scheduled_on"),
            ({"name": "x", "notes": "x" * 2001}, "body/notes"),
            ({"name": "x", "exercises": [_planned()] * 51}, "body/exercises"),
            ({"name": "x", "exercises": [_planned(target_sets=0)]}, "body/exercises/0/target_sets"),
            ({"name": "x", "exercises": [_planned(target_sets="3")]}, "body/exercises/0/target_sets"),
            ({"name": "x", "exercises": [_planned(target_weight_kg=-1)]}, "body/exercises/0/target_weight_kg"),
            ({"name": "x", "exercises": [_planned(target_seconds=30)]}, "body/exercises/0"),
            ({"name": "x", "exercises": [_planned("A B")]}, "body/exercises/0/exercise"),
            ([], "body"),
        ],
    )
    def test_bad_values_are_named(self, caller: TestClient, body: object, location: str) -> None:
        """A value outside what a field takes answers 422 and says where."""
        response = caller.post(WORKOUTS, json=body)
        assert (422, location) == (response.status_code, response.json()["errors"][0]["location"])

    @pytest.mark.parametrize("raw", [b"", b"{", b'{"name": "\xff"}', b'{"name": NaN}', b"[" * 5000])
    def test_bytes_that_are_no_json(self, caller: TestClient, raw: bytes) -> None:
        """What cannot be read is the caller's failure, never the server's."""
        response = caller.post(WORKOUTS, content=raw, headers={"content-type": "application/json"})
        assert response.status_code in {400, 422}
        assert "application/problem+json" == response.headers["content-type"]


class TestList:
    """GET /workouts-db/."""

    def test_newest_first_through_all_pages(self, caller: TestClient) -> None:
        """Following the cursors yields every workout once, the newest first."""
        created = [_create(caller, name=f"w{number}")["id"] for number in range(5)]
        listed, cursor = [], None
        while cursor is not None or not listed:
            page = caller.get(WORKOUTS.rstrip("/"), params={"limit": 2, **({"cursor": cursor} if cursor else {})})
            listed += [workout["id"] for workout in page.json()["items"]]
            cursor = page.json()["next_cursor"]
        assert created[::-1] == listed

    def test_filters_by_day_inclusive(self, caller: TestClient) -> None:
        """Both ends of the period belong to it; what is not scheduled is left out."""
        for day in ("2026-10-01", "2026-10-02", "2026-10-03", None):
            _create(caller, name=str(day), scheduled_on=day)
        query = {"scheduled_from": "2026-10-02", "scheduled_to": "2026-10-03"}
        assert {"2026-10-02", "2026-10-03"} == {
            one["name"] for one in caller.get(WORKOUTS, params=query).json()["items"]
        }

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's list has nothing of it."""
        _create(caller)
        assert [] == other_caller.get(WORKOUTS).json()["items"]

    @pytest.mark.parametrize("cursor", ["WyJhIiwgImIiXQ", "WyIyMDI2LTEwLTAyIiwgIngiXQ", "e30"])
    def test_bad_cursors_are_refused(self, caller: TestClient, cursor: str) -> None:
        """A cursor that was never given answers 422."""
        assert 422 == caller.get(WORKOUTS, params={"cursor": cursor}).status_code


class TestReplace:
    """PUT /workouts-db/{workout_id}."""

    def test_replaces_as_a_whole(self, caller: TestClient) -> None:
        """What is left out goes back to its default, exercises included."""
        workout = _create(caller, notes="old", scheduled_on="2026-10-02")
        replaced = caller.put(f"{WORKOUTS}{workout['id']}", json={"name": "New"}).json()
        assert ("New", "", None, []) == tuple(replaced[key] for key in ("name", "notes", "scheduled_on", "exercises"))

    def test_all_or_nothing(self, caller: TestClient) -> None:
        """A replacement that is refused leaves everything as it was."""
        workout = _create(caller)
        body = {"name": "New", "exercises": [_planned("no-such")]}
        assert 422 == caller.put(f"{WORKOUTS}{workout['id']}", json=body).status_code
        assert workout == caller.get(f"{WORKOUTS}{workout['id']}").json()


class TestChange:
    """PATCH /workouts-db/{workout_id}."""

    @pytest.mark.parametrize(
        ("patch", "changed"),
        [
            ({}, {}),
            ({"name": "New"}, {"name": "New"}),
            ({"notes": None}, {"notes": ""}),
            ({"scheduled_on": None}, {"scheduled_on": None}),
            ({"scheduled_on": "2026-11-01"}, {"scheduled_on": "2026-11-01"}),
            ({"exercises": []}, {"exercises": []}),
        ],
    )
    def test_changes_what_is_given(
        self, caller: TestClient, patch: dict[str, object], changed: dict[str, object]
    ) -> None:
        """Fields that are given change, null clears, the rest stays."""
        workout = _create(caller, notes="old", scheduled_on="2026-10-02")
        response = caller.patch(f"{WORKOUTS}{workout['id']}", json=patch)
        assert 200 == response.status_code
        expected = {**workout, **changed, "updated_at": response.json()["updated_at"]}
        assert expected == response.json()

    @pytest.mark.parametrize("field", ["name", "exercises"])
    def test_what_cannot_be_cleared(self, caller: TestClient, field: str) -> None:
        """Null for a field that must be there answers 422."""
        workout = _create(caller)
        response = caller.patch(f"{WORKOUTS}{workout['id']}", json={field: None})
        assert (422, f"body/{field}") == (response.status_code, response.json()["errors"][0]["location"])


class TestDelete:
    """DELETE /workouts-db/{workout_id}."""

    def test_is_gone(self, caller: TestClient) -> None:
        """A deleted workout answers 404, also to a second delete."""
        path = f"{WORKOUTS}{_create(caller)['id']}"
        assert [204, 404, 404] == [
            caller.delete(path).status_code,
            caller.get(path).status_code,
            caller.delete(path).status_code,
        ]

    def test_keeps_the_logs_that_followed_it(self, caller: TestClient) -> None:
        """What was done stays done; it only follows no plan any more."""
        workout = _create(caller)
        log = {"exercise": SQUAT, "workout_id": workout["id"], "sets": [{"reps": 5, "weight_kg": 95}]}
        log_id = caller.post(f"{WORKOUTS}logs", json=log).json()["id"]
        caller.delete(f"{WORKOUTS}{workout['id']}")
        assert caller.get(f"{WORKOUTS}logs/{log_id}").json()["workout_id"] is None


class TestSomebodyElses:
    """Every operation on one workout."""

    @pytest.mark.parametrize(
        ("method", "body"),
        [("GET", None), ("PUT", {"name": "mine now"}), ("PATCH", {"name": "mine now"}), ("DELETE", None)],
    )
    def test_is_not_found(self, caller: TestClient, other_caller: TestClient, method: str, body: object) -> None:
        """Somebody else's workout answers as one that does not exist, and stays as it was."""
        workout = _create(caller)
        answers = [
            other_caller.request(method, f"{WORKOUTS}{workout_id}", json=body)
            for workout_id in (workout["id"], uuid4())
        ]
        assert [404, 404] == [answer.status_code for answer in answers]
        assert answers[0].json()["type"] == answers[1].json()["type"]
        assert workout == caller.get(f"{WORKOUTS}{workout['id']}").json()

    def test_an_id_that_is_none(self, caller: TestClient) -> None:
        """What is no id answers 404 like one that is not there."""
        assert 404 == caller.get(f"{WORKOUTS}not-an-id").status_code

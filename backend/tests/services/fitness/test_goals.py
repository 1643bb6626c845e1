"""Goals over HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.goal_calls import (
    GOALS,
    LOGS,
    MEASUREMENTS,
    NOW,
    PROFILE,
    SESSIONS,
    SQUAT,
    STRENGTH,
    WAIST,
    WEIGHT,
    lift,
    made,
    refused,
    weigh,
)


@pytest.fixture
def measured(caller: TestClient) -> TestClient:
    """Return a caller of 180 cm, who was born in 1990."""
    caller.put(PROFILE, json={"height_cm": 180.0, "birth_year": 1990, "sex_for_equations": "male"})
    return caller


class TestCreate:
    """POST /goals."""

    def test_stores_and_says_where(self, measured: TestClient) -> None:
        """Location names what was stored, and its first version."""
        response = measured.post(GOALS, json={**WEIGHT, "start_value": 82.0, "note": "for the summit"})
        read = measured.get(response.headers["location"])
        assert (201, '"1"', '"1"') == (response.status_code, response.headers["etag"], read.headers["etag"])
        told = {key: read.json()[key] for key in ("start_value", "start_source", "target_value", "unit", "note")}
        assert {
            "start_value": 82.0,
            "start_source": "given",
            "target_value": 75.0,
            "unit": "kg",
            "note": "for the summit",
        } == told

    def test_a_weight_starts_at_its_trend(self, measured: TestClient) -> None:
        """80 kg, and four days later 78: 80 - 0.3439 * 2 = 79.31 kg."""
        ids = weigh(measured, 80, 78)
        goal = made(measured, WEIGHT)
        assert (79.31, "computed", 79.31, [ids[1]]) == (
            goal["start_value"],
            goal["start_source"],
            goal["current"]["value"],
            goal["current"]["row_ids"],
        )

    def test_a_weight_may_start_at_the_profiles(self, caller: TestClient) -> None:
        """With no weighing the profile's weight is the start."""
        caller.put(PROFILE, json={"height_cm": 180.0, "weight_kg": 80.0})
        goal = made(caller, WEIGHT)
        assert (80, "profile", None) == (goal["start_value"], goal["start_source"], goal["current"])

    def test_strength_starts_at_the_best_of_four_weeks(self, caller: TestClient) -> None:
        """Of 5 x 105 kg and 5 x 102 kg in the last weeks, the first estimates more: 122.5 kg."""
        ids = lift(caller, (9, 120), (3, 105), (1, 102))
        goal = made(caller, STRENGTH)
        assert (122.5, [ids[1]], "Barbell Back Squat") == (
            goal["start_value"],
            goal["current"]["row_ids"],
            goal["exercise_name"],
        )

    def test_sessions_start_at_the_mean_of_four_weeks(self, caller: TestClient) -> None:
        """Nothing logged is nothing; ten days in four whole weeks are 2.5 a week."""
        assert 0 == made(caller, SESSIONS)["start_value"]
        monday = NOW - timedelta(days=NOW.weekday())
        days = [monday - timedelta(weeks=week, days=-day) for week in (1, 2, 3, 4) for day in (0, 2)]
        for day in [*days, monday - timedelta(days=1), monday - timedelta(days=10)]:
            lift(caller, ((NOW - day) / timedelta(weeks=1), 60))
        assert 2.5 == made(caller, SESSIONS)["start_value"]

    def test_a_measurement_starts_at_the_latest(self, caller: TestClient) -> None:
        """Of one site, not of another."""
        for circumferences in ({"waist": 90.0}, {"hips": 99.0}):
            caller.post(MEASUREMENTS, json={"circumferences_cm": circumferences})
        goal = made(caller, WAIST)
        assert (90, "cm") == (goal["start_value"], goal["unit"])

    @pytest.mark.parametrize(
        ("body", "location"),
        [
            ({**WEIGHT, "start_value": 80.0, "target_value": 80.0}, "body/target_value"),
            ({**WEIGHT, "start_value": 80.0, "target_value": 19.0}, "body/target_value"),
            (WEIGHT, "body/start_value"),
            (WAIST, "body/start_value"),
            (STRENGTH, "body/start_value"),
            ({**STRENGTH, "start_value": 150.0}, "body/target_value"),
            ({**SESSIONS, "target_value": 8.0}, "body/target_value"),
            ({**STRENGTH, "exercise": "no-such", "start_value": 100.0}, "body/exercise"),
            ({**STRENGTH, "exercise": None, "start_value": 100.0}, "body"),
            ({**WEIGHT, "exercise": SQUAT, "start_value": 80.0}, "body"),
            ({**WEIGHT, "site": "waist", "start_value": 80.0}, "body"),
            ({**WEIGHT, "start_value": 80.0, "due_on": str(NOW.date())}, "body/due_on"),
            ({**WEIGHT, "start_value": 80.0, "due_on": "2090-01-01"}, "body/due_on"),
            ({**WEIGHT, "kind": "happiness"}, "body/kind"),
            ({**WEIGHT, "target_value": "75"}, "body/target_value"),
        ],
    )
    def test_bad_values_are_named(self, measured: TestClient, body: dict[str, Any], location: str) -> None:
        """A value that does not fit answers 422, says where, and stores nothing."""
        assert location == refused(measured, body)[1]


class TestSafety:
    """POST and PUT /goals with a target that would harm."""

    UNSAFE = ("unsafe-target", "body/target_value")

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ({**WEIGHT, "target_value": 59.0}, "body mass index of 18.2"),
            ({**WEIGHT, "due_on": str(NOW.date() + timedelta(days=14))}, "faster than 1 %"),
            ({**WEIGHT, "kind": "measurement", "site": "body_fat", "target_value": 4.0}, "below 5 %"),
        ],
    )
    def test_is_refused_in_words(self, measured: TestClient, body: dict[str, Any], reason: str) -> None:
        """Too thin, too fast and too lean: the reason, its source and who can help."""
        body = {**body, "start_value": 80.0}
        assert self.UNSAFE == refused(measured, body)
        detail = measured.post(GOALS, json=body).json()["detail"]
        assert reason in detail
        assert "Source: " in detail
        assert "registered dietitian" in detail

    def test_a_start_that_is_made_up_hides_nothing(self, measured: TestClient) -> None:
        """The pace is judged from the weight one has."""
        weigh(measured, 90, 90)
        soon = str(NOW.date() + timedelta(days=14))
        assert self.UNSAFE == refused(measured, {**WEIGHT, "start_value": 75.5, "due_on": soon})
        assert self.UNSAFE == refused(measured, {**WEIGHT, "start_value": 74.0, "due_on": soon})

    def test_cannot_be_changed_into(self, measured: TestClient) -> None:
        """A goal that was fine does not become what would be refused; its note may still change."""
        goal = made(measured, {**WEIGHT, "start_value": 80.0})
        path, kept = f"{GOALS}/{goal['id']}", {"target_value": 75.0, "due_on": goal["due_on"]}
        response = measured.put(path, json={**kept, "target_value": 55.0})
        assert (422, 75) == (response.status_code, measured.get(path).json()["target_value"])
        assert "slowly" == measured.put(path, json={**kept, "note": "slowly"}).json()["note"]

    def test_gaining_from_underweight_is_welcome(self, measured: TestClient) -> None:
        """From 55 kg at 180 cm to 62 kg."""
        assert "active" == made(measured, {**WEIGHT, "start_value": 55.0, "target_value": 62.0})["status"]


class TestStanding:
    """GET /goals/{goal_id}: status and projection follow the data."""

    def test_on_its_way(self, measured: TestClient) -> None:
        """A clear trend has dates, the rows they come from, and a sentence that promises nothing."""
        ids = weigh(measured, 81.0, 80.7, 80.8, 80.2, 80.3, 79.8, 79.7)
        goal = made(measured, {**WEIGHT, "start_value": 82.0})
        look = goal["projection"]
        assert ("active", "on_time", 80) == (goal["status"], look["state"], look["interval_percent"])
        assert str(NOW.date()) <= look["earliest_on"] < look["likely_on"] < look["latest_on"]
        assert ids == look["rate"]["row_ids"]
        assert "no promise" in look["sentence"]
        # least squares by hand: Sxy / Sxx = -6.2 / 28 a gap of four days
        assert -6.2 / 28 * 7 / 4 == pytest.approx(look["rate"]["per_week"], abs=0.001)

    def test_the_other_ways(self, measured: TestClient) -> None:
        """Moving away, and not enough to tell."""
        goal = made(measured, {**WEIGHT, "start_value": 82.0})
        assert "not_enough_data" == goal["projection"]["state"]
        weigh(measured, 78, 79, 79.5, 80.5, 81)
        away = measured.get(f"{GOALS}/{goal['id']}").json()
        assert ("moving_away", None) == (away["projection"]["state"], away["projection"]["likely_on"])

    def test_reached(self, caller: TestClient) -> None:
        """A set that estimates the target reaches it; a worse one later changes nothing."""
        goal = made(caller, {**STRENGTH, "start_value": 100.0})
        lift(caller, (0, 120), (0, 60))  # 5 x 120 kg estimate 140 kg
        before = caller.get(f"{GOALS}/{goal['id']}").json()
        assert ("active", 140) == (before["status"], before["current"]["value"])  # it was before the goal began
        later = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        caller.post(LOGS, json={"exercise": SQUAT, "sets": [{"reps": 5, "weight_kg": 121}], "performed_at": later})
        after = caller.get(f"{GOALS}/{goal['id']}").json()
        assert ("reached", "reached") == (after["status"], after["projection"]["state"])
        assert 100 < after["progress_percent"]


class TestList:
    """GET /goals."""

    def test_newest_first_through_all_pages(self, caller: TestClient) -> None:
        """Following the cursors yields every goal once."""
        bodies: Sequence[dict[str, Any]] = (SESSIONS, {**STRENGTH, "start_value": 90.0}, {**WAIST, "start_value": 90.0})
        ids = [made(caller, body)["id"] for body in bodies]
        listed, cursor = [], None
        while cursor is not None or not listed:
            page = caller.get(GOALS, params={"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
            listed += page["items"]
            cursor = page["next_cursor"]
        assert ids[::-1] == [goal["id"] for goal in listed]

    def test_filters(self, caller: TestClient) -> None:
        """By kind, and by whether they are put aside."""
        kept, aside = made(caller, SESSIONS), made(caller, {**WAIST, "start_value": 90.0})
        body = {"target_value": 75.0, "due_on": aside["due_on"], "archived": True}
        assert "archived" == caller.put(f"{GOALS}/{aside['id']}", json=body).json()["status"]
        found = [
            [goal["id"] for goal in caller.get(GOALS, params=query).json()["items"]]
            for query in ({"archived": True}, {"archived": False}, {"kind": "measurement"}, {"kind": "body_weight"})
        ]
        assert [[aside["id"]], [kept["id"]], [aside["id"]], []] == found


class TestReplace:
    """PUT /goals/{goal_id}."""

    def test_changes_what_can_change(self, caller: TestClient) -> None:
        """Target, day, note and start; the kind stays."""
        goal = made(caller, SESSIONS)
        due_on = str(NOW.date() + timedelta(days=30))
        body = {"start_value": 1.0, "target_value": 3.0, "due_on": due_on, "note": "x"}
        changed = caller.put(f"{GOALS}/{goal['id']}", json=body).json()
        assert {**body, "kind": "weekly_sessions", "start_source": "given"} == {
            key: changed[key] for key in (*body, "kind", "start_source")
        }

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_a_lost_update_is_refused(self, caller: TestClient, method: str) -> None:
        """Whoever saw an earlier version changes nothing; whoever saw this one does."""
        goal = made(caller, SESSIONS)
        path, body = f"{GOALS}/{goal['id']}", {"target_value": 3.0, "due_on": goal["due_on"]}
        changed = caller.put(path, json=body, headers={"If-Match": '"1"'})
        sent = body if method == "PUT" else None
        assert 412 == caller.request(method, path, json=sent, headers={"If-Match": '"1"'}).status_code
        assert changed.json() == caller.get(path).json()
        done = caller.request(method, path, json=sent, headers={"If-Match": changed.headers["etag"]})
        assert done.status_code in (200, 204)


class TestSomebodyElses:
    """Every operation on one goal."""

    @pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
    def test_is_not_found(self, caller: TestClient, other_caller: TestClient, method: str) -> None:
        """Somebody else's answers as one that does not exist, and stays as it was."""
        mine = made(caller, SESSIONS)
        body = {"target_value": 1.0, "due_on": mine["due_on"]} if method == "PUT" else None
        assert [404, 404] == [
            other_caller.request(method, f"{GOALS}/{one}", json=body).status_code for one in (mine["id"], uuid4())
        ]
        assert mine == caller.get(f"{GOALS}/{mine['id']}").json()
        assert [] == other_caller.get(GOALS).json()["items"]

    def test_their_data_counts_for_nothing(self, caller: TestClient, other_caller: TestClient) -> None:
        """What another user lifts and weighs is in nobody else's goal."""
        weigh(other_caller, 90, 89)
        lift(other_caller, (1, 200))
        assert ["unfit-goal"] * 2 == [refused(caller, body)[0] for body in (WEIGHT, STRENGTH)]


class TestDelete:
    """DELETE /goals/{goal_id}."""

    def test_is_gone(self, caller: TestClient) -> None:
        """A deleted goal answers 404."""
        path = f"{GOALS}/{made(caller, SESSIONS)['id']}"
        assert [204, 404] == [caller.delete(path).status_code, caller.get(path).status_code]

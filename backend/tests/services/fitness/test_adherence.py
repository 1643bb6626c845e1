"""What was planned against what was done."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.services.fitness.training import SQUAT, lifted, log

from coachwork.services.fitness.domain.adherence import Adherence

ADHERENCE = "/api/v1/progress/adherence"
WORKOUTS = "/api/v1/workouts-db/"


def planned(client: TestClient, day: date, name: str = "Full body A") -> str:
    """Plan a workout for a day and return its id."""
    body = {
        "name": name,
        "scheduled_on": day.isoformat(),
        "exercises": [{"exercise": SQUAT, "target_sets": 3, "target_reps": 5}],
    }
    response = client.post(WORKOUTS, json=body)
    assert 201 == response.status_code, response.text
    workout_id: str = response.json()["id"]
    return workout_id


class TestAdherence:
    """GET /progress/adherence."""

    def test_done_missed_and_upcoming(self, caller: TestClient) -> None:
        """What a log followed is done, what lies behind without one is missed, the rest is still to come."""
        today = datetime.now(UTC).date()
        done = planned(caller, today - timedelta(days=14))
        missed = planned(caller, today - timedelta(days=7))
        upcoming = planned(caller, today)
        [row] = log(caller, SQUAT, f"{today - timedelta(days=12)}", *lifted((5, 100.0)), workout_id=done)
        answer = caller.get(ADHERENCE).json()
        outcomes = {one["workout_id"]: one for week in answer["weeks"] for one in week["workouts"]}
        assert {"planned": 3, "done": 1, "missed": 1, "upcoming": 1, "percent": 50.0} == answer["total"]
        assert ("done", "missed", "upcoming") == tuple(outcomes[one]["outcome"] for one in (done, missed, upcoming))
        assert ([row.log_id], []) == (outcomes[done]["log_ids"], outcomes[missed]["log_ids"])

    def test_weeks_add_up(self, caller: TestClient) -> None:
        """Every planned workout stands in its own week, and the weeks are the total."""
        days = [date(2026, 8, 3) + timedelta(days=offset) for offset in (0, 6, 7, 20)]
        ids = [planned(caller, day) for day in days]
        log(caller, SQUAT, "2026-08-10", *lifted((5, 100.0)), workout_id=ids[1])
        answer = caller.get(ADHERENCE, params={"from": "2026-08-05", "to": "2026-08-23"}).json()
        assert [("2026-W32", 2, 1), ("2026-W33", 1, 0), ("2026-W34", 1, 0)] == [
            (week["iso_week"], week["total"]["planned"], week["total"]["done"]) for week in answer["weeks"]
        ]
        assert (4, 25.0) == (answer["total"]["planned"], answer["total"]["percent"])

    def test_the_zone_decides_what_is_over(self, caller: TestClient) -> None:
        """What was planned for yesterday in the far east may still be today in the far west."""
        west = datetime.now(UTC) - timedelta(hours=11)
        planned(caller, west.date())
        outcome = caller.get(ADHERENCE, params={"tz": "Pacific/Niue"}).json()["total"]
        assert (1, 0) == (outcome["upcoming"], outcome["missed"])

    def test_nothing_planned(self, caller: TestClient) -> None:
        """There is no percentage of nothing."""
        answer = caller.get(ADHERENCE).json()
        assert {"planned": 0, "done": 0, "missed": 0, "upcoming": 0, "percent": None} == answer["total"]
        assert 12 == len(answer["weeks"])

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's plan has nothing of it."""
        planned(caller, datetime.now(UTC).date())
        assert 0 == other_caller.get(ADHERENCE).json()["total"]["planned"]

    @pytest.mark.parametrize("query", [{"from": "2020-01-01"}, {"tz": "x"}, {"from": "2026-02-30"}])
    def test_bad_queries_are_refused(self, caller: TestClient, query: dict[str, str]) -> None:
        """422."""
        assert 422 == caller.get(ADHERENCE, params=query).status_code


class TestPercent:
    """Adherence.percent."""

    @given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
    def test_is_of_what_was_due(self, done: int, missed: int, upcoming: int) -> None:
        """What is still to come changes nothing; it lies between nothing and everything."""
        percent = Adherence(done, missed, upcoming).percent
        assert percent == Adherence(done, missed, 0).percent
        assert (percent is None) == (done + missed == 0)
        assert 0 <= (percent or 0) <= 100

"""Muscles by week: against rows recomputed one by one."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.training import BENCH, LOGS, PULL_UP, RUN, SQUAT, Row, history, lifted, log

from coachwork.services.fitness.domain.muscles import band_of

MUSCLES = "/api/v1/progress/muscles"
BERLIN = ZoneInfo("Europe/Berlin")


def recomputed(rows: list[Row], library: list[dict[str, Any]], zone: ZoneInfo) -> dict[tuple[str, str], list[float]]:
    """Return sets and volume of each week and muscle, counted set by set."""
    exercises = {one["slug"]: one for one in library}
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for row in rows:
        exercise = exercises[row.exercise]
        year, week, _ = row.performed_at.astimezone(zone).isocalendar()
        shares = [(1.0, muscle) for muscle in exercise["primary_muscles"]]
        shares += [(0.5, muscle) for muscle in exercise["secondary_muscles"]]
        if exercise["movement"] in {"conditioning", "mobility"}:
            continue
        for share, muscle in shares:
            found[f"{year}-W{week:02}", muscle][0] += share
            found[f"{year}-W{week:02}", muscle][1] += share * row.volume_kg
    return found


class TestMuscles:
    """GET /progress/muscles."""

    def test_agrees_with_its_rows(self, caller: TestClient, library: list[dict[str, Any]]) -> None:
        """Every week and muscle is what a plain loop over the sets finds, and nothing else is there."""
        rows = history(caller, logs=40, seed=11)
        query = {"from": "2026-03-01", "to": "2026-10-10", "tz": "Europe/Berlin"}
        weeks = caller.get(MUSCLES, params=query).json()["weeks"]
        found = {(week["iso_week"], one["muscle"]): one for week in weeks for one in week["muscles"]}
        wanted = recomputed(rows, library, BERLIN)
        assert wanted.keys() == found.keys()
        for key, (sets, volume_kg) in wanted.items():
            assert (sets, pytest.approx(volume_kg)) == (found[key]["sets"], found[key]["volume_kg"])
            assert found[key]["sets"] == found[key]["primary_sets"] + found[key]["secondary_sets"] / 2

    def test_averages_count_weeks_without_training(self, caller: TestClient, library: list[dict[str, Any]]) -> None:
        """A muscle's average is over all weeks of the period; major muscles are told even at nothing."""
        rows = history(caller, logs=25, seed=13)
        answer = caller.get(MUSCLES, params={"from": "2026-03-30", "to": "2026-10-04"}).json()
        sets: defaultdict[str, float] = defaultdict(float)
        for (_, muscle), (counted, _volume) in recomputed(rows, library, ZoneInfo("UTC")).items():
            sets[muscle] += counted
        averages = {one["muscle"]: one["sets_per_week"] for one in answer["averages"]}
        assert 27 == len(answer["weeks"])
        assert {muscle: pytest.approx(total / 27, abs=0.006) for muscle, total in sets.items()} == {
            muscle: average for muscle, average in averages.items() if average or muscle in sets
        }
        assert 0.0 == averages["calves"]

    def test_links_to_its_rows(self, caller: TestClient) -> None:
        """A week's query lists the logs that its muscles name, on the edge of the zone's week too."""
        for at in ("2026-10-04T21:59:59+00:00", "2026-10-04T22:00:00+00:00", "2026-10-11T21:59:59+00:00"):
            log(caller, SQUAT, at, *lifted((5, 100.0)))
        log(caller, RUN, "2026-10-07", {"duration_seconds": 1800})
        query = {"from": "2026-10-07", "to": "2026-10-07", "tz": "Europe/Berlin"}
        [week] = caller.get(MUSCLES, params=query).json()["weeks"]
        listed = caller.get(LOGS, params=week["rows"] | {"exercise": SQUAT}).json()["items"]
        named = {log_id for one in week["muscles"] for log_id in one["log_ids"]}
        assert ("2026-W41", "2026-10-05", "2026-10-11") == (week["iso_week"], week["starts_on"], week["ends_on"])
        assert (2, named) == (len(listed), {one["id"] for one in listed})

    def test_half_a_set_for_muscles_that_help(self, caller: TestClient) -> None:
        """Four sets of bench press are four for the chest and two for the front of the shoulders."""
        log(caller, BENCH, "2026-10-07", *lifted((8, 60.0), (8, 60.0), (8, 60.0), (8, 60.0)))
        [week] = caller.get(MUSCLES, params={"from": "2026-10-07", "to": "2026-10-07"}).json()["weeks"]
        sets = {one["muscle"]: (one["sets"], one["volume_kg"]) for one in week["muscles"]}
        assert ((4.0, 1920.0), (2.0, 960.0)) == (sets["chest"], sets["front_delts"])

    def test_cardio_is_no_resistance_training(self, caller: TestClient) -> None:
        """A run counts for no muscle."""
        log(caller, RUN, "2026-10-07", {"duration_seconds": 1800, "distance_m": 5000.0})
        [week] = caller.get(MUSCLES, params={"from": "2026-10-07", "to": "2026-10-07"}).json()["weeks"]
        assert [] == week["muscles"]

    def test_tells_range_and_shares_with_their_sources(self, caller: TestClient) -> None:
        """Both stand beside the figures."""
        answer = caller.get(MUSCLES).json()
        assert (1.0, 0.5, True) == (
            answer["counting"]["primary"], answer["counting"]["secondary"],
            "Sports Med" in answer["counting"]["source"],
        )  # fmt: skip
        assert (10, 20, True, True) == (
            answer["range"]["low_sets"], answer["range"]["high_sets"],
            "Schoenfeld" in answer["range"]["low_source"], "Baz-Valle" in answer["range"]["high_source"],
        )  # fmt: skip

    def test_the_last_twelve_weeks_by_default(self, caller: TestClient) -> None:
        """Without a period: this week and the eleven before it, whole."""
        answer = caller.get(MUSCLES).json()
        starts, ends = date.fromisoformat(answer["starts_on"]), date.fromisoformat(answer["ends_on"])
        today = datetime.now(UTC).date()
        assert (12, timedelta(weeks=12), 1) == (
            len(answer["weeks"]),
            ends - starts + timedelta(days=1),
            starts.isoweekday(),
        )
        assert starts <= today - timedelta(days=1) <= ends

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's weeks have nothing of it."""
        log(caller, PULL_UP, "2026-10-07", *lifted((8, 0.0)))
        weeks = other_caller.get(MUSCLES, params={"from": "2026-10-01", "to": "2026-10-14"}).json()["weeks"]
        assert [[], [], []] == [week["muscles"] for week in weeks]

    @pytest.mark.parametrize(
        "query",
        [
            {"from": "2020-01-01", "to": "2026-01-01"}, {"to": "2020-01-01", "from": "2021-01-01"},
            {"from": "2199-12-31"}, {"from": "1950-01-01"}, {"tz": "EST5EDT4"},
        ],
    )  # fmt: skip
    def test_bad_periods_are_refused(self, caller: TestClient, query: dict[str, str]) -> None:
        """422 for more than two years, for a period the wrong way round, for no zone."""
        assert 422 == caller.get(MUSCLES, params=query).status_code

    @pytest.mark.parametrize(
        "query", [{"to": "2199-12-31"}, {"to": "1950-01-01"}, {"from": "2024-10-07", "to": "2026-10-04"}]
    )
    def test_the_edges_of_a_period(self, caller: TestClient, query: dict[str, str]) -> None:
        """The first and the last day there are, and a period as long as allowed."""
        assert 200 == caller.get(MUSCLES, params=query).status_code


class TestBand:
    """band_of."""

    @pytest.mark.parametrize(
        ("sets", "band"), [(0, "below"), (9.5, "below"), (10, "within"), (20, "within"), (20.5, "above")]
    )
    def test_the_range_has_its_ends(self, sets: float, band: str) -> None:
        """Ten and twenty are within."""
        assert band == band_of(sets)

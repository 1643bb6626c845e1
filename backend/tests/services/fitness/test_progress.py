"""The progress summary: over HTTP, against a count by hand, and as sentences."""

from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from coachwork.services.fitness.domain.facts import progress_facts
from coachwork.services.fitness.domain.progress import (
    ExerciseTotals,
    ProgressSummary,
    SetRecord,
    TimedRecord,
    Totals,
    VolumeRecord,
    Week,
    exercise_progress,
)
from coachwork.services.fitness.domain.strength import brzycki_kg, epley_kg, is_reliable

LOGS = "/api/v1/workouts-db/logs"
PROGRESS = "/api/v1/workouts-db/progress"
SQUAT, BENCH, PULL_UP = "barbell-back-squat", "barbell-bench-press", "pull-up"
PLANK, RUN = "plank", "outdoor-run"
AT = datetime(2026, 10, 2, 12, tzinfo=UTC)


def _log(client: TestClient, exercise: str, day: str, *sets: tuple[int, float]) -> str:
    return _log_sets(client, exercise, day, *({"reps": reps, "weight_kg": weight_kg} for reps, weight_kg in sets))


def _log_sets(client: TestClient, exercise: str, day: str, *sets: dict[str, float]) -> str:
    body = {"exercise": exercise, "performed_at": f"{day}T12:00:00Z", "sets": sets}
    response = client.post(LOGS, json=body)
    assert 201 == response.status_code, response.text
    log_id: str = response.json()["id"]
    return log_id


def _summed(weeks: list[dict[str, dict[str, float]]]) -> dict[str, float]:
    return {name: sum(week["totals"][name] for week in weeks) for name in weeks[0]["totals"]}


def _record(reps: int, weight_kg: float, number: int = 0) -> SetRecord:
    return SetRecord(UUID(int=number), AT, reps, weight_kg)


def _totals(name: str = "Barbell Back Squat") -> ExerciseTotals:
    return ExerciseTotals(SQUAT, name, Totals(1, 1, 5, 475.0), AT, AT, VolumeRecord(UUID(int=0), AT, 475.0))


class TestSummary:
    """GET /workouts-db/progress."""

    def test_nothing_logged(self, caller: TestClient) -> None:
        """A new user's summary is empty, and no failure."""
        nothing = {
            "sessions": 0,
            "sets": 0,
            "reps": 0,
            "volume_kg": 0.0,
            "duration_seconds": 0,
            "distance_m": 0.0,
        }
        assert {"totals": nothing, "exercises": [], "weeks": []} == caller.get(PROGRESS).json()

    def test_records_name_the_log_that_made_them(self, caller: TestClient) -> None:
        """Each record points at the log that was first to set it."""
        _log(caller, SQUAT, "2026-09-28", (5, 90.0), (20, 60.0))
        heavy = _log(caller, SQUAT, "2026-10-02", (5, 95.0), (1, 105.0))
        long = _log(caller, SQUAT, "2026-10-05", (30, 60.0))
        _log(caller, SQUAT, "2026-10-06", (5, 95.0))
        [squat] = caller.get(PROGRESS).json()["exercises"]
        assert (110.8, heavy) == (
            squat["best_epley"]["estimate_kg"],
            squat["best_epley"]["made_by"]["log_id"],
        )
        assert (106.9, heavy) == (
            squat["best_brzycki"]["estimate_kg"],
            squat["best_brzycki"]["made_by"]["log_id"],
        )
        assert (105.0, heavy) == (squat["heaviest_set"]["weight_kg"], squat["heaviest_set"]["log_id"])
        assert (1800.0, long) == (squat["best_session"]["volume_kg"], squat["best_session"]["log_id"])
        assert [(105.0, 1), (95.0, 5), (60.0, 30)] == [(one["weight_kg"], one["reps"]) for one in squat["most_reps"]]

    def test_weeks_begin_on_monday(self, caller: TestClient) -> None:
        """Sunday closes an ISO week, and a week may belong to another year than its days."""
        _log(caller, SQUAT, "2026-01-01", (5, 100.0))
        _log(caller, BENCH, "2026-01-04", (5, 60.0))
        _log(caller, SQUAT, "2026-01-05", (5, 100.0))
        weeks = caller.get(PROGRESS).json()["weeks"]
        assert [("2026-W01", "2025-12-29", 800.0), ("2026-W02", "2026-01-05", 500.0)] == [
            (week["iso_week"], week["starts_on"], week["totals"]["volume_kg"]) for week in weeks
        ]

    def test_filters_by_exercise_and_time(self, caller: TestClient) -> None:
        """Only the exercise and the period asked for are counted."""
        _log(caller, SQUAT, "2026-10-01", (5, 100.0))
        _log(caller, SQUAT, "2026-10-02", (5, 90.0))
        _log(caller, BENCH, "2026-10-02", (5, 60.0))
        summary = caller.get(PROGRESS, params={"exercise": SQUAT, "from": "2026-10-02", "to": "2026-10-02"}).json()
        assert ([SQUAT], 450.0) == (
            [one["exercise"] for one in summary["exercises"]],
            summary["totals"]["volume_kg"],
        )

    def test_body_weight_has_repetitions_but_no_load(self, caller: TestClient) -> None:
        """Without a load there is no estimate and no heaviest set."""
        _log(caller, PULL_UP, "2026-10-02", (8, 0.0), (11, 0.0))
        [pull_up] = caller.get(PROGRESS).json()["exercises"]
        assert (None, None, None) == (
            pull_up["best_epley"],
            pull_up["best_brzycki"],
            pull_up["heaviest_set"],
        )
        assert [11] == [one["reps"] for one in pull_up["most_reps"]]

    def test_holds_count_without_volume(self, caller: TestClient) -> None:
        """A hold is a session with sets and a time; it has no volume, no estimate, and a longest set with its load."""
        first = _log_sets(
            caller, PLANK, "2026-10-01", {"duration_seconds": 60}, {"duration_seconds": 45, "weight_kg": 10.0}
        )
        best = _log_sets(caller, PLANK, "2026-10-02", {"duration_seconds": 75, "weight_kg": 5.0})
        [plank] = caller.get(PROGRESS).json()["exercises"]
        expected = {"sessions": 2, "sets": 3, "reps": 0, "volume_kg": 0.0, "duration_seconds": 180, "distance_m": 0.0}
        assert (expected, None, None, []) == (
            plank["totals"],
            plank["best_epley"],
            plank["heaviest_set"],
            plank["most_reps"],
        )
        assert (best, 75, 5.0, None) == tuple(
            plank["longest_set"][name] for name in ("log_id", "duration_seconds", "weight_kg", "pace_seconds_per_km")
        )
        assert (first, None) == (plank["best_session"]["log_id"], plank["average_pace_seconds_per_km"])

    def test_cardio_has_distance_time_and_pace(self, caller: TestClient) -> None:
        """The pace is of the sets that have both; farthest, longest and fastest each name their log."""
        fast = _log_sets(caller, RUN, "2026-10-01", {"distance_m": 1000.0, "duration_seconds": 270})
        far = _log_sets(caller, RUN, "2026-10-02", {"distance_m": 9000.0, "duration_seconds": 2880})
        _log_sets(caller, RUN, "2026-10-03", {"distance_m": 2000.0})
        long = _log_sets(caller, RUN, "2026-10-04", {"duration_seconds": 3600, "heart_rate_bpm": 120})
        summary = caller.get(PROGRESS).json()
        [run] = summary["exercises"]
        assert (12_000.0, 6750, 315.0) == (
            run["totals"]["distance_m"],
            run["totals"]["duration_seconds"],
            run["average_pace_seconds_per_km"],
        )
        assert [(far, 320.0), (fast, 270.0), (long, None)] == [
            (run[name]["log_id"], run[name]["pace_seconds_per_km"])
            for name in ("farthest_set", "fastest_set", "longest_set")
        ]
        assert far == run["best_session"]["log_id"]
        assert (run["totals"], run["totals"]) == (summary["totals"], _summed(summary["weeks"]))

    def test_time_does_not_change_lifting(self, caller: TestClient) -> None:
        """Volume and records of repetitions are as if holds and cardio had not been logged."""
        _log(caller, SQUAT, "2026-10-01", (5, 100.0), (3, 110.0))
        [alone] = caller.get(PROGRESS).json()["exercises"]
        _log_sets(caller, PLANK, "2026-10-01", {"duration_seconds": 60, "weight_kg": 500.0})
        summary = caller.get(PROGRESS).json()
        assert alone in summary["exercises"]
        assert (830.0, 3) == (summary["totals"]["volume_kg"], summary["totals"]["sets"])

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user's summary has nothing of it."""
        _log(caller, SQUAT, "2026-10-01", (5, 100.0))
        assert [] == other_caller.get(PROGRESS).json()["exercises"]

    def test_agrees_with_a_count_by_hand(self, caller: TestClient) -> None:
        """What Postgres aggregates is what a plain loop over every set finds."""
        random = Random(7)
        sets: list[tuple[str, int, float]] = []
        for number in range(40):
            exercise = random.choice([SQUAT, BENCH])
            done = [(random.randint(1, 15), random.randint(0, 200) / 2) for _ in range(random.randint(1, 5))]
            _log(caller, exercise, f"2026-{1 + number % 9:02}-{1 + number % 28:02}", *done)
            sets += [(exercise, reps, weight_kg) for reps, weight_kg in done]
        summary = caller.get(PROGRESS).json()
        for one in summary["exercises"]:
            mine = [(reps, weight_kg) for exercise, reps, weight_kg in sets if exercise == one["exercise"]]
            reliable = [pair for pair in mine if is_reliable(*pair)]
            assert (len(mine), sum(reps for reps, _ in mine)) == (one["totals"]["sets"], one["totals"]["reps"])
            assert sum(reps * kg for reps, kg in mine) == pytest.approx(one["totals"]["volume_kg"])
            assert round(max(epley_kg(*pair) for pair in reliable), 1) == one["best_epley"]["estimate_kg"]
            assert round(max(brzycki_kg(*pair) for pair in reliable), 1) == one["best_brzycki"]["estimate_kg"]
        total = summary["totals"]["volume_kg"]
        assert total == pytest.approx(sum(week["totals"]["volume_kg"] for week in summary["weeks"]))
        assert (40, len(sets)) == (summary["totals"]["sessions"], summary["totals"]["sets"])

    @pytest.mark.parametrize("query", [{"exercise": "A b"}, {"from": "x"}, {"limit": "3"}, {"to": "2026-10-02T00:00"}])
    def test_bad_filters_are_refused(self, caller: TestClient, query: dict[str, str]) -> None:
        """A value or a filter that is none answers 422."""
        assert 422 == caller.get(PROGRESS, params=query).status_code


class TestRecords:
    """Records out of the heaviest set of each number of repetitions."""

    @given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 300)), min_size=1, max_size=30))
    def test_the_heaviest_of_each_repetitions_suffices(self, pairs: list[tuple[int, int]]) -> None:
        """Leaving out lighter sets of equal repetitions changes no record."""
        every = [_record(reps, float(kg)) for reps, kg in pairs]
        best = [max((one for one in every if one.reps == reps), key=lambda one: one.weight_kg) for reps, _ in pairs]
        whole, reduced = exercise_progress(_totals(), every), exercise_progress(_totals(), best)
        assert whole == reduced

    def test_no_set_of_the_list_beats_another(self) -> None:
        """Each set of `most_reps` has more repetitions than every heavier one."""
        records = [_record(5, 100.0), _record(4, 90.0), _record(8, 80.0), _record(8, 60.0)]
        progress = exercise_progress(_totals(), records)
        assert [(5, 100.0), (8, 80.0)] == [(one.reps, one.weight_kg) for one in progress.most_reps]

    def test_long_sets_give_no_estimate(self) -> None:
        """Thirteen repetitions and more estimate nothing, however heavy."""
        assert exercise_progress(_totals(), [_record(13, 200.0), _record(37, 200.0)]).best_brzycki is None


class TestFacts:
    """The summary as sentences."""

    def test_nothing_to_say(self) -> None:
        """Without sets there is no sentence."""
        assert [] == progress_facts(ProgressSummary(Totals(), [], []))

    def test_names_the_set_behind_each_record(self) -> None:
        """Estimate, formula, set and date are in the sentence."""
        exercise = exercise_progress(_totals(), [_record(5, 95.0)])
        facts = progress_facts(
            ProgressSummary(exercise.totals, [exercise], [Week(AT.date().replace(month=9, day=28), exercise.totals)])
        )
        assert [
            "You logged 1 set and 475 kg of volume in 1 exercise log from 2026-10-02 to 2026-10-02.",
            "Your best estimated one-rep maximum in Barbell Back Squat is 110.8 kg (Epley),"
            " from 5 x 95 kg on 2026-10-02.",
            "Your heaviest set in Barbell Back Squat is 5 x 95 kg on 2026-10-02.",
            "In week 2026-W40 you lifted 475 kg in 1 exercise log.",
        ] == facts

    def test_body_weight(self) -> None:
        """Without a load the longest set is told."""
        exercise = exercise_progress(_totals("Pull-Up"), [_record(11, 0.0)])
        facts = progress_facts(ProgressSummary(exercise.totals, [exercise], []))
        assert "Your longest set in Pull-Up is 11 repetitions on 2026-10-02." == facts[-1]

    def test_holds_and_cardio(self) -> None:
        """Distance, pace, time and load are said in words people use."""
        run = ExerciseTotals(
            RUN,
            "Outdoor Run",
            Totals(2, 2, 0, 0.0, 3900, 12_400.0),
            AT,
            AT,
            VolumeRecord(UUID(int=0), AT, 0.0),
            average_pace_seconds_per_km=314.5,
        )
        hold = ExerciseTotals(PLANK, "Front Plank", Totals(1, 1, 0, 0.0, 75), AT, AT, run.best_session)
        exercises = [
            exercise_progress(run, [], {"farthest": TimedRecord(UUID(int=0), AT, 3000, 10_000.0, None)}),
            exercise_progress(hold, [], {"longest": TimedRecord(UUID(int=0), AT, 75, None, 10.0)}),
        ]
        total = run.totals + hold.totals
        week = Week(AT.date().replace(month=9, day=28), total)
        assert [
            "You logged 3 sets, 12.40 km and 1:06:15 h of holds and cardio in 3 exercise logs"
            " from 2026-10-02 to 2026-10-02.",
            "In Outdoor Run you covered 12.40 km, 5:14 min per km on average."
            " Your farthest set is 10.00 km in 50:00 min on 2026-10-02.",
            "Your longest hold in Front Plank is 1:15 min with 10 kg on 2026-10-02.",
            "In week 2026-W40 you covered 12.40 km and spent 1:06:15 h on holds and cardio in 3 exercise logs.",
        ] == progress_facts(ProgressSummary(total, exercises, [week]))

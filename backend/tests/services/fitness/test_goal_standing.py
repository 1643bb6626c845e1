"""How a goal stands, from values worked out by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from coachwork.services.fitness.domain.body import Weighing
from coachwork.services.fitness.domain.evidence import (
    LiftedSet,
    TrainingDay,
    session_evidence,
    strength_evidence,
    weight_evidence,
)
from coachwork.services.fitness.domain.goals import Evidence, Goal, assess, current_of
from coachwork.services.fitness.domain.regression import Point

START = datetime(2026, 3, 2, tzinfo=UTC)  # a Monday
ROW = UUID(int=1)


def goal(**changes: Any) -> Goal:
    """Return a goal to go from 80 to 75 kg by the end of May, with some fields changed."""
    fields: dict[str, Any] = {
        "id": uuid4(),
        "kind": "body_weight",
        "exercise": None,
        "exercise_name": None,
        "site": None,
        "start_value": 80.0,
        "start_source": "given",
        "started_at": START,
        "target_value": 75.0,
        "due_on": date(2026, 5, 31),
        "note": "",
        "archived_at": None,
        "version": 1,
        "created_at": START,
        "updated_at": START,
    }
    return Goal(**{**fields, **changes})


def judged(*values: float) -> Evidence:
    """Return values that count, a week apart from the start on."""
    points = [Point(START + timedelta(weeks=n), value, (ROW,)) for n, value in enumerate(values)]
    return Evidence(points, points)


class TestStatus:
    """assess: its status."""

    @pytest.mark.parametrize(
        ("values", "weeks_later", "expected"),
        [
            ((), 1, "active"),
            ((79, 78), 2, "active"),
            ((79, 75.004), 2, "reached"),
            ((79, 74, 77), 3, "reached"),
            ((79, 78), 20, "missed"),
            ((79, 78, *[77] * 12, 74), 20, "missed"),
        ],
    )
    def test_follows_from_the_data(self, values: tuple[float, ...], weeks_later: int, expected: str) -> None:
        """Reached once a value was there by the day, even if it was lost again; missed when the day is past."""
        assert expected == assess(goal(), judged(*values), START + timedelta(weeks=weeks_later)).status

    def test_upwards(self) -> None:
        """Where the target is above, more is better."""
        gain = goal(start_value=70.0)
        assert ["active", "reached"] == [assess(gain, judged(value), START).status for value in (74.9, 75.2)]

    def test_what_was_before_it_began_does_not_count(self) -> None:
        """A value of before the start reaches nothing."""
        later = goal(started_at=START + timedelta(weeks=1))
        assert "active" == assess(later, judged(74), START + timedelta(weeks=1)).status

    def test_archived(self) -> None:
        """What is put aside is neither reached nor missed, and looks nowhere ahead."""
        aside = assess(goal(archived_at=START), judged(74), START)
        assert ("archived", None) == (aside.status, aside.projection)

    def test_the_day_itself_is_still_in_time(self) -> None:
        """A goal is missed the day after."""
        due = datetime(2026, 5, 31, 23, 59, tzinfo=UTC)
        assert ["active", "missed"] == [
            assess(goal(), judged(79), due + timedelta(minutes=later)).status for later in (0, 1)
        ]


class TestProgress:
    """assess: how far."""

    @pytest.mark.parametrize(("value", "expected"), [(80, 0), (79, 20), (75, 100), (81, -20)])
    def test_percent_of_the_way(self, value: float, expected: float) -> None:
        """From start to target, and below nought when further away than at the start."""
        assert expected == assess(goal(), judged(value), START).progress_percent

    def test_nought_has_no_sign(self) -> None:
        """Who wants to lose and has just begun reads 0.0, and not -0.0."""
        assert "0.0" == str(assess(goal(), judged(80), START).progress_percent)

    def test_nothing_logged(self) -> None:
        """No value, no progress, and no projection but that there is not enough data."""
        found = assess(goal(), Evidence(), START)
        assert (None, None) == (found.current, found.progress_percent)
        assert found.projection is not None
        assert "not_enough_data" == found.projection.state


class TestEvidence:
    """What counts as the value."""

    def test_weight_is_judged_by_its_trend(self) -> None:
        """One low weighing does not reach a goal: 80 and a tenth of the way to 74 is 79.4."""
        weighings = [Weighing(uuid4(), START, 80), Weighing(uuid4(), START + timedelta(days=1), 74)]
        evidence = weight_evidence(weighings)
        assert [80, pytest.approx(79.4)] == [point.value for point in evidence.judged]
        assert [80, 74] == [point.value for point in evidence.readings]

    def test_strength_is_each_weeks_best(self) -> None:
        """Of a week the best estimate counts, of no week a set too long to tell."""
        heavy, light, long = uuid4(), uuid4(), uuid4()
        sets = [
            LiftedSet(heavy, START + timedelta(days=1), 5, 90),  # 90 * (1 + 5 / 30) = 105
            LiftedSet(light, START + timedelta(days=3), 5, 60),
            LiftedSet(long, START + timedelta(days=8), 15, 100),
            LiftedSet(heavy, START + timedelta(days=15), 3, 100),  # 110
        ]
        evidence = strength_evidence(sets)
        assert [(105, (heavy,)), (110, (heavy,))] == [
            (pytest.approx(one.value), one.row_ids) for one in evidence.judged
        ]

    def test_strength_now_is_the_best_of_four_weeks(self) -> None:
        """A light week does not make weak, a best of long ago does not stay."""
        current = current_of("one_rep_max", judged(120, 100, 104, 101, 102, 100))
        assert current is not None
        assert 104 == current.value

    def test_sessions_are_days_of_whole_weeks(self) -> None:
        """Weeks of 3, 2, 0 and 3 days are a mean of 2; the week that runs does not count yet."""
        days = [TrainingDay((START + timedelta(days=n)).date(), [ROW]) for n in (0, 2, 4, 7, 9, 21, 23, 25, 28, 29)]
        evidence = session_evidence(days, START.date(), START + timedelta(days=30))
        assert [3, 2, 0, 3] == [point.value for point in evidence.readings]
        assert [(2.0, 8)] == [(point.value, len(point.row_ids)) for point in evidence.judged]

    def test_sessions_reach_with_weeks_of_after_the_start(self) -> None:
        """Four weeks that began before the goal did reach nothing."""
        days = [TrainingDay((START + timedelta(days=n)).date(), [ROW]) for n in range(0, 63, 2)]
        evidence = session_evidence(days, START.date(), START + timedelta(days=63))
        wanted = goal(kind="weekly_sessions", start_value=2.0, target_value=3.0, started_at=START + timedelta(weeks=3))
        assert START + timedelta(weeks=7) == assess(wanted, evidence, START + timedelta(days=63)).reached_at

"""When a line would meet a target: worked by hand, and true to its words."""

import random
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.projection import Projection, project
from coachwork.services.fitness.domain.regression import Point

NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)
TODAY = NOW.date()


def readings(*values: float, gap_days: float = 4.0) -> list[Point]:
    """Return values this far apart, the last of them now."""
    first = NOW - timedelta(days=gap_days * (len(values) - 1))
    return [Point(first + timedelta(days=gap_days * n), value, (uuid4(),)) for n, value in enumerate(values)]


def projected(points: list[Point], target: float, *, start: float = 0.0, due_in_days: int = 60) -> Projection:
    """Return where the points lead, as of now."""
    due_on = TODAY + timedelta(days=due_in_days)
    return project(points, start=start, target=target, unit="kg", weekly=False, due_on=due_on, now=NOW)


def in_days(days: int) -> date:
    """Return the day so many days from now."""
    return TODAY + timedelta(days=days)


class TestProject:
    """project."""

    def test_a_perfect_line_has_one_date(self) -> None:
        """Half a kilogram a week from 75.5 kg meets 74 kg in three weeks, with no doubt."""
        found = projected(readings(78.5, 78, 77.5, 77, 76.5, 76, 75.5, gap_days=7), 74, start=80)
        assert ("on_time", {in_days(21)}) == (found.state, {found.earliest_on, found.likely_on, found.latest_on})

    def test_a_worked_example(self) -> None:
        """Slope 0.2 a day through 3 at day 8, spread sqrt(1.2), t(3) = 1.638, Sxx 160; now is day 16, the target 6.

        The line is there at day 23. The upper edge is above 6 already: 4.6 + 1.794 sqrt(1.2 + 64 / 160) = 6.87. The
        lower edge, 3 + 0.2 x - 1.794 sqrt(1.2 + x x / 160), meets 6 at x = 55.7, which is day 63.7.
        """
        found = projected(readings(1, 3, 2, 5, 4), 6)
        assert (TODAY, in_days(7), in_days(48)) == (found.earliest_on, found.likely_on, found.latest_on)
        assert ("on_time", 80) == (found.state, found.interval_percent)

    @pytest.mark.parametrize("points", [[], readings(5), readings(1, 2, 3, 4), readings(1, 2, 3, 4, 5, 6, gap_days=2)])
    def test_too_few(self, points: list[Point]) -> None:
        """Below five days of values over two weeks nothing is projected, and it says so."""
        found = projected(points, 10)
        assert ("not_enough_data", None, None) == (found.state, found.likely_on, found.rate)
        assert found.sentence.startswith("Not enough data")

    def test_what_is_old_counts_for_nothing(self) -> None:
        """Values of three months ago are not recent."""
        old = [Point(one.at - timedelta(days=90), one.value, one.row_ids) for one in readings(1, 3, 2, 5, 4, 6)]
        assert "not_enough_data" == projected(old, 10).state

    def test_moving_away(self) -> None:
        """Away is away, and has no date."""
        found = projected(readings(5, 4.1, 3, 2.1, 1), 10)
        assert ("moving_away", None) == (found.state, found.likely_on)
        assert "moving away" in found.sentence

    def test_no_clear_trend(self) -> None:
        """What could as well be no change has no date, whichever way it leans."""
        for values in ((3, 5, 1, 4, 3.5), (3.5, 4, 1, 5, 3)):
            found = projected(readings(*values), 10)
            assert ("no_clear_trend", None) == (found.state, found.likely_on)

    def test_too_far_ahead(self) -> None:
        """A year and more is not told in days."""
        found = projected(readings(1, 1.1, 1.2, 1.3, 1.4), 100)
        assert ("too_far_ahead", None) == (found.state, found.likely_on)

    def test_late(self) -> None:
        """A likely day after the due one is late."""
        assert "late" == projected(readings(1, 3, 2, 5, 4), 6, due_in_days=6).state

    def test_says_when_the_doubt_reaches_past_the_day(self) -> None:
        """On time is not certain while part of the range lies after the day."""
        assert "Part of that range lies after it" in projected(readings(1, 3, 2, 5, 4), 6, due_in_days=30).sentence

    def test_names_its_rows(self) -> None:
        """The rate has the rows of the values it was computed from."""
        points = readings(1, 3, 2, 5, 4)
        found = projected(points, 6)
        assert found.rate is not None
        assert [point.row_ids[0] for point in points] == list(found.rate.row_ids)

    @given(st.lists(st.floats(20, 200), min_size=5, max_size=25), st.floats(20, 200), st.floats(20, 200))
    def test_dates_are_in_their_order(self, values: list[float], start: float, target: float) -> None:
        """Whatever is measured, no date is past, and earliest, likely and latest come in that order."""
        found = projected(readings(*values), target, start=start)
        told = [one for one in (TODAY, found.earliest_on, found.likely_on, found.latest_on) if one is not None]
        assert sorted(told) == told
        assert (found.likely_on is not None) == (found.state in ("on_time", "late"))

    def test_the_range_keeps_its_word(self) -> None:
        """Over many noisy series, the day the true line arrives lies in the range at least four times in five."""
        chance, told, held = random.Random(7), 0, 0
        truth = [80 - 0.1 * day for day in range(0, 56, 4)]
        arrives = in_days(round((truth[-1] - 72) / 0.1))
        for _ in range(200):
            found = projected(readings(*(kg + chance.gauss(0, 0.6) for kg in truth)), 72, start=80)
            if found.earliest_on and found.likely_on:
                told += 1
                held += found.earliest_on <= arrives <= (found.latest_on or date.max)
        assert told > 150
        assert held / told >= 0.8

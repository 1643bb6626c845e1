"""Body weight smoothed, against the Hacker's Diet's own rule and figures worked out by hand."""

import math
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.body import TIME_CONSTANT_DAYS, Weighing, smoothed, weight_trend

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)


def weighed(*days_and_kg: tuple[float, float]) -> list[Weighing]:
    """Return weighings so many days after a Monday."""
    return [Weighing(uuid4(), MONDAY + timedelta(days=day), kg) for day, kg in days_and_kg]


class TestSmoothed:
    """smoothed."""

    def test_the_hackers_diet(self) -> None:
        """A day apart, the trend moves a tenth of the way to each weight."""
        trend = [point.trend_kg for point in smoothed(weighed((0, 80), (1, 81), (2, 79.5), (3, 78)))]
        # 80; 80 + .1 * 1 = 80.1; 80.1 + .1 * -.6 = 80.04; 80.04 + .1 * -2.04 = 79.836
        assert [80, 80.1, 80.04, 79.836] == pytest.approx(trend)

    def test_a_gap_counts_as_its_days(self) -> None:
        """After a week away, 0.9 ** 7 of the trend is left."""
        last = smoothed(weighed((0, 80), (7, 78)))[-1]
        assert 78 + 2 * 0.9**7 == pytest.approx(last.trend_kg)

    def test_the_time_constant(self) -> None:
        """After one time constant, 1 / e of the way is left."""
        last = smoothed(weighed((0, 1), (TIME_CONSTANT_DAYS, 0)))[-1]
        assert 1 / math.e == pytest.approx(last.trend_kg, abs=1e-6)

    @given(st.lists(st.tuples(st.floats(0.001, 60), st.floats(20, 500)), min_size=1, max_size=30))
    def test_stays_within_what_was_weighed(self, gaps_and_kg: list[tuple[float, float]]) -> None:
        """No trend is above the heaviest or below the lightest weighing so far."""
        day, weighings = 0.0, []
        for gap, kg in gaps_and_kg:
            day += gap
            weighings.append((day, kg))
        weights = [kg for _, kg in weighings]
        for index, point in enumerate(smoothed(weighed(*weighings)), 1):
            assert min(weights[:index]) - 1e-9 <= point.trend_kg <= max(weights[:index]) + 1e-9

    @given(st.floats(0.1, 30), st.floats(0.1, 30), st.floats(20, 500))
    def test_a_reading_in_between_of_the_same_weight_changes_nothing(
        self, first: float, then: float, kg: float
    ) -> None:
        """Weighing the new weight twice or once gives the same trend: gaps add up."""
        twice = smoothed(weighed((0, 100), (first, kg), (first + then, kg)))[-1]
        once = smoothed(weighed((0, 100), (first + then, kg)))[-1]
        assert once.trend_kg == pytest.approx(twice.trend_kg)


class TestWeightTrend:
    """weight_trend."""

    def test_earlier_weighings_lead_up_to_it(self) -> None:
        """The trend of a day is the same whichever period is asked for."""
        weighings = weighed(*((day, 80 - day % 3) for day in range(30)))
        whole, part = weight_trend(weighings, None), weight_trend(weighings, MONDAY + timedelta(days=20))
        assert whole.points[20:] == part.points

    def test_the_rate_is_that_of_four_weeks(self) -> None:
        """What was before the last 28 days does not matter."""
        weighings = weighed((0, 120), (1, 120), *((day, 90 - day / 10) for day in range(10, 40)))
        rate = weight_trend(weighings, None).weekly_rate
        assert rate is not None
        assert (29, -0.7) == (rate.points, pytest.approx(rate.per_week))
        assert [one.measurement_id for one in weighings[-29:]] == list(rate.row_ids)

    def test_nothing_weighed(self) -> None:
        """No weighing has no trend and no rate."""
        trend = weight_trend([], None)
        assert ([], None, None) == (trend.points, trend.trend_kg, trend.weekly_rate)

"""The line through values over time, against published tables and worked examples."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.regression import Point, fitted, rate_of_change, student_t

MONDAY = datetime(2026, 3, 2, 7, tzinfo=UTC)


def points_of(*values: float, gap_days: float = 4.0) -> list[Point]:
    """Return values that are this far apart."""
    return [Point(MONDAY + timedelta(days=gap_days * n), value, (uuid4(),)) for n, value in enumerate(values)]


class TestStudentT:
    """student_t."""

    @pytest.mark.parametrize(
        ("confidence", "degrees", "expected"),
        [
            (0.80, 1, 3.078),
            (0.80, 2, 1.886),
            (0.80, 3, 1.638),
            (0.80, 10, 1.372),
            (0.80, 30, 1.310),
            (0.95, 1, 12.706),
            (0.95, 2, 4.303),
            (0.95, 5, 2.571),
            (0.95, 6, 2.447),
            (0.95, 29, 2.045),
            (0.95, 120, 1.980),
            (0.99, 4, 4.604),
        ],
    )
    def test_the_published_table(self, confidence: float, degrees: int, expected: float) -> None:
        """The values are those printed in any table of the t distribution."""
        assert expected == round(student_t(confidence, degrees), 3)

    @given(st.floats(1, 200), st.floats(0.5, 0.99))
    def test_more_degrees_never_widen(self, degrees: float, confidence: float) -> None:
        """Whoever knows more is at least as sure."""
        assert student_t(confidence, degrees + 1) <= student_t(confidence, degrees) + 1e-9


class TestFitted:
    """fitted."""

    def test_a_worked_example(self) -> None:
        """Values 1, 3, 2, 5, 4 a unit of four days apart: slope 0.8 a unit, by hand; residuals that alternate."""
        line = fitted(points_of(1, 3, 2, 5, 4))
        assert line is not None
        # mean 3; Sxy = (-2)(-2) + (-1)(0) + 0 + (1)(2) + (2)(1) = 8, Sxx = 10; left: -.4 .8 -1 1.2 -.6, squares 3.6
        assert (0.8, 3.0, 5.0) == pytest.approx((line.slope * 4, line.mean, line.effective))
        assert (3.6 / 3) ** 0.5 == pytest.approx(line.spread)

    def test_what_hangs_together_counts_for_less(self) -> None:
        """Residuals that follow each other are worth fewer values, by Santer's formula."""
        line = fitted(points_of(*[0, 0, 1, 1, 0, 0, 1, 1] * 3))
        assert line is not None
        assert line.effective < 24

    @pytest.mark.parametrize("points", [points_of(1, 2, 3, 4), points_of(1, 2, 3, 4, 5, 6, gap_days=2), []])
    def test_too_little(self, points: list[Point]) -> None:
        """Four days, or ten from the first to the last, or none, make no line."""
        assert (None, None) == (fitted(points), rate_of_change(points, confidence=0.95))

    @given(st.floats(-5, 5), st.floats(20, 300), st.integers(5, 40))
    def test_a_straight_line_is_found(self, slope: float, start: float, count: int) -> None:
        """Values on a line give that line, with no doubt left."""
        line = fitted(points_of(*(start + slope * 4 * n for n in range(count))))
        assert line is not None
        assert (slope, 0.0) == pytest.approx((line.slope, line.slope_margin(0.95)), abs=1e-6)


class TestRate:
    """rate_of_change."""

    def test_names_its_rows(self) -> None:
        """The rate is each week's and says what it was computed from."""
        points = points_of(80, 79.8, 79.9, 79.4, 79.5)
        rate = rate_of_change(points, confidence=0.95)
        assert rate is not None
        # by the day: Sxy / Sxx = (-2*.28 + -1*.08 + 0 + 1*-.32 + 2*-.22) / 10 a gap of four days
        assert -0.14 * 7 / 4 == pytest.approx(rate.per_week)
        assert [one for point in points for one in point.row_ids] == list(rate.row_ids)
        assert (5, 95, points[0].at) == (rate.points, rate.confidence_percent, rate.since)

    def test_the_interval_keeps_its_word(self) -> None:
        """Over many noisy series of a known slope, the 80 % interval holds it about that often."""
        chance, held = random.Random(4), 0
        for _ in range(400):
            noisy = [Point(one.at, one.value + chance.gauss(0, 0.7), (UUID(int=0),)) for one in points_of(*[80.0] * 20)]
            rate = rate_of_change(noisy, confidence=0.80)
            held += rate is not None and rate.low_per_week <= 0 <= rate.high_per_week
        assert 0.74 <= held / 400 <= 0.90

"""Days named on an axis of time."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from coachwork.chassis.charts.ticks import LABEL_WIDTH, ticks

MONDAY = date(2026, 8, 24)


def span(days: int) -> list[date]:
    """Return the first and the last of so many days."""
    return [MONDAY, MONDAY + timedelta(days=days - 1)]


class TestTicks:
    """`ticks`."""

    def test_a_few_days(self) -> None:
        """They are named themselves."""
        assert (span(5), "%d %b") == ticks(span(5), 800)

    def test_days_that_are_too_near(self) -> None:
        """Of labels that would meet, the first is written."""
        days = [MONDAY + timedelta(days=place) for place in (0, 2, 4, 5, 12)]
        assert ([days[0], days[2], days[4]], "%d %b") == ticks(days, 360)

    def test_one_day(self) -> None:
        """It is named once."""
        assert ([MONDAY], "%d %b") == ticks([MONDAY, MONDAY], 360)

    def test_twelve_weeks(self) -> None:
        """Mondays where they fit, else months."""
        assert [MONDAY + timedelta(weeks=place) for place in range(12)] == ticks(span(82), 800)[0]
        assert [date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)] == ticks(span(82), 360)[0]

    def test_two_months(self) -> None:
        """Two months say too little: some of the Mondays."""
        assert [MONDAY + timedelta(weeks=2 * place) for place in range(5)] == ticks(span(60), 360)[0]

    def test_years(self) -> None:
        """Months with their year."""
        named, written = ticks(span(3 * 365), 800)
        assert ([date(2026, 9, 1), date(2026, 12, 1)], "%b %Y") == (named[:2], written)

    @given(st.lists(st.dates(date(2000, 1, 1), date(2040, 1, 1)), min_size=1), st.integers(360, 1600))
    def test_there_is_always_one_and_room_for_each(self, days: list[date], width: int) -> None:
        """Whatever the days, something is named, within them, and not too much."""
        named, _ = ticks(days, width)
        assert 1 <= len(named) <= width // LABEL_WIDTH
        assert min(days) <= min(named) <= max(named) <= max(days)

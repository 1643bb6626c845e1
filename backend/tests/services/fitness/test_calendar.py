"""Days and weeks in time zones, with clocks that skip, repeat, and lose whole days."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.calendar import (
    day_of,
    end_of_day,
    iso_week,
    monday_of,
    mondays,
    start_of_day,
    sunday_of,
)

ZONES = [
    "UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Kathmandu",
    "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Kiritimati", "Pacific/Niue",
]  # fmt: skip
DAYS = st.dates(date(1951, 1, 1), date(2100, 1, 1))


class TestDay:
    """Where a day begins and ends."""

    @given(st.integers(0, 2_000_000_000), st.sampled_from(ZONES))
    def test_a_moment_lies_within_its_day(self, seconds: int, name: str) -> None:
        """Whatever the clocks did, a moment is between the ends of the day it is of."""
        zone, moment = ZoneInfo(name), datetime.fromtimestamp(seconds, UTC)
        day = day_of(moment, zone)
        assert start_of_day(day, zone) <= moment < end_of_day(day, zone)

    @given(DAYS, st.sampled_from(ZONES))
    def test_days_follow_each_other_without_a_gap(self, day: date, name: str) -> None:
        """A day ends where the next begins, and none has less than no time."""
        zone = ZoneInfo(name)
        assert end_of_day(day, zone) == start_of_day(day + timedelta(days=1), zone)
        assert start_of_day(day, zone) <= end_of_day(day, zone)

    def test_a_day_that_was_left_out(self) -> None:
        """Samoa crossed the date line and had no 30 December 2011."""
        zone = ZoneInfo("Pacific/Apia")
        assert start_of_day(date(2011, 12, 30), zone) == end_of_day(date(2011, 12, 30), zone)

    @pytest.mark.parametrize(
        ("zone", "day"), [("Europe/Berlin", "2026-10-05"), ("America/Los_Angeles", "2026-10-04"), ("UTC", "2026-10-04")]
    )
    def test_the_zone_decides(self, zone: str, day: str) -> None:
        """Half past eleven at night in London is another day in Berlin."""
        moment = datetime(2026, 10, 4, 22, 30, tzinfo=UTC)
        assert date.fromisoformat(day) == day_of(moment, ZoneInfo(zone))


class TestWeek:
    """ISO 8601 weeks."""

    @given(DAYS)
    def test_have_seven_days_and_one_name(self, day: date) -> None:
        """From Monday to Sunday every day has the same week's name."""
        monday = monday_of(day)
        days = [monday + timedelta(days=number) for number in range(7)]
        assert ({iso_week(day)}, days[6]) == ({iso_week(one) for one in days}, sunday_of(day))
        assert date.fromisoformat(f"{iso_week(day)}-1") == monday

    def test_every_week_of_a_period(self) -> None:
        """Weeks that are only touched belong to it."""
        found = list(mondays(date(2025, 12, 31), date(2026, 1, 12)))
        assert [date(2025, 12, 29), date(2026, 1, 5), date(2026, 1, 12)] == found

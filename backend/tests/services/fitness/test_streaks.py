"""Weeks in a row: against a count by hand."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.services.fitness.training import BENCH, LOGS, SQUAT, lifted, log

from coachwork.services.fitness.domain.performance import PerformedLog
from coachwork.services.fitness.domain.streaks import Streaks, streaks, training_weeks

STREAKS = "/api/v1/progress/streaks"
UTC_ZONE = ZoneInfo("UTC")
MONDAY = date(2026, 8, 3)


def on(days: Iterable[date], hour: int = 12) -> list[PerformedLog]:
    """Return a log for each day."""
    return [
        PerformedLog(SQUAT, UUID(int=place), datetime(day.year, day.month, day.day, hour, tzinfo=UTC), 3, 1500.0)
        for place, day in enumerate(days)
    ]


def found(days: Iterable[date], at_least: int, today: date) -> Streaks:
    """Return the streaks of these days."""
    return streaks(training_weeks(on(days), UTC_ZONE), at_least, today, UTC_ZONE)


class TestStreaks:
    """streaks."""

    @given(st.sets(st.integers(0, 83)), st.integers(1, 4), st.integers(0, 83))
    def test_agree_with_a_walk_over_the_weeks(self, offsets: set[int], at_least: int, today_offset: int) -> None:
        """A plain walk from week to week finds the same."""
        days, today = [MONDAY + timedelta(days=offset) for offset in sorted(offsets)], MONDAY + timedelta(today_offset)
        days = [day for day in days if day <= today]
        by_week = [sum((day - MONDAY).days // 7 == week for day in days) for week in range(today_offset // 7 + 1)]
        reached = [sessions >= at_least for sessions in by_week]
        longest = run = 0
        for one in reached:
            run = run + 1 if one else 0
            longest = max(longest, run)
        past = reached if reached[-1] else reached[:-1]
        current = 0
        while current < len(past) and past[-1 - current]:
            current += 1
        result = found(days, at_least, today)
        assert (current, longest) == (
            result.current.weeks if result.current else 0,
            result.longest.weeks if result.longest else 0,
        )

    def test_this_week_is_not_over(self) -> None:
        """Two weeks are a streak still while the third has too few sessions yet, and not when it is over."""
        days = [MONDAY, MONDAY + timedelta(1), MONDAY + timedelta(7), MONDAY + timedelta(8), MONDAY + timedelta(14)]
        during, after = found(days, 2, MONDAY + timedelta(20)), found(days, 2, MONDAY + timedelta(21))
        assert (2, 1, None, 2) == (
            during.current and during.current.weeks, during.this_week.sessions, after.current,
            after.longest and after.longest.weeks,
        )  # fmt: skip

    def test_the_latest_of_equals_is_the_longest(self) -> None:
        """Of two streaks as long, the later is told."""
        result = found([MONDAY, MONDAY + timedelta(weeks=3)], 1, MONDAY + timedelta(weeks=9))
        assert MONDAY + timedelta(weeks=3) == (result.longest and result.longest.starts_on)


class TestReadStreaks:
    """GET /progress/streaks."""

    def test_a_day_is_one_session(self, caller: TestClient) -> None:
        """Two exercises on a day are one session; its logs are named."""
        monday = datetime.now(UTC) - timedelta(weeks=1)
        rows = [*log(caller, SQUAT, monday, *lifted((5, 100.0))), *log(caller, BENCH, monday, *lifted((5, 60.0)))]
        answer = caller.get(STREAKS, params={"at_least": 1}).json()
        listed = caller.get(LOGS, params={k: v for k, v in answer["current"]["rows"].items() if v}).json()["items"]
        assert (1, 1, 1) == (answer["at_least"], answer["current"]["weeks"], answer["longest"]["weeks"])
        assert {row.log_id for row in rows} == {one["id"] for one in listed}
        assert None is caller.get(STREAKS, params={"at_least": 2}).json()["current"]

    def test_the_zone_decides_the_week(self, caller: TestClient) -> None:
        """Sunday night in London is Monday in Berlin: two weeks in one zone, one in the other."""
        log(caller, SQUAT, "2026-09-27T12:00:00+00:00", *lifted((5, 100.0)))
        log(caller, SQUAT, "2026-09-27T22:30:00+00:00", *lifted((5, 100.0)))
        berlin = caller.get(STREAKS, params={"at_least": 1, "tz": "Europe/Berlin"}).json()
        utc = caller.get(STREAKS, params={"at_least": 1}).json()
        assert (2, 1) == (berlin["longest"]["weeks"], utc["longest"]["weeks"])
        assert ("2026-09-21", "2026-10-04") == (berlin["longest"]["starts_on"], berlin["longest"]["ends_on"])

    def test_nothing_logged(self, caller: TestClient) -> None:
        """There is no streak, and this week is empty."""
        answer = caller.get(STREAKS).json()
        assert (None, None, 0, 3) == (
            answer["current"], answer["longest"], answer["this_week"]["sessions"], answer["at_least"],
        )  # fmt: skip

    def test_is_the_callers_own(self, caller: TestClient, other_caller: TestClient) -> None:
        """Another user has no streak of it."""
        log(caller, SQUAT, "2026-09-27", *lifted((5, 100.0)))
        assert None is other_caller.get(STREAKS, params={"at_least": 1}).json()["longest"]

    @pytest.mark.parametrize("query", [{"at_least": "0"}, {"at_least": "8"}, {"tz": "Z"}])
    def test_bad_queries_are_refused(self, caller: TestClient, query: dict[str, str]) -> None:
        """422."""
        assert 422 == caller.get(STREAKS, params=query).status_code

"""Days and weeks as their owner lives them: which day a moment is depends on the time zone, and so does its week."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEK = timedelta(weeks=1)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """Return the day a moment belongs to in the zone."""
    return moment.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day in the zone, in UTC; where clocks skip midnight, the moment they skip at."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment a day ends before."""
    return start_of_day(day + timedelta(days=1), zone)


def monday_of(day: date) -> date:
    """Return the Monday of a day's ISO 8601 week."""
    return day - timedelta(days=day.weekday())


def sunday_of(day: date) -> date:
    """Return the Sunday of a day's ISO 8601 week."""
    return monday_of(day) + timedelta(days=6)


def iso_week(day: date) -> str:
    """Return the name of a day's ISO 8601 week, such as 2026-W40."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


def mondays(first: date, last: date) -> Iterator[date]:
    """Yield the Monday of each week from that of `first` to that of `last`."""
    monday = monday_of(first)
    while monday <= last:
        yield monday
        monday += _WEEK

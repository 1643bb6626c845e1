"""How much of a programme was done, week by week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DoneDay:
    """A day of a programme that was done, and the session it was done in."""

    session_id: UUID
    day_id: UUID | None
    started_at: datetime


@dataclass(frozen=True)
class AdherenceWeek:
    """One ISO week in UTC; `starts_on` is its Monday. More than planned may be done."""

    starts_on: date
    planned: int
    done: Sequence[DoneDay]


def weekly(days_per_week: int, first: date, last: date, done: Iterable[DoneDay]) -> list[AdherenceWeek]:
    """Return every week from that of `first` to that of `last`, those in which nothing was done too."""
    days, week = list(done), monday_of(first)
    weeks = []
    while week <= last:
        weeks.append(AdherenceWeek(week, days_per_week, [day for day in days if monday_of(day.started_at) == week]))
        week += WEEK
    return weeks


def monday_of(moment: date | datetime) -> date:
    """Return the Monday of the ISO week a day, or a moment in UTC, is in."""
    day = moment.astimezone(UTC).date() if isinstance(moment, datetime) else moment
    return day - timedelta(days=day.weekday())

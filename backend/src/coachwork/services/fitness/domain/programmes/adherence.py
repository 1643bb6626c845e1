"""How much of a programme was done, week by week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID


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
    days = list(done)
    monday, weeks = _monday(first), []
    while monday <= last:
        weeks.append(AdherenceWeek(monday, days_per_week, [day for day in days if _monday(day.started_at) == monday]))
        monday += timedelta(days=7)
    return weeks


def _monday(day: date) -> date:
    whole = day.date() if isinstance(day, datetime) else day
    return whole - timedelta(days=whole.weekday())

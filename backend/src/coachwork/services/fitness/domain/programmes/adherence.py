"""How much of a programme was done, week by week."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest
from uuid import UUID
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.calendar import day_of, monday_of, mondays

_WEEK_DAYS = 7


@dataclass(frozen=True)
class DoneDay:
    """A day of a programme that was done, and the session it was done in."""

    programme_id: UUID
    session_id: UUID
    day_id: UUID | None
    started_at: datetime


@dataclass(frozen=True)
class Plan:
    """A programme as what was planned by it.

    Args:
        switched_at: when it became active, was archived, became active again, ... in turn.
        first_done_at: when the first of its days was done; it was followed from then on if that was earlier.
    """

    programme_id: UUID
    name: str
    days_per_week: int
    switched_at: Sequence[datetime]
    first_done_at: datetime | None

    @property
    def begins_at(self) -> datetime | None:
        """Since when it was followed; None when it never was."""
        if not self.switched_at:
            return None
        return min(self.switched_at[0], self.first_done_at or self.switched_at[0])

    def periods(self, zone: ZoneInfo) -> list[tuple[date, date]]:
        """Return the first and the last day of each time it was followed; the last for now is the last there is."""
        moments = [self.begins_at, *self.switched_at[1:]]
        days = [day_of(moment, zone) for moment in moments if moment]
        return list(zip_longest(days[::2], days[1::2], fillvalue=date.max))


@dataclass(frozen=True)
class ProgrammeWeek:
    """One ISO 8601 week; `starts_on` is its Monday. More than planned may be done."""

    starts_on: date
    planned: int
    done: Sequence[DoneDay]


def weekly(plan: Plan, days: tuple[date, date], zone: ZoneInfo, done: Iterable[DoneDay]) -> list[ProgrammeWeek]:
    """Return every week from that of the first day to that of the last, those in which nothing was done too."""
    by_week: defaultdict[date, list[DoneDay]] = defaultdict(list)
    for one in done:
        if one.programme_id == plan.programme_id:
            by_week[monday_of(day_of(one.started_at, zone))].append(one)
    periods = plan.periods(zone)
    return [
        ProgrammeWeek(monday, _planned(plan.days_per_week, monday, periods), by_week[monday])
        for monday in mondays(*days)
    ]


def _planned(days_per_week: int, monday: date, periods: Sequence[tuple[date, date]]) -> int:
    """Return how many days were planned for a week: of a week that was followed in part, its share, rounded."""
    week = [monday + timedelta(days=place) for place in range(_WEEK_DAYS)]
    followed = sum(any(first <= day <= last for first, last in periods) for day in week)
    return round(days_per_week * followed / _WEEK_DAYS)

"""Weeks in a row with enough training days."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.calendar import day_of, iso_week, monday_of, sunday_of
from coachwork.services.fitness.domain.performance import PerformedLog, Rows, rows_of_days

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class TrainingDay:
    """A day with training: however many exercises were logged, it is one session."""

    day: date
    log_ids: Sequence[UUID]


@dataclass(frozen=True)
class TrainingWeek:
    """One ISO 8601 week with its training days."""

    starts_on: date
    days: Sequence[TrainingDay]

    @property
    def iso_week(self) -> str:
        """The week's name, such as 2026-W40."""
        return iso_week(self.starts_on)

    @property
    def sessions(self) -> int:
        """How many days had training."""
        return len(self.days)


@dataclass(frozen=True)
class Streak:
    """Weeks in a row, the earliest first, of which there is at least one."""

    of: Sequence[TrainingWeek]
    rows: Rows

    @property
    def weeks(self) -> int:
        """How many there are."""
        return len(self.of)

    @property
    def starts_on(self) -> date:
        """The first one's Monday."""
        return self.of[0].starts_on

    @property
    def ends_on(self) -> date:
        """The last one's Sunday."""
        return sunday_of(self.of[-1].starts_on)


@dataclass(frozen=True)
class Streaks:
    """The streak that still goes on, and the longest, the latest of equals; None where there is none.

    This week belongs to the current streak as soon as it has enough sessions, and does not end it before it is over.
    """

    tz: str
    at_least: int
    this_week: TrainingWeek
    current: Streak | None
    longest: Streak | None


def training_weeks(performed: Iterable[PerformedLog], zone: ZoneInfo) -> list[TrainingWeek]:
    """Return the weeks with training, the earliest first."""
    logs_by_day: defaultdict[date, list[UUID]] = defaultdict(list)
    for log in performed:
        logs_by_day[day_of(log.performed_at, zone)].append(log.log_id)
    days_by_week: defaultdict[date, list[TrainingDay]] = defaultdict(list)
    for day in sorted(logs_by_day):
        days_by_week[monday_of(day)].append(TrainingDay(day, logs_by_day[day]))
    return [TrainingWeek(monday, days) for monday, days in days_by_week.items()]


def streaks(weeks: Sequence[TrainingWeek], at_least: int, today: date, zone: ZoneInfo) -> Streaks:
    """Return the streaks among `weeks`, which are in order, of weeks with `at_least` sessions; `today` is local."""
    runs = [_streak(run, zone) for run in _runs([week for week in weeks if week.sessions >= at_least])]
    this_monday = monday_of(today)
    by_monday: Mapping[date, TrainingWeek] = {week.starts_on: week for week in weeks}
    alive = [run for run in runs if run.of[-1].starts_on >= this_monday - _WEEK]
    return Streaks(
        tz=zone.key,
        at_least=at_least,
        this_week=by_monday.get(this_monday, TrainingWeek(this_monday, ())),
        current=alive[-1] if alive else None,
        longest=max(reversed(runs), key=lambda run: run.weeks, default=None),
    )


def _streak(run: Sequence[TrainingWeek], zone: ZoneInfo) -> Streak:
    return Streak(run, rows_of_days(run[0].starts_on, sunday_of(run[-1].starts_on), zone))


def _runs(weeks: Sequence[TrainingWeek]) -> list[list[TrainingWeek]]:
    runs: list[list[TrainingWeek]] = []
    for week in weeks:
        if runs and runs[-1][-1].starts_on + _WEEK == week.starts_on:
            runs[-1].append(week)
        else:
            runs.append([week])
    return runs

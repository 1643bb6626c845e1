"""Progress in detail: what the caller's rows say of an exercise, of muscles, of records and of streaks."""

from datetime import date, datetime, timedelta

from coachwork.chassis.errors import InvalidRequest, WrongValue
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.calendar import day_of, monday_of, sunday_of
from coachwork.services.fitness.domain.muscles import Muscles, averages, muscle_weeks
from coachwork.services.fitness.domain.performance import Rows, rows_of_days
from coachwork.services.fitness.domain.records import Records, personal_records
from coachwork.services.fitness.domain.series import CARDS, Series, points_of
from coachwork.services.fitness.domain.streaks import Streaks, streaks, training_weeks
from coachwork.services.fitness.errors import TooManyLogsInPeriod
from coachwork.services.fitness.repository import performance as repository
from coachwork.services.fitness.schemas.attendance import StreaksQuery
from coachwork.services.fitness.schemas.performance import PeriodQuery, SeriesQuery
from coachwork.services.fitness.schemas.records import RecordsQuery
from coachwork.services.fitness.service.exercises import found_exercise

MOST_WEEKS = 104
"""How many weeks a period may have where each is answered."""

MOST_LOGS = 5_000
"""How many logs of one exercise are answered one by one: thirteen years of training it daily, some 2 MB of JSON."""

DEFAULT_WEEKS = 12
"""How many weeks are answered when nobody says which."""


def read_series(database: Database, principal: Principal, slug_or_id: str, query: SeriesQuery) -> Series:
    """Return one exercise over time.

    Raises:
        ExerciseNotFound
        TooManyLogsInPeriod: there are more than `MOST_LOGS`.
    """
    with database.session(principal) as session:
        exercise = found_exercise(session, slug_or_id)
        rows = rows_of_days(query.start, query.end, query.tz, exercise.slug)
        performed = repository.performed_sets(session, rows, MOST_LOGS + 1)
    points = points_of(performed, query.formula, query.tz)
    if len(points) > MOST_LOGS:
        raise TooManyLogsInPeriod(MOST_LOGS)
    return Series(exercise.slug, exercise.name, query.tz.key, CARDS[query.formula], points, rows)


def read_muscles(database: Database, principal: Principal, query: PeriodQuery, now: datetime) -> Muscles:
    """Return what each muscle got in each week; raises `InvalidRequest` for more than `MOST_WEEKS`."""
    first, last = whole_weeks(query, now)
    rows = rows_of_days(first, last, query.tz)
    with database.session(principal) as session:
        performed = repository.performed_logs(session, rows)
        exercises = repository.trained_muscles(session, {log.exercise for log in performed})
    weeks = muscle_weeks(performed, exercises, (first, last), query.tz)
    return Muscles(query.tz.key, first, last, weeks, averages(weeks))


def list_records(database: Database, principal: Principal, query: RecordsQuery) -> Records:
    """Return the caller's records that were set in the period; what came before it counts as beaten."""
    rows = Rows(query.exercise)
    with database.session(principal) as session:
        performed = repository.performed_sets(session, rows)
    period = rows_of_days(query.start, query.end, query.tz)
    found = [
        record
        for record in personal_records(performed, query.formula)
        if query.kind in {None, record.kind} and period.cover(record.made_by.performed_at)
    ]
    return Records(query.tz.key, CARDS[query.formula], found, rows)


def read_streaks(database: Database, principal: Principal, query: StreaksQuery, now: datetime) -> Streaks:
    """Return the caller's weeks in a row with enough sessions."""
    with database.session(principal) as session:
        performed = repository.performed_logs(session, Rows())
    return streaks(training_weeks(performed, query.tz), query.at_least, day_of(now, query.tz), query.tz)


def whole_weeks(query: PeriodQuery, now: datetime) -> tuple[date, date]:
    """Return the first Monday and the last Sunday of the weeks a query touches, this week and those before by default.

    Raises:
        InvalidRequest: there are more than `MOST_WEEKS`, or the period ends before it begins.
    """
    last = sunday_of(query.end or day_of(now, query.tz))
    first = monday_of(query.start or last - timedelta(weeks=DEFAULT_WEEKS) + timedelta(days=1))
    if first > last:
        raise InvalidRequest(values=[WrongValue("query/from", "lies after the period's end")])
    if last - first > timedelta(weeks=MOST_WEEKS):
        raise InvalidRequest(values=[WrongValue("query/from", f"the period may have {MOST_WEEKS} weeks")])
    return first, last

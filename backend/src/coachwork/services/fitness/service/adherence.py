"""What was done of what was planned, by workouts and by programmes: every answer counts as this module does."""

from collections import defaultdict
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.adherence import (
    FollowedProgramme,
    PlanKept,
    adherence_weeks,
    followed,
    judged,
)
from coachwork.services.fitness.domain.calendar import day_of, monday_of, sunday_of
from coachwork.services.fitness.domain.performance import rows_of_days
from coachwork.services.fitness.domain.programmes.adherence import DoneDay, Plan, ProgrammeWeek, weekly
from coachwork.services.fitness.domain.programmes.errors import ProgrammeNotFound
from coachwork.services.fitness.repository import performance, performances
from coachwork.services.fitness.schemas.performance import PeriodQuery
from coachwork.services.fitness.schemas.programmes import AdherenceQuery
from coachwork.services.fitness.service.performance import whole_weeks


def read_adherence(database: Database, principal: Principal, query: PeriodQuery, now: datetime) -> PlanKept:
    """Return what was done of what was planned; raises `InvalidRequest` for more than `MOST_WEEKS`."""
    days, today = whole_weeks(query, now), day_of(now, query.tz)
    with database.session(principal) as session:
        planned = performance.planned_workouts(session, *days)
        plans = performances.plans(session, None)
        done = _done(session, None, days, query.tz)
    programmes: defaultdict[date, list[FollowedProgramme]] = defaultdict(list)
    for plan in plans:
        for week in weekly(plan, days, query.tz, done):
            programmes[week.starts_on].append(followed(plan, week, today))
    workouts = [judged(one, today) for one in planned]
    return PlanKept(query.tz.key, *days, adherence_weeks(workouts, programmes, days))


def read_programme_weeks(
    database: Database, principal: Principal, programme_id: UUID, query: AdherenceQuery, now: datetime
) -> list[ProgrammeWeek]:
    """Return, for each week of the period, how many days were planned, and which were done.

    A day is done when its session is finished and has at least one set. Without a period: since the programme is
    followed, to `now`. Raises `ProgrammeNotFound`.
    """
    with database.session(principal) as session:
        found = performances.plans(session, programme_id)
        if not found:
            raise ProgrammeNotFound
        [plan] = found
        days = _period(plan, query, day_of(now, query.tz))
        done = _done(session, programme_id, days, query.tz)
    return weekly(plan, days, query.tz, done)


def _period(plan: Plan, query: AdherenceQuery, today: date) -> tuple[date, date]:
    begun = day_of(plan.begins_at, query.tz) if plan.begins_at else today
    last = query.end or max(query.start or begun, today)
    return monday_of(query.start or min(begun, last)), sunday_of(last)


def _done(session: Session, programme_id: UUID | None, days: tuple[date, date], zone: ZoneInfo) -> list[DoneDay]:
    rows = rows_of_days(*days, zone)
    return performances.done_days(session, programme_id, rows.since, rows.until)

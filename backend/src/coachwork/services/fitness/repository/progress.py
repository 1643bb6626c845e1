"""Aggregates of what was logged. Postgres counts and sums; the formulas are the domain's."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.progress import SetRecord


@dataclass(frozen=True)
class Aggregate:
    """One exercise's sums, or one week's: the other's columns are None."""

    exercise: str | None
    exercise_name: str | None
    week: date | None
    sessions: int
    sets: int
    reps: int
    volume_kg: float
    first_performed_at: datetime
    last_performed_at: datetime
    best_log_id: UUID
    best_performed_at: datetime
    best_volume_kg: float


@dataclass(frozen=True)
class BestSet(SetRecord):
    """The heaviest of an exercise's sets with this many repetitions, the first of equals."""

    exercise: str


@dataclass(frozen=True)
class Scope:
    """Which sets count: of one exercise (its slug) or all, performed from `since` until before `until`."""

    exercise: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def aggregates(session: Session, scope: Scope) -> list[Aggregate]:
    """Return the sums of each exercise the caller did in the period, and of each week."""
    return session.all(
        Aggregate,
        """
        with sessions as (
            select log.id, log.performed_at, exercise.slug, exercise.name,
                   date_trunc('week', log.performed_at at time zone 'UTC')::date as week,
                   count(*) as sets, sum(one.reps) as reps, sum(one.reps * one.weight_kg) as volume_kg
            from public.performance_logs as log
            join public.logged_sets as one on one.log_id = log.id and one.user_id = log.user_id
            join public.exercises as exercise on exercise.id = log.exercise_id
            where (%(exercise)s::text is null or exercise.slug = %(exercise)s)
              and log.performed_at >= coalesce(%(since)s::timestamptz, '-infinity')
              and log.performed_at < coalesce(%(until)s::timestamptz, 'infinity')
            group by log.id, exercise.id
        )
        select slug as exercise, name as exercise_name, week,
               count(*) as sessions, sum(sets)::bigint as sets, sum(reps)::bigint as reps,
               sum(volume_kg)::float8 as volume_kg,
               min(performed_at) as first_performed_at, max(performed_at) as last_performed_at,
               (array_agg(id order by volume_kg desc, performed_at, id))[1] as best_log_id,
               (array_agg(performed_at order by volume_kg desc, performed_at, id))[1] as best_performed_at,
               max(volume_kg)::float8 as best_volume_kg
        from sessions
        group by grouping sets ((slug, name), (week))
        order by week, sets desc, slug
        """,
        vars(scope),
    )


def best_sets(session: Session, scope: Scope) -> list[BestSet]:
    """Return, for each exercise and each number of repetitions done, the heaviest set."""
    return session.all(
        BestSet,
        """
        select distinct on (log.exercise_id, one.reps)
               exercise.slug as exercise, one.reps, one.weight_kg::float8, log.id as log_id, log.performed_at
        from public.performance_logs as log
        join public.logged_sets as one on one.log_id = log.id and one.user_id = log.user_id
        join public.exercises as exercise on exercise.id = log.exercise_id
        where (%(exercise)s::text is null or exercise.slug = %(exercise)s)
          and log.performed_at >= coalesce(%(since)s::timestamptz, '-infinity')
          and log.performed_at < coalesce(%(until)s::timestamptz, 'infinity')
        order by log.exercise_id, one.reps, one.weight_kg desc, log.performed_at, log.id
        """,
        vars(scope),
    )

"""Aggregates of what was logged. Postgres counts and sums; the formulas are the domain's."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.progress import SetRecord, TimedRecord, TimedRecordName


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
    duration_seconds: int
    distance_m: float
    paced_seconds: int
    paced_m: float
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
class BestStretch(TimedRecord):
    """The longest, farthest or fastest of an exercise's sets with a time or a distance, the first of equals."""

    exercise: str
    record: TimedRecordName


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
                   count(*) as sets, coalesce(sum(one.reps), 0) as reps,
                   coalesce(sum(one.reps * one.weight_kg), 0) as volume_kg,
                   coalesce(sum(one.duration_seconds), 0) as duration_seconds,
                   coalesce(sum(one.distance_m), 0) as distance_m,
                   coalesce(sum(one.duration_seconds) filter (where one.distance_m is not null), 0) as paced_seconds,
                   coalesce(sum(one.distance_m) filter (where one.duration_seconds is not null), 0) as paced_m
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
               sum(duration_seconds)::bigint as duration_seconds, sum(distance_m)::float8 as distance_m,
               sum(paced_seconds)::bigint as paced_seconds, sum(paced_m)::float8 as paced_m,
               min(performed_at) as first_performed_at, max(performed_at) as last_performed_at,
               (array_agg(id order by volume_kg desc, distance_m desc, duration_seconds desc,
                          performed_at, id))[1] as best_log_id,
               (array_agg(performed_at order by volume_kg desc, distance_m desc, duration_seconds desc,
                          performed_at, id))[1] as best_performed_at,
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
        where one.reps is not null
          and (%(exercise)s::text is null or exercise.slug = %(exercise)s)
          and log.performed_at >= coalesce(%(since)s::timestamptz, '-infinity')
          and log.performed_at < coalesce(%(until)s::timestamptz, 'infinity')
        order by log.exercise_id, one.reps, one.weight_kg desc, log.performed_at, log.id
        """,
        vars(scope),
    )


def best_stretches(session: Session, scope: Scope) -> list[BestStretch]:
    """Return, for each exercise, the sets that went on longest, went farthest, and had the fastest pace."""
    return session.all(
        BestStretch,
        """
        select distinct on (log.exercise_id, record.name)
               exercise.slug as exercise, record.name as record, log.id as log_id, log.performed_at,
               one.duration_seconds, one.distance_m::float8, one.weight_kg::float8
        from public.performance_logs as log
        join public.logged_sets as one on one.log_id = log.id and one.user_id = log.user_id
        join public.exercises as exercise on exercise.id = log.exercise_id
        cross join lateral (values
            ('longest', one.duration_seconds), ('farthest', one.distance_m),
            ('fastest', one.distance_m / one.duration_seconds)
        ) as record (name, figure)
        where (one.duration_seconds is not null or one.distance_m is not null)
          and record.figure is not null
          and (%(exercise)s::text is null or exercise.slug = %(exercise)s)
          and log.performed_at >= coalesce(%(since)s::timestamptz, '-infinity')
          and log.performed_at < coalesce(%(until)s::timestamptz, 'infinity')
        order by log.exercise_id, record.name, record.figure desc, log.performed_at, log.id
        """,
        vars(scope),
    )

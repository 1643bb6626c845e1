"""What was logged of the subjects that goals have."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.evidence import LiftedSet, TrainingDay


@dataclass(frozen=True)
class SiteReading:
    """One measured site; `body_fat` in percent, the others in cm."""

    site: str
    measurement_id: UUID
    measured_at: datetime
    value: float


@dataclass(frozen=True)
class ExerciseSet(LiftedSet):
    """A set and its exercise's slug."""

    exercise: str


def site_readings(session: Session, sites: Sequence[str]) -> list[SiteReading]:
    """Return what the caller measured at these sites, the earliest first."""
    return session.all(
        SiteReading,
        """
        select site, one.id as measurement_id, one.measured_at,
               (case site when 'body_fat' then one.body_fat_percent
                          else (one.circumferences_cm ->> site)::numeric end)::float8 as value
        from public.body_measurements as one
        cross join unnest(%(sites)s::text[]) as site
        where case site when 'body_fat' then one.body_fat_percent is not null else one.circumferences_cm ? site end
        order by one.measured_at, one.id
        """,
        {"sites": list(sites)},
    )


def best_sets(session: Session, exercises: Sequence[str], since: datetime) -> list[ExerciseSet]:
    """Return, for each exercise, ISO week and number of repetitions, the heaviest set from a moment on."""
    return session.all(
        ExerciseSet,
        """
        select distinct on (exercise.slug, date_trunc('week', log.performed_at at time zone 'UTC'), one.reps)
               exercise.slug as exercise, log.id as log_id, log.performed_at, one.reps, one.weight_kg::float8
        from public.exercises as exercise
        join public.performance_logs as log on log.exercise_id = exercise.id
        join public.logged_sets as one on one.log_id = log.id and one.user_id = log.user_id
        where exercise.slug = any (%(exercises)s) and log.performed_at >= %(since)s and one.reps is not null
        order by exercise.slug, date_trunc('week', log.performed_at at time zone 'UTC'), one.reps,
                 one.weight_kg desc, log.performed_at, log.id
        """,
        {"exercises": list(exercises), "since": since},
    )


def training_days(session: Session, since: datetime) -> list[TrainingDay]:
    """Return the days in UTC on which the caller logged training from a moment on, the earliest first."""
    return session.all(
        TrainingDay,
        """
        select (performed_at at time zone 'UTC')::date as day, array_agg(id order by performed_at, id) as log_ids
        from public.performance_logs where performed_at >= %(since)s
        group by 1 order by 1
        """,
        {"since": since},
    )


def first_training_day(session: Session) -> date | None:
    """Return the first day in UTC on which the caller ever logged training, or None."""
    day: date | None = session.value("select (min(performed_at) at time zone 'UTC')::date from public.performance_logs")
    return day

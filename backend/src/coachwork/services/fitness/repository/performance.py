"""What the caller performed: sets, logs and planned workouts, as they are stored."""

from datetime import date

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.adherence import PlannedWorkout
from coachwork.services.fitness.domain.muscles import TrainedMuscles
from coachwork.services.fitness.domain.performance import PerformedLog, PerformedSet, Rows


def performed_sets(session: Session, rows: Rows, most_logs: int | None = None) -> list[PerformedSet]:
    """Return the caller's sets in the order they were done, of the first `most_logs` logs where that is given.

    A session's sets keep their numbers when one is deleted, so a set's place among its log's is counted here.
    """
    return session.all(
        PerformedSet,
        """
        with log as (
            select log.id, log.user_id, log.performed_at, exercise.slug, exercise.name
            from public.performance_logs as log
            join public.exercises as exercise on exercise.id = log.exercise_id
            where (%(exercise)s::text is null or exercise.slug = %(exercise)s)
              and log.performed_at >= coalesce(%(since)s::timestamptz, '-infinity')
              and log.performed_at < coalesce(%(until)s::timestamptz, 'infinity')
            order by log.performed_at, log.id
            limit %(most_logs)s::bigint
        )
        select log.slug as exercise, log.name as exercise_name, log.id as log_id,
               (row_number() over (partition by log.id order by one.position))::integer - 1 as set_position,
               log.performed_at, one.reps, one.weight_kg::float8,
               one.duration_seconds, one.distance_m::float8
        from log join public.logged_sets as one on one.log_id = log.id and one.user_id = log.user_id
        order by log.performed_at, log.id, one.position
        """,
        {**vars(rows), "most_logs": most_logs},
    )


def performed_logs(session: Session, rows: Rows) -> list[PerformedLog]:
    """Return the caller's logs with the sums of their sets, in the order they were done."""
    return session.all(
        PerformedLog,
        """
        select exercise.slug as exercise, log.id as log_id, log.performed_at, count(*) as sets,
               coalesce(sum(one.reps * one.weight_kg), 0)::float8 as volume_kg
        from public.performance_logs as log
        join public.logged_sets as one on one.log_id = log.id and one.user_id = log.user_id
        join public.exercises as exercise on exercise.id = log.exercise_id
        where (%(exercise)s::text is null or exercise.slug = %(exercise)s)
          and log.performed_at >= coalesce(%(since)s::timestamptz, '-infinity')
          and log.performed_at < coalesce(%(until)s::timestamptz, 'infinity')
        group by log.id, exercise.slug
        order by log.performed_at, log.id
        """,
        vars(rows),
    )


def trained_muscles(session: Session, slugs: set[str]) -> dict[str, TrainedMuscles]:
    """Return the muscles of these exercises."""
    found = session.all(
        TrainedMuscles,
        """
        select slug, movement, primary_muscles, secondary_muscles
        from public.exercises where slug = any (%(slugs)s)
        """,
        {"slugs": sorted(slugs)},
    )
    return {one.slug: one for one in found}


def planned_workouts(session: Session, first: date, last: date) -> list[PlannedWorkout]:
    """Return the caller's workouts planned for these days, with the logs that followed each."""
    return session.all(
        PlannedWorkout,
        """
        select workout.id as workout_id, workout.name, workout.scheduled_on,
               coalesce(array_agg(log.id order by log.performed_at, log.id) filter (where log.id is not null), '{}')
                   as log_ids
        from public.workouts as workout
        left join public.performance_logs as log on log.workout_id = workout.id and log.user_id = workout.user_id
        where workout.scheduled_on between %(first)s and %(last)s
        group by workout.id
        order by workout.scheduled_on, workout.created_at, workout.id
        """,
        {"first": first, "last": last},
    )

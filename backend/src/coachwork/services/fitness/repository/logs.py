"""Performance logs and their sets."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.logs import Log, LoggedSet
from coachwork.services.fitness.schemas.logs import LogQuery, LogRequest, SetRequest
from coachwork.services.fitness.schemas.period import end_of, start_of

_SELECT = """
    select log.id, exercise.slug as exercise, exercise.name as exercise_name, log.workout_id, log.performed_at,
           log.notes, log.created_at, log.version
    from public.performance_logs as log
    join public.exercises as exercise on exercise.id = log.exercise_id"""


@dataclass(frozen=True)
class _SetRow(LoggedSet):
    log_id: UUID


def find(session: Session, log_id: UUID) -> Log | None:
    """Return the caller's log, or None."""
    log = session.one(Log, _SELECT + " where log.id = %(id)s", {"id": log_id})
    return _with_sets(session, [log])[0] if log else None


def lock(session: Session, log_id: UUID) -> int | None:
    """Hold the caller's log until the session ends; return its version, or None when there is no such log."""
    version: int | None = session.value(
        "select version from public.performance_logs where id = %(id)s for update", {"id": log_id}
    )
    return version


def exercise_in_session(session: Session, log_id: UUID) -> UUID | None:
    """Return the exercise of the training session's item that a log belongs to; None where there is none."""
    exercise_id: UUID | None = session.value(
        "select exercise_id from public.session_exercises where log_id = %(id)s", {"id": log_id}
    )
    return exercise_id


def page(session: Session, query: LogQuery, limit: int, after: tuple[datetime, UUID] | None) -> list[Log]:
    """Return the caller's logs, the latest performed first, after a position."""
    logs = session.all(
        Log,
        _SELECT
        + """
        where (%(exercise)s::text is null or exercise.slug = %(exercise)s)
          and log.performed_at >= coalesce(%(start)s::timestamptz, '-infinity')
          and log.performed_at < coalesce(%(end)s::timestamptz, 'infinity')
          and (log.performed_at, log.id) < (coalesce(%(at)s::timestamptz, 'infinity'), %(id)s::uuid)
        order by log.performed_at desc, log.id desc limit %(limit)s
        """,
        {
            "exercise": query.exercise,
            "start": start_of(query.start),
            "end": end_of(query.end),
            "at": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )
    return _with_sets(session, logs)


def create(session: Session, log: LogRequest, exercise_id: UUID, performed_at: datetime) -> UUID:
    """Store a log with its sets; return its id."""
    log_id: UUID = session.value(
        """
        insert into public.performance_logs (exercise_id, workout_id, performed_at, notes)
        values (%(exercise_id)s, %(workout_id)s, %(performed_at)s, %(notes)s) returning id
        """,
        {
            "exercise_id": exercise_id,
            "workout_id": log.workout_id,
            "performed_at": performed_at,
            "notes": log.notes,
        },
    )
    _add_sets(session, log_id, log.sets)
    return log_id


def replace_whole(session: Session, log_id: UUID, log: LogRequest, exercise_id: UUID) -> None:
    """Store a log over the caller's earlier one, which is held."""
    session.execute(
        """
        update public.performance_logs set exercise_id = %(exercise_id)s, workout_id = %(workout_id)s,
            performed_at = coalesce(%(performed_at)s, performed_at), notes = %(notes)s
        where id = %(id)s
        """,
        {
            "id": log_id,
            "exercise_id": exercise_id,
            "workout_id": log.workout_id,
            "performed_at": log.performed_at,
            "notes": log.notes,
        },
    )
    session.execute("delete from public.logged_sets where log_id = %(id)s", {"id": log_id})
    _add_sets(session, log_id, log.sets)


def delete(session: Session, log_id: UUID) -> None:
    """Remove the caller's log with its sets."""
    session.execute("delete from public.performance_logs where id = %(id)s", {"id": log_id})


def _add_sets(session: Session, log_id: UUID, sets: Sequence[SetRequest]) -> None:
    session.execute_many(
        """
        insert into public.logged_sets (log_id, position, reps, weight_kg, duration_seconds, distance_m,
                                        heart_rate_bpm, rpe)
        values (%(log_id)s, %(position)s, %(reps)s, %(weight_kg)s, %(duration_seconds)s, %(distance_m)s,
                %(heart_rate_bpm)s, %(rpe)s)
        """,
        [{**item.model_dump(), "log_id": log_id, "position": index} for index, item in enumerate(sets)],
    )


def _with_sets(session: Session, logs: Sequence[Log]) -> list[Log]:
    rows = session.all(
        _SetRow,
        """
        select log_id, reps, weight_kg::float8, duration_seconds, distance_m::float8, heart_rate_bpm, rpe::float8
        from public.logged_sets
        where log_id = any (%(ids)s) order by log_id, position
        """,
        {"ids": [log.id for log in logs]},
    )
    by_log: defaultdict[UUID, list[LoggedSet]] = defaultdict(list)
    for row in rows:
        by_log[row.log_id].append(row)
    return [replace(log, sets=by_log[log.id]) for log in logs]

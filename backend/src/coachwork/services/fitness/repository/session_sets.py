"""The sets of a session's exercise, in the performance log it owns: there with its first set, gone with its last."""

import json
from dataclasses import asdict
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.programmes.progression import Prescription
from coachwork.services.fitness.domain.sessions import SessionExercise, TrainingSession
from coachwork.services.fitness.schemas.logs import SetRequest
from coachwork.services.fitness.schemas.sessions import SessionExercisePatch


def add(session: Session, training: TrainingSession, item: SessionExercise, done: SetRequest) -> None:
    """Add a set after the last; the log is performed when its session began."""
    log_id = item.log_id or _new_log(session, training, item)
    session.execute(
        """
        insert into public.logged_sets (log_id, position, reps, weight_kg, duration_seconds, distance_m,
                                        heart_rate_bpm, rpe)
        select %(log_id)s, coalesce(max(position) + 1, 0), %(reps)s, %(weight_kg)s, %(duration_seconds)s,
               %(distance_m)s, %(heart_rate_bpm)s, %(rpe)s
        from public.logged_sets where log_id = %(log_id)s
        """,
        {**done.model_dump(), "log_id": log_id},
    )
    _touch(session, log_id)


def replace_one(session: Session, log_id: UUID, position: int, done: SetRequest) -> bool:
    """Store a set over an earlier one; return whether there was one."""
    found = session.execute(
        """
        update public.logged_sets set reps = %(reps)s, weight_kg = %(weight_kg)s,
            duration_seconds = %(duration_seconds)s, distance_m = %(distance_m)s,
            heart_rate_bpm = %(heart_rate_bpm)s, rpe = %(rpe)s
        where log_id = %(log_id)s and position = %(position)s
        """,
        {**done.model_dump(), "log_id": log_id, "position": position},
    )
    _touch(session, log_id)
    return found > 0


def delete_one(session: Session, log_id: UUID, position: int) -> bool:
    """Remove a set, and the log with its last; return whether there was one. The others keep their numbers."""
    key = {"log_id": log_id, "position": position}
    found = session.execute("delete from public.logged_sets where log_id = %(log_id)s and position = %(position)s", key)
    session.execute(
        """
        delete from public.performance_logs as log
        where id = %(log_id)s and not exists (select from public.logged_sets as one where one.log_id = log.id)
        """,
        key,
    )
    _touch(session, log_id)
    return found > 0


def change_exercise(session: Session, item_id: UUID, patch: SessionExercisePatch) -> None:
    """Change what the patch has set."""
    session.execute(
        """
        update public.session_exercises set skipped = coalesce(%(skipped)s, skipped), notes = coalesce(%(notes)s, notes)
        where id = %(id)s
        """,
        {"id": item_id, "skipped": patch.skipped, "notes": patch.notes},
    )


def remove_exercise(session: Session, item: SessionExercise) -> None:
    """Remove an exercise from its session, with its log."""
    session.execute("delete from public.session_exercises where id = %(id)s", {"id": item.id})
    session.execute("delete from public.performance_logs where id = %(id)s", {"id": item.log_id})


def swap_exercise(session: Session, item_id: UUID, exercise_id: UUID, asked: Prescription) -> None:
    """Put another exercise in the place of one, and remember what was planned there."""
    session.execute(
        """
        update public.session_exercises set exercise_id = %(exercise_id)s, targets = %(targets)s::jsonb,
            planned_exercise_id = nullif(coalesce(planned_exercise_id, exercise_id), %(exercise_id)s),
            decision = %(decision)s::jsonb
        where id = %(id)s
        """,
        {
            "id": item_id,
            "exercise_id": exercise_id,
            "targets": json.dumps([asdict(target) for target in asked.targets]),
            "decision": json.dumps(asdict(asked.decision), default=str),
        },
    )


def _touch(session: Session, log_id: UUID) -> None:
    """Give a log whose sets were changed its next version: who edits it as a log shall not lose this."""
    session.execute("update public.performance_logs set notes = notes where id = %(id)s", {"id": log_id})


def _new_log(session: Session, training: TrainingSession, item: SessionExercise) -> UUID:
    log_id: UUID = session.value(
        """
        insert into public.performance_logs (exercise_id, performed_at)
        select exercise_id, %(at)s from public.session_exercises where id = %(id)s returning id
        """,
        {"id": item.id, "at": training.started_at},
    )
    session.execute(
        "update public.session_exercises set log_id = %(log_id)s where id = %(id)s", {"log_id": log_id, "id": item.id}
    )
    return log_id

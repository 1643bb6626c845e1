"""Training sessions and their exercises; the sets lie in the performance logs they own."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.programmes.history import Target
from coachwork.services.fitness.domain.programmes.progression import Decision, Prescription
from coachwork.services.fitness.domain.sessions import SessionExercise, SessionSet, TrainingSession
from coachwork.services.fitness.schemas.period import end_of, start_of
from coachwork.services.fitness.schemas.sessions import SessionPatch, SessionQuery

_SELECT = """
    select id, programme_id, day_id, name, notes, cycle_week, started_at, finished_at, rest_seconds, rest_started_at,
           version, created_at, updated_at
    from public.training_sessions"""


@dataclass(frozen=True)
class NewSession:
    """What a session begins with."""

    programme_id: UUID | None
    day_id: UUID | None
    name: str
    notes: str
    cycle_week: int
    started_at: datetime


@dataclass(frozen=True)
class NewExercise:
    """An exercise to add, in the order of adding; `prescription` is what a plan asks for."""

    exercise_id: UUID
    notes: str = ""
    slot_id: UUID | None = None
    prescription: Prescription | None = None


@dataclass(frozen=True)
class _ExerciseRow:
    session_id: UUID
    id: UUID
    exercise: str
    exercise_name: str
    planned_exercise: str | None
    slot_id: UUID | None
    skipped: bool
    notes: str
    targets: list[dict[str, Any]]
    decision: dict[str, Any] | None
    log_id: UUID | None


@dataclass(frozen=True)
class _SetRow(SessionSet):
    log_id: UUID


def find(session: Session, session_id: UUID) -> TrainingSession | None:
    """Return the caller's session, or None."""
    found = session.one(TrainingSession, _SELECT + " where id = %(id)s", {"id": session_id})
    return _with_exercises(session, [found])[0] if found else None


def find_whole(session: Session, session_id: UUID) -> TrainingSession | None:
    """Return the caller's session, its sets those of its version, or None: no writer comes between the statements."""
    session.execute("select from public.training_sessions where id = %(id)s for share", {"id": session_id})
    return find(session, session_id)


def locked_version(session: Session, session_id: UUID) -> int | None:
    """Return the version of the caller's session and hold its row until the transaction ends, or None."""
    version: int | None = session.value(
        "select version from public.training_sessions where id = %(id)s for update", {"id": session_id}
    )
    return version


def open_session(session: Session) -> UUID | None:
    """Return the caller's session that is not finished, or None; who begins one meanwhile waits."""
    session.execute("select pg_advisory_xact_lock(hashtextextended('sessions of ' || auth.uid(), 0))")
    found: UUID | None = session.value("select id from public.training_sessions where finished_at is null")
    return found


def page(
    session: Session, query: SessionQuery, limit: int, after: tuple[datetime, UUID] | None
) -> list[TrainingSession]:
    """Return the caller's sessions, the latest begun first, after a position."""
    found = session.all(
        TrainingSession,
        _SELECT
        + """
        where (%(programme_id)s::uuid is null or programme_id = %(programme_id)s)
          and (%(state)s::text is null or (finished_at is null) = (%(state)s = 'open'))
          and started_at >= coalesce(%(start)s::timestamptz, '-infinity')
          and started_at < coalesce(%(end)s::timestamptz, 'infinity')
          and (started_at, id) < (coalesce(%(at)s::timestamptz, 'infinity'), %(id)s::uuid)
        order by started_at desc, id desc limit %(limit)s
        """,
        {
            "programme_id": query.programme_id,
            "state": query.state,
            "start": start_of(query.start),
            "end": end_of(query.end),
            "at": after and after[0],
            "id": after and after[1],
            "limit": limit,
        },
    )
    return _with_exercises(session, found)


def create(session: Session, new: NewSession, exercises: Sequence[NewExercise]) -> UUID:
    """Store a session with its exercises; return its id."""
    session_id: UUID = session.value(
        """
        insert into public.training_sessions (programme_id, day_id, name, notes, cycle_week, started_at)
        values (%(programme_id)s, %(day_id)s, %(name)s, %(notes)s, %(cycle_week)s, %(started_at)s) returning id
        """,
        vars(new),
    )
    add_exercises(session, session_id, exercises, 0)
    return session_id


def add_exercises(session: Session, session_id: UUID, exercises: Sequence[NewExercise], position: int) -> None:
    """Add exercises to a session, from a position on."""
    session.execute_many(
        """
        insert into public.session_exercises (session_id, position, exercise_id, slot_id, notes, targets, decision)
        values (%(session_id)s, %(position)s, %(exercise_id)s, %(slot_id)s, %(notes)s, %(targets)s::jsonb,
                %(decision)s::jsonb)
        """,
        [
            {
                **_asked(one.prescription),
                "session_id": session_id,
                "position": position + index,
                "exercise_id": one.exercise_id,
                "slot_id": one.slot_id,
                "notes": one.notes,
            }
            for index, one in enumerate(exercises)
        ],
    )


def next_position(session: Session, session_id: UUID) -> int:
    """Return the position after the session's last exercise."""
    position: int = session.value(
        "select coalesce(max(position) + 1, 0) from public.session_exercises where session_id = %(id)s",
        {"id": session_id},
    )
    return position


def change(session: Session, session_id: UUID, patch: SessionPatch) -> None:
    """Change what the patch has set, and nothing where it sets nothing."""
    if not patch.model_fields_set:
        return
    session.execute(
        """
        update public.training_sessions set name = coalesce(%(name)s, name), notes = coalesce(%(notes)s, notes),
            updated_at = now()
        where id = %(id)s
        """,
        {"id": session_id, "name": patch.name, "notes": patch.notes},
    )


def touch(session: Session, session_id: UUID) -> None:
    """Raise the version of a session something was changed in."""
    session.execute(
        "update public.training_sessions set updated_at = now() where id = %(id)s",
        {"id": session_id},
    )


def rest(session: Session, session_id: UUID, rest_seconds: int | None, since: datetime) -> None:
    """Store when the rest after a set began, and how long it is to be."""
    session.execute(
        """
        update public.training_sessions set rest_seconds = %(rest_seconds)s, rest_started_at = %(since)s,
            updated_at = now()
        where id = %(id)s
        """,
        {"id": session_id, "rest_seconds": rest_seconds, "since": since},
    )


def finish(session: Session, session_id: UUID, finished_at: datetime) -> None:
    """End a session, and its rest."""
    session.execute(
        """
        update public.training_sessions set finished_at = %(finished_at)s, rest_seconds = null, rest_started_at = null,
            updated_at = now()
        where id = %(id)s
        """,
        {"id": session_id, "finished_at": finished_at},
    )


def delete(session: Session, session_id: UUID) -> None:
    """Remove a session with the logs its exercises own."""
    session.execute(
        """
        delete from public.performance_logs
        where id in (select log_id from public.session_exercises where session_id = %(id)s)
        """,
        {"id": session_id},
    )
    session.execute("delete from public.training_sessions where id = %(id)s", {"id": session_id})


def _asked(prescription: Prescription | None) -> dict[str, object]:
    if prescription is None:
        return {"targets": "[]", "decision": None}
    return {
        "targets": json.dumps([asdict(target) for target in prescription.targets]),
        "decision": json.dumps(asdict(prescription.decision), default=str),
    }


def _with_exercises(session: Session, found: Sequence[TrainingSession]) -> list[TrainingSession]:
    rows = session.all(
        _ExerciseRow,
        """
        select item.session_id, item.id, exercise.slug as exercise, exercise.name as exercise_name,
               planned.slug as planned_exercise, item.slot_id, item.skipped, item.notes, item.targets, item.decision,
               item.log_id
        from public.session_exercises as item
        join public.exercises as exercise on exercise.id = item.exercise_id
        left join public.exercises as planned on planned.id = item.planned_exercise_id
        where item.session_id = any (%(ids)s) order by item.session_id, item.position, item.id
        """,
        {"ids": [one.id for one in found]},
    )
    sets = _sets(session, [row.log_id for row in rows if row.log_id is not None])
    by_session: defaultdict[UUID, list[SessionExercise]] = defaultdict(list)
    for row in rows:
        done = sets[row.log_id] if row.log_id else []
        by_session[row.session_id].append(_exercise(row, done))
    return [replace(one, exercises=by_session[one.id]) for one in found]


def _sets(session: Session, log_ids: Sequence[UUID]) -> defaultdict[UUID, list[SessionSet]]:
    rows = session.all(
        _SetRow,
        """
        select log_id, position, reps, weight_kg::float8, duration_seconds, distance_m::float8, heart_rate_bpm,
               rpe::float8
        from public.logged_sets where log_id = any (%(ids)s) order by log_id, position
        """,
        {"ids": list(log_ids)},
    )
    by_log: defaultdict[UUID, list[SessionSet]] = defaultdict(list)
    for row in rows:
        by_log[row.log_id].append(row)
    return by_log


def _exercise(row: _ExerciseRow, sets: Sequence[SessionSet]) -> SessionExercise:
    decision = row.decision and Decision(
        row.decision["kind"], row.decision["sentence"], [UUID(one) for one in row.decision["evidence"]]
    )
    columns = {name: value for name, value in vars(row).items() if name != "session_id"}
    targets = [Target(**target) for target in row.targets]
    return SessionExercise(**{**columns, "targets": targets, "decision": decision or None, "sets": sets})

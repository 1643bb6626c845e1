"""Logs in bulk: which of them are there, and storing many at once."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.imports.matching import Named
from coachwork.services.fitness.domain.imports.plan import Figures, PlannedLog, figures_of
from coachwork.services.fitness.domain.logs import LoggedSet

_BATCH = 10_000
"""How many rows a statement carries: each statement stays far from its timeout."""


@dataclass(frozen=True)
class _Moment:
    exercise_id: UUID
    performed_at: datetime
    id: UUID


@dataclass(frozen=True)
class _SetRow(LoggedSet):
    log_id: UUID


def lock(session: Session) -> None:
    """Let no other import of the caller's begin until the session ends."""
    session.execute("select pg_advisory_xact_lock(hashtextextended('imports of ' || auth.uid(), 0))")


def named_exercises(session: Session) -> list[Named]:
    """Return every exercise the caller can log, their own first, archived ones too."""
    return session.all(
        Named,
        """
        select id, slug, name, aliases, equipment, measure from public.exercises
        order by user_id is null, archived_at is not null, name, id
        """,
    )


def stored_logs(
    session: Session, moments: Sequence[tuple[UUID, datetime]]
) -> dict[tuple[UUID, datetime], list[list[Figures]]]:
    """Return the sets of the caller's logs of these exercises at these moments."""
    found: defaultdict[tuple[UUID, datetime], list[list[Figures]]] = defaultdict(list)
    for start in range(0, len(moments), _BATCH):
        logs, sets = _logs_and_sets(session, moments[start : start + _BATCH])
        by_log: defaultdict[UUID, list[Figures]] = defaultdict(list)
        for row in sets:
            by_log[row.log_id].append(figures_of(row))
        for log in logs:
            found[log.exercise_id, log.performed_at].append(by_log[log.id])
    return found


def store_logs(session: Session, logs: Sequence[PlannedLog], exercise_ids: dict[str, UUID]) -> None:
    """Store logs with their sets; `exercise_ids` are the exercises', by slug."""
    log_rows: list[dict[str, Any]] = []
    set_rows: list[dict[str, Any]] = []
    for log in logs:
        log_id = str(uuid4())
        log_rows.append(
            {
                "id": log_id,
                "exercise_id": str(exercise_ids[log.exercise.slug]),
                "performed_at": log.performed_at.isoformat(),
                "notes": log.notes,
            }
        )
        set_rows += [
            {"log_id": log_id, "position": position, **done.model_dump(exclude_none=True)}
            for position, done in enumerate(log.sets)
        ]
    for start in range(0, len(log_rows), _BATCH):
        session.execute(
            """
            insert into public.performance_logs (id, exercise_id, performed_at, notes)
            select id, exercise_id, performed_at, notes
            from jsonb_to_recordset(%(rows)s::jsonb)
                as (id uuid, exercise_id uuid, performed_at timestamptz, notes text)
            """,
            {"rows": json.dumps(log_rows[start : start + _BATCH])},
        )
    for start in range(0, len(set_rows), _BATCH):
        session.execute(
            """
            insert into public.logged_sets (log_id, position, reps, weight_kg, duration_seconds, distance_m,
                                            heart_rate_bpm, rpe)
            select log_id, position, reps, weight_kg, duration_seconds, distance_m, heart_rate_bpm, rpe
            from jsonb_to_recordset(%(rows)s::jsonb)
                as (log_id uuid, position integer, reps integer, weight_kg numeric, duration_seconds integer,
                    distance_m numeric, heart_rate_bpm integer, rpe numeric)
            """,
            {"rows": json.dumps(set_rows[start : start + _BATCH])},
        )


def _logs_and_sets(session: Session, moments: Sequence[tuple[UUID, datetime]]) -> tuple[list[_Moment], list[_SetRow]]:
    logs = session.all(
        _Moment,
        """
        select log.exercise_id, log.performed_at, log.id
        from unnest(%(exercises)s::uuid[], %(moments)s::timestamptz[]) as wanted (exercise_id, performed_at)
        join public.performance_logs as log
            on log.exercise_id = wanted.exercise_id and log.performed_at = wanted.performed_at
        order by log.performed_at, log.id
        """,
        {"exercises": [exercise for exercise, _ in moments], "moments": [moment for _, moment in moments]},
    )
    sets = session.all(
        _SetRow,
        """
        select log_id, reps, weight_kg::float8, duration_seconds, distance_m::float8, heart_rate_bpm, rpe::float8
        from public.logged_sets where log_id = any (%(ids)s) order by log_id, position
        """,
        {"ids": [log.id for log in logs]},
    )
    return logs, sets

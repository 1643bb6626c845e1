"""Progress: what the logs add up to."""

from collections import defaultdict
from datetime import datetime

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.facts import progress_facts
from coachwork.services.fitness.domain.progress import (
    ExerciseTotals,
    ProgressSummary,
    SetRecord,
    TimedRecord,
    TimedRecordName,
    Totals,
    VolumeRecord,
    Week,
    exercise_progress,
    pace_seconds_per_km,
)
from coachwork.services.fitness.repository.progress import (
    Aggregate,
    Scope,
    aggregates,
    best_sets,
    best_stretches,
)

__all__ = ["Scope", "progress_facts", "summarise", "summary_in"]


def summarise(
    database: Database,
    principal: Principal,
    *,
    exercise: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> ProgressSummary:
    """Return the caller's progress, in one exercise (its slug) or all; empty where nothing was logged.

    `since` is inclusive, `until` is not.
    """
    with database.session(principal) as session:
        return summary_in(session, Scope(exercise, since, until))


def summary_in(session: Session, scope: Scope) -> ProgressSummary:
    """Return what `summarise` does, within a transaction."""
    sums = aggregates(session, scope)
    records = best_sets(session, scope) if sums else []
    stretches = best_stretches(session, scope) if sums else []
    by_exercise: defaultdict[str, list[SetRecord]] = defaultdict(list)
    for record in records:
        by_exercise[record.exercise].append(record)
    timed: defaultdict[str, dict[TimedRecordName, TimedRecord]] = defaultdict(dict)
    for stretch in stretches:
        timed[stretch.exercise][stretch.record] = stretch
    exercises = [
        exercise_progress(one, by_exercise[one.exercise], timed[one.exercise])
        for one in (_exercise_totals(row) for row in sums if row.week is None)
    ]
    return ProgressSummary(
        totals=sum((one.totals for one in exercises), Totals()),
        exercises=exercises,
        weeks=[Week(row.week, _totals(row)) for row in sums if row.week is not None],
    )


def _exercise_totals(row: Aggregate) -> ExerciseTotals:
    return ExerciseTotals(
        exercise=row.exercise or "",
        exercise_name=row.exercise_name or "",
        totals=_totals(row),
        first_performed_at=row.first_performed_at,
        last_performed_at=row.last_performed_at,
        best_session=VolumeRecord(row.best_log_id, row.best_performed_at, row.best_volume_kg),
        average_pace_seconds_per_km=pace_seconds_per_km(row.paced_seconds, row.paced_m) if row.paced_m else None,
    )


def _totals(row: Aggregate) -> Totals:
    return Totals(row.sessions, row.sets, row.reps, row.volume_kg, row.duration_seconds, row.distance_m)

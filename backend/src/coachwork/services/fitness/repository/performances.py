"""What was done of a programme: the history its progression is a function of, and the days that were done."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.programmes.adherence import DoneDay, Plan
from coachwork.services.fitness.domain.programmes.history import DoneSet, Performance, Target
from coachwork.services.fitness.domain.programmes.progression import BestSet
from coachwork.services.fitness.domain.strength import MOST_RELIABLE_REPS
from coachwork.services.fitness.schemas.slots import DecisionKind


@dataclass(frozen=True)
class _PerformanceRow:
    slot_id: UUID
    log_id: UUID
    at: datetime
    kind: DecisionKind
    targets: list[dict[str, Any]]
    sets: list[dict[str, Any]]


@dataclass(frozen=True)
class _BestSetRow(BestSet):
    exercise: str


def histories(session: Session, slot_ids: Sequence[UUID], until: datetime) -> dict[UUID, list[Performance]]:
    """Return what was done of each slot in sessions that were finished and began before then.

    What the lifter skipped or swapped is left out, and so are sessions stored before the slot's load was changed.
    """
    rows = session.all(
        _PerformanceRow,
        """
        select item.slot_id, log.id as log_id, done.started_at as at, item.decision ->> 'kind' as kind, item.targets,
               (select jsonb_agg(jsonb_build_object('reps', one.reps, 'weight_kg', one.weight_kg, 'rpe', one.rpe)
                                 order by one.position)
                from public.logged_sets as one where one.log_id = log.id) as sets
        from public.session_exercises as item
        join public.training_sessions as done on done.id = item.session_id
        join public.programme_slots as slot on slot.id = item.slot_id
        join public.performance_logs as log on log.id = item.log_id and log.exercise_id = slot.exercise_id
        where item.slot_id = any (%(slots)s) and not item.skipped and item.decision is not null
          and done.finished_at is not null and done.started_at < %(until)s
          and done.created_at > coalesce(slot.counts_from, '-infinity')
          and exists (select from public.logged_sets as one where one.log_id = log.id)
        order by item.slot_id, done.started_at, log.id
        """,
        {"slots": list(slot_ids), "until": until},
    )
    by_slot: defaultdict[UUID, list[Performance]] = defaultdict(list)
    for row in rows:
        targets = [Target(**target) for target in row.targets]
        sets = [DoneSet(**one) for one in row.sets]
        by_slot[row.slot_id].append(Performance(row.log_id, row.at, row.kind, targets, sets))
    return by_slot


def candidates(
    session: Session, exercises: Sequence[str], since: datetime, until: datetime
) -> dict[str, list[BestSet]]:
    """Return, for each of the exercises, the heaviest set of each number of repetitions an estimate is made from."""
    rows = session.all(
        _BestSetRow,
        """
        select distinct on (exercise.slug, one.reps)
               exercise.slug as exercise, log.id as log_id, one.reps, one.weight_kg::float8, log.performed_at as at
        from public.performance_logs as log
        join public.exercises as exercise on exercise.id = log.exercise_id
        join public.logged_sets as one on one.log_id = log.id and one.user_id = log.user_id
        where exercise.slug = any (%(exercises)s) and one.reps between 1 and %(most_reps)s and one.weight_kg > 0
          and log.performed_at > %(since)s and log.performed_at < %(until)s
        order by exercise.slug, one.reps, one.weight_kg desc, log.performed_at, log.id
        """,
        {"exercises": list(exercises), "most_reps": MOST_RELIABLE_REPS, "since": since, "until": until},
    )
    found: defaultdict[str, list[BestSet]] = defaultdict(list)
    for row in rows:
        found[row.exercise].append(row)
    return found


def plans(session: Session, programme_id: UUID | None) -> list[Plan]:
    """Return what the caller's programmes planned, or one of them, in the order they were made."""
    return session.all(
        Plan,
        """
        select programme.id as programme_id, programme.name, programme.days_per_week, programme.switched_at,
               (select min(done.started_at) from public.training_sessions as done
                where done.programme_id = programme.id and done.finished_at is not null
                  and exists (
                      select from public.session_exercises as item
                      join public.logged_sets as one on one.log_id = item.log_id
                      where item.session_id = done.id)) as first_done_at
        from public.programmes as programme
        where %(id)s::uuid is null or programme.id = %(id)s::uuid
        order by programme.created_at, programme.id
        """,
        {"id": programme_id},
    )


def done_days(
    session: Session, programme_id: UUID | None, since: datetime | None, until: datetime | None
) -> list[DoneDay]:
    """Return the days of a programme, or of all, done from `since` on and before `until`, the earliest first.

    A day is done in a finished session with at least one set; one that was removed from the plan has no id any more.
    """
    return session.all(
        DoneDay,
        """
        select done.programme_id, done.id as session_id, done.day_id, done.started_at
        from public.training_sessions as done
        where (%(id)s::uuid is null or done.programme_id = %(id)s::uuid) and done.programme_id is not null
          and done.finished_at is not null
          and done.started_at >= coalesce(%(since)s::timestamptz, '-infinity')
          and done.started_at < coalesce(%(until)s::timestamptz, 'infinity')
          and exists (
              select from public.session_exercises as item
              join public.logged_sets as one on one.log_id = item.log_id
              where item.session_id = done.id)
        order by done.started_at, done.id
        """,
        {"id": programme_id, "since": since, "until": until},
    )

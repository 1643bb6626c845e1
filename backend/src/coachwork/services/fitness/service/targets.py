"""What a programme asks for next: its progression, fed with what was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.programmes.adherence import DoneDay
from coachwork.services.fitness.domain.programmes.errors import ProgrammeNotFound
from coachwork.services.fitness.domain.programmes.plan import Day, Programme, Slot, next_day
from coachwork.services.fitness.domain.programmes.progression import (
    ESTIMATE_WINDOW_DAYS,
    BestSet,
    Prescription,
    prescribe,
)
from coachwork.services.fitness.repository import performances
from coachwork.services.fitness.repository import programmes as repository


@dataclass(frozen=True)
class SlotTargets:
    """A slot and what it asks for."""

    slot: Slot
    prescription: Prescription


@dataclass(frozen=True)
class DayTargets:
    """A day and what it asks for; `cycle_week` is 1 for the first of the cycle."""

    day: Day
    cycle_week: int
    slots: Sequence[SlotTargets]


@dataclass(frozen=True)
class ProgrammeTargets:
    """What each day asks for, and the day whose turn it is."""

    next_day_id: UUID | None
    days: Sequence[DayTargets]


def read_targets(database: Database, principal: Principal, programme_id: UUID, at: datetime) -> ProgrammeTargets:
    """Return what the caller's programme asks for at a moment; raises `ProgrammeNotFound`. Changes nothing."""
    with database.session(principal) as session:
        programme = repository.find_whole(session, programme_id)
        if programme is None:
            raise ProgrammeNotFound
        return targets_of(session, programme, programme.days, at)


def targets_of(session: Session, programme: Programme, days: Sequence[Day], at: datetime) -> ProgrammeTargets:
    """Return what some of a programme's days ask for, were they done at a moment."""
    slots = [slot for day in days for slot in day.slots]
    history = performances.histories(session, [slot.id for slot in slots], at)
    by_percent = [slot.exercise for slot in slots if slot.progression.rule == "percentage"]
    best = _best_sets(session, by_percent, at) if by_percent else {}
    done = performances.done_days(session, programme.id, None, at)
    found = []
    for day in days:
        week = sum(one.day_id == day.id for one in done) % programme.cycle_weeks + 1
        asked = [
            SlotTargets(
                slot,
                prescribe(slot, history.get(slot.id, ()), at=at, week=week, best=best.get(slot.exercise)),
            )
            for slot in day.slots
        ]
        found.append(DayTargets(day, week, [one for one in asked if one.prescription.targets]))
    upcoming = next_day(programme.days, _last_day(done))
    return ProgrammeTargets(upcoming.id if upcoming else None, found)


def _best_sets(session: Session, exercises: Sequence[str], at: datetime) -> Mapping[str, BestSet]:
    since = at - timedelta(days=ESTIMATE_WINDOW_DAYS)
    found = performances.candidates(session, exercises, since, at)
    return {exercise: max(sets, key=lambda one: (one.e1rm_kg, -one.reps)) for exercise, sets in found.items()}


def _last_day(done: Sequence[DoneDay]) -> UUID | None:
    return done[-1].day_id if done else None

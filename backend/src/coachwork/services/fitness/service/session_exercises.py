"""What is done within a session: its exercises, and their sets. Every write holds the session's row."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from coachwork.chassis.errors import WrongValue
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.exercises import Exercise, equivalents
from coachwork.services.fitness.domain.logs import flaws_of
from coachwork.services.fitness.domain.programmes import sentences
from coachwork.services.fitness.domain.programmes.errors import (
    ExerciseStarted,
    NoEquivalent,
    SessionExerciseNotFound,
    SetNotFound,
    TooMuch,
)
from coachwork.services.fitness.domain.programmes.progression import Decision, Prescription
from coachwork.services.fitness.domain.sessions import MOST_EXERCISES, SessionExercise, TrainingSession
from coachwork.services.fitness.errors import UnfitSet, UnknownExercise
from coachwork.services.fitness.repository import exercises, profile, programmes, session_sets
from coachwork.services.fitness.repository import sessions as repository
from coachwork.services.fitness.schemas.logs import MOST_SETS, SetRequest
from coachwork.services.fitness.schemas.sessions import SessionExercisePatch, SessionExerciseRequest
from coachwork.services.fitness.service.sessions import changed, changing, found
from coachwork.services.fitness.service.targets import targets_of


def add_exercise(
    database: Database,
    principal: Principal,
    session_id: UUID,
    request: SessionExerciseRequest,
    expected: int | None,
) -> TrainingSession:
    """Add an exercise at the end of a session; raises `UnknownExercise`, `TooMuch` and what `changing` does."""
    with changing(database, principal, session_id, expected) as (session, training):
        exercise = _known(session, request.exercise)
        if len(training.exercises) >= MOST_EXERCISES:
            raise TooMuch(f"A session has at most {MOST_EXERCISES} exercises")
        position = repository.next_position(session, session_id)
        new = repository.NewExercise(exercise.id, request.notes)
        repository.add_exercises(session, session_id, [new], position)
        return changed(session, session_id)


def change_exercise(
    database: Database,
    principal: Principal,
    session_id: UUID,
    item_id: UUID,
    *,
    patch: SessionExercisePatch,
    expected: int | None,
) -> TrainingSession:
    """Skip an exercise, or take that back, or change its notes; raises `SessionExerciseNotFound`."""
    with changing(database, principal, session_id, expected) as (session, training):
        item = _item(training, item_id)
        if not patch.model_fields_set:
            return training
        session_sets.change_exercise(session, item.id, patch)
        return changed(session, session_id)


def remove_exercise(
    database: Database, principal: Principal, session_id: UUID, item_id: UUID, expected: int | None
) -> TrainingSession:
    """Remove an exercise with its sets; raises `SessionExerciseNotFound`."""
    with changing(database, principal, session_id, expected) as (session, training):
        session_sets.remove_exercise(session, _item(training, item_id))
        return changed(session, session_id)


def swap_exercise(
    database: Database,
    principal: Principal,
    session_id: UUID,
    item_id: UUID,
    *,
    slug: str | None,
    expected: int | None,
) -> TrainingSession:
    """Do another exercise instead: the one named, or the nearest equivalent for the caller's equipment and injuries.

    Its sets are asked for as before, but for the load. Swapped back, it is asked for as the plan does.

    Raises:
        SessionExerciseNotFound: the session has no such exercise.
        ExerciseStarted: it has sets.
        UnknownExercise, NoEquivalent: there is nothing to do instead.
    """
    with changing(database, principal, session_id, expected) as (session, training):
        item = _item(training, item_id)
        if item.sets:
            raise ExerciseStarted
        other = _nearest(session, item) if slug is None else _known(session, slug)
        session_sets.swap_exercise(session, item_id, other.id, _asked_instead(session, training, item, other))
        return changed(session, session_id)


def log_set(
    database: Database,
    principal: Principal,
    session_id: UUID,
    item_id: UUID,
    *,
    done: SetRequest,
    expected: int | None,
    now: datetime,
) -> TrainingSession:
    """Add a set to an exercise, and start the rest before the next.

    Raises:
        SessionExerciseNotFound: the session has no such exercise.
        UnfitSet: the set lacks what the exercise is measured in.
        TooMuch: there are a hundred already.
    """
    with changing(database, principal, session_id, expected) as (session, training):
        item = _item(training, item_id)
        _check(session, item, done)
        if len(item.sets) >= MOST_SETS:
            raise TooMuch(f"An exercise has at most {MOST_SETS} sets")
        session_sets.add(session, training, item, done)
        if training.finished_at is not None:
            return changed(session, session_id)
        rest_seconds = _item(found(session, session_id), item_id).rest_seconds
        repository.rest(session, session_id, rest_seconds, now)
        return found(session, session_id)


def replace_set(
    database: Database,
    principal: Principal,
    session_id: UUID,
    item_id: UUID,
    *,
    position: int,
    done: SetRequest,
    expected: int | None,
) -> TrainingSession:
    """Store a set over an earlier one; raises `SetNotFound` and what `log_set` does."""
    with changing(database, principal, session_id, expected) as (session, training):
        item = _item(training, item_id)
        _check(session, item, done)
        if item.log_id is None or not session_sets.replace_one(session, item.log_id, position, done):
            raise SetNotFound
        return changed(session, session_id)


def delete_set(
    database: Database, principal: Principal, session_id: UUID, item_id: UUID, *, position: int, expected: int | None
) -> TrainingSession:
    """Remove a set; raises `SessionExerciseNotFound` or `SetNotFound`."""
    with changing(database, principal, session_id, expected) as (session, training):
        item = _item(training, item_id)
        if item.log_id is None or not session_sets.delete_one(session, item.log_id, position):
            raise SetNotFound
        return changed(session, session_id)


def _item(training: TrainingSession, item_id: UUID) -> SessionExercise:
    item = next((one for one in training.exercises if one.id == item_id), None)
    if item is None:
        raise SessionExerciseNotFound
    return item


def _known(session: Session, slug: str) -> Exercise:
    exercise = exercises.find(session, slug)
    if exercise is None:
        raise UnknownExercise(["body/exercise"])
    return exercise


def _check(session: Session, item: SessionExercise, done: SetRequest) -> None:
    exercise = _known(session, item.exercise)
    unfit = [WrongValue(f"body/{flaw.field}", flaw.message) for flaw in flaws_of(done, exercise.measure)]
    if unfit:
        raise UnfitSet(unfit)


def _nearest(session: Session, item: SessionExercise) -> Exercise:
    """Return the best equivalent for the profile's equipment; for all equipment there is where no profile says."""
    library = exercises.library(session)
    stored = profile.find(session)
    equipment = stored.equipment if stored else {one for exercise in library for one in exercise.equipment}
    injuries = stored.injuries if stored else ()
    fitting = equivalents(_known(session, item.exercise), library, equipment=equipment, injuries=injuries)
    if not fitting:
        raise NoEquivalent
    return fitting[0].exercise


def _asked_instead(session: Session, training: TrainingSession, item: SessionExercise, other: Exercise) -> Prescription:
    programme = programmes.find(session, training.programme_id) if training.programme_id else None
    if programme and other.slug == (item.planned_exercise or item.exercise):
        for day in targets_of(session, programme, programme.days, training.started_at).days:
            for slot in day.slots:
                if slot.slot.id == item.slot_id and slot.slot.exercise == other.slug:
                    return slot.prescription
    targets = [replace(target, weight_kg=None) for target in item.targets]
    planned = item.planned_exercise or item.exercise
    return Prescription(targets, Decision("swap", sentences.swapped(planned, targets)))

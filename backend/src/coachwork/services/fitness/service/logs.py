"""Logging what was done. Every write is one transaction: all of it or nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from coachwork.chassis.errors import WrongValue
from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.logs import EARLIEST, Log, flaws_of, is_plausible
from coachwork.services.fitness.domain.programmes.errors import LoggedInSession
from coachwork.services.fitness.errors import (
    ImplausibleTime,
    LogNotFound,
    UnfitSet,
    UnknownExercise,
    UnknownWorkout,
)
from coachwork.services.fitness.repository import exercises, workouts
from coachwork.services.fitness.repository import logs as repository
from coachwork.services.fitness.schemas.logs import LogQuery, LogRequest
from coachwork.services.fitness.service.pages import cut, position_of


def list_logs(database: Database, principal: Principal, query: LogQuery) -> tuple[Sequence[Log], str | None]:
    """Return one page of the caller's logs, the latest first, and the next page's cursor if there is one."""
    after = position_of(query.cursor)
    with database.session(principal) as session:
        found = repository.page(session, query, query.limit + 1, after)
    return cut(found, query.limit, lambda log: (log.performed_at, log.id))


def read_log(database: Database, principal: Principal, log_id: UUID) -> Log:
    """Return the caller's log; raises `LogNotFound`."""
    with database.session(principal) as session:
        return _found(session, log_id)


def create_log(database: Database, principal: Principal, request: LogRequest, now: datetime) -> Log:
    """Store a log and return it.

    Raises:
        ImplausibleTime: it would have happened more than a day after `now`, or before 1950.
        UnknownExercise, UnknownWorkout: it names what the library or the caller does not have.
        UnfitSet: a set lacks what the exercise is measured in.
    """
    request = _checked(request, now)
    with database.session(principal) as session:
        exercise_id = _exercise_id(session, request)
        return _found(session, repository.create(session, request, exercise_id, request.performed_at or now))


def replace_log(
    database: Database, principal: Principal, log_id: UUID, request: LogRequest, *, expected: int | None, now: datetime
) -> Log:
    """Store a log over the caller's earlier one.

    Raises:
        LogNotFound: there is no such log; and what `create_log` raises.
        LoggedInSession: it belongs to a session, and would become one of another exercise.
        PreconditionFailed: the log is no longer the `expected` version.
    """
    request = _checked(request, now)
    with database.session(principal) as session:
        _hold(session, log_id, expected)
        exercise_id = _exercise_id(session, request)
        if repository.exercise_in_session(session, log_id) not in {None, exercise_id}:
            raise LoggedInSession
        repository.replace_whole(session, log_id, request, exercise_id)
        return _found(session, log_id)


def delete_log(database: Database, principal: Principal, log_id: UUID, *, expected: int | None) -> None:
    """Remove the caller's log; raises `LogNotFound`, and `PreconditionFailed` when it is not the `expected` version."""
    with database.session(principal) as session:
        _hold(session, log_id, expected)
        repository.delete(session, log_id)


def _hold(session: Session, log_id: UUID, expected: int | None) -> None:
    version = repository.lock(session, log_id)
    if version is None:
        raise LogNotFound
    require_version(expected, version)


def _checked(request: LogRequest, now: datetime) -> LogRequest:
    if request.performed_at is None:
        return request
    if not is_plausible(request.performed_at, now):
        raise ImplausibleTime("body/performed_at", f"Must be after {EARLIEST.date()} and at most a day from now")
    return request.model_copy(update={"performed_at": request.performed_at.astimezone(UTC)})


def _exercise_id(session: Session, request: LogRequest) -> UUID:
    """Return the exercise's id once everything the request names is known to be there, and its sets fit it."""
    exercise = exercises.find(session, request.exercise)
    if exercise is None:
        raise UnknownExercise(["body/exercise"])
    if request.workout_id is not None and not workouts.exists(session, request.workout_id):
        raise UnknownWorkout
    unfit = [
        WrongValue(f"body/sets/{index}/{flaw.field}", flaw.message)
        for index, done in enumerate(request.sets)
        for flaw in flaws_of(done, exercise.measure)
    ]
    if unfit:
        raise UnfitSet(unfit)
    return exercise.id


def _found(session: Session, log_id: UUID) -> Log:
    log = repository.find(session, log_id)
    if log is None:
        raise LogNotFound
    return log

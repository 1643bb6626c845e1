"""Training sessions: begun from a programme's day or empty, one open at a time. Every write is one transaction."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.logs import EARLIEST, is_plausible
from coachwork.services.fitness.domain.programmes.errors import (
    AnotherSessionOpen,
    ProgrammeIsDraft,
    SessionNotFound,
    UnknownDay,
)
from coachwork.services.fitness.domain.programmes.plan import Programme
from coachwork.services.fitness.domain.sessions import TrainingSession
from coachwork.services.fitness.errors import ImplausibleTime
from coachwork.services.fitness.repository import programmes
from coachwork.services.fitness.repository import sessions as repository
from coachwork.services.fitness.repository.exercises import ids_of
from coachwork.services.fitness.repository.sessions import NewExercise, NewSession
from coachwork.services.fitness.schemas.sessions import SessionPatch, SessionQuery, SessionRequest
from coachwork.services.fitness.service.pages import cut, position_of
from coachwork.services.fitness.service.targets import targets_of


def list_sessions(
    database: Database, principal: Principal, query: SessionQuery
) -> tuple[Sequence[TrainingSession], str | None]:
    """Return one page of the caller's sessions, the latest first, and the next page's cursor if there is one."""
    after = position_of(query.cursor)
    with database.session(principal) as session:
        found = repository.page(session, query, query.limit + 1, after)
    return cut(found, query.limit, lambda one: (one.started_at, one.id))


def read_session(database: Database, principal: Principal, session_id: UUID) -> TrainingSession:
    """Return the caller's session; raises `SessionNotFound`."""
    with database.session(principal) as session:
        training = repository.find_whole(session, session_id)
    if training is None:
        raise SessionNotFound
    return training


def start_session(database: Database, principal: Principal, request: SessionRequest, now: datetime) -> TrainingSession:
    """Begin a session; what a day asks for at that moment is copied into it.

    Raises:
        AnotherSessionOpen: one is open already; it says which.
        ImplausibleTime: it would have begun more than a day after `now`, or before 1950.
        UnknownDay: the caller has no such day.
        ProgrammeIsDraft: the day's programme was not accepted yet.
    """
    started_at = _plausible(request.started_at or now, now, "body/started_at")
    with database.session(principal) as session:
        programme = _programme_of(session, request.day_id) if request.day_id else None
        is_open = repository.open_session(session)
        if is_open is not None:
            raise AnotherSessionOpen(is_open)
        if programme is not None:
            return found(session, _from_day(session, programme, request, started_at))
        new = NewSession(None, None, request.name or "Training", request.notes, 1, started_at)
        return found(session, repository.create(session, new, []))


def change_session(
    database: Database, principal: Principal, session_id: UUID, patch: SessionPatch, expected: int | None
) -> TrainingSession:
    """Change what the patch has set; raises `SessionNotFound` or `PreconditionFailed`."""
    with changing(database, principal, session_id, expected) as (session, _):
        repository.change(session, session_id, patch)
        return found(session, session_id)


def finish_session(
    database: Database,
    principal: Principal,
    session_id: UUID,
    *,
    finished_at: datetime | None,
    expected: int | None,
    now: datetime,
) -> TrainingSession:
    """End a session; one that has ended stays as it is, whichever version is expected.

    Raises:
        SessionNotFound, PreconditionFailed: it is not there, or no longer as expected.
        ImplausibleTime: it would end before it began, or more than a day after `now`.
    """
    with database.session(principal) as session:
        version = repository.locked_version(session, session_id)
        training = found(session, session_id)
        if training.finished_at is not None:
            return training
        require_version(expected, version or 0)
        end = finished_at or max(now, training.started_at)
        if end < training.started_at:
            raise ImplausibleTime("body/finished_at", f"Must be after {training.started_at.isoformat()}")
        repository.finish(session, session_id, _plausible(end, now, "body/finished_at"))
        return found(session, session_id)


def delete_session(database: Database, principal: Principal, session_id: UUID, expected: int | None) -> None:
    """Discard a session with everything logged in it; raises `SessionNotFound` or `PreconditionFailed`."""
    with changing(database, principal, session_id, expected) as (session, _):
        repository.delete(session, session_id)


@contextmanager
def changing(
    database: Database, principal: Principal, session_id: UUID, expected: int | None
) -> Iterator[tuple[Session, TrainingSession]]:
    """Yield a transaction that holds the caller's session against every other writer, and the session as it is.

    Raises:
        SessionNotFound, PreconditionFailed: it is not there, or no longer as expected.
    """
    with database.session(principal) as session:
        version = repository.locked_version(session, session_id)
        if version is None:
            raise SessionNotFound
        require_version(expected, version)
        yield session, found(session, session_id)


def changed(session: Session, session_id: UUID) -> TrainingSession:
    """Return a session with the next version, after something in it was changed."""
    repository.touch(session, session_id)
    return found(session, session_id)


def found(session: Session, session_id: UUID) -> TrainingSession:
    """Return the caller's session; raises `SessionNotFound`."""
    training = repository.find(session, session_id)
    if training is None:
        raise SessionNotFound
    return training


def _programme_of(session: Session, day_id: UUID) -> Programme:
    programme_id = programmes.programme_of_day(session, day_id)
    programme = programmes.find_whole(session, programme_id) if programme_id else None
    if programme is None or day_id not in {day.id for day in programme.days}:
        raise UnknownDay  # or no longer: it was deleted meanwhile
    if programme.status == "draft":
        raise ProgrammeIsDraft
    return programme


def _from_day(session: Session, programme: Programme, request: SessionRequest, started_at: datetime) -> UUID:
    day = next(one for one in programme.days if one.id == request.day_id)
    [asked] = targets_of(session, programme, [day], started_at).days
    ids = ids_of(session, [one.slot.exercise for one in asked.slots])
    exercises = [
        NewExercise(ids[one.slot.exercise], one.slot.notes, one.slot.id, one.prescription) for one in asked.slots
    ]
    new = NewSession(programme.id, day.id, request.name or day.name, request.notes, asked.cycle_week, started_at)
    return repository.create(session, new, exercises)


def _plausible(moment: datetime, now: datetime, location: str) -> datetime:
    if not is_plausible(moment, now):
        raise ImplausibleTime(location, f"Must be after {EARLIEST.date()} and at most a day from now")
    return moment.astimezone(UTC)

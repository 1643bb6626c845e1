"""Conversations with the coach: list, read, rename and delete threads."""

from collections.abc import Sequence
from uuid import UUID

from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.chassis.turns.errors import ThreadNotFound
from coachwork.services.fitness.repository import threads
from coachwork.services.fitness.repository.threads import Thread, Turn
from coachwork.services.fitness.service.pages import cut, position_of


def list_threads(
    database: Database, principal: Principal, limit: int, cursor: str | None
) -> tuple[Sequence[Thread], str | None]:
    """Return a page of the caller's threads, the last used first."""
    with database.session(principal) as session:
        found = threads.page(session, limit + 1, position_of(cursor))
    return cut(found, limit, lambda thread: (thread.updated_at, thread.id))


def read_turns(
    database: Database, principal: Principal, thread_id: UUID, limit: int, cursor: str | None
) -> tuple[Thread, Sequence[Turn], str | None]:
    """Return a thread and a page of its turns, the newest first; raises `ThreadNotFound`."""
    with database.session(principal) as session:
        thread = threads.find(session, thread_id)
        if thread is None:
            raise ThreadNotFound
        found = threads.turns(session, thread_id, limit + 1, position_of(cursor))
    turns, next_cursor = cut(found, limit, lambda turn: (turn.created_at, turn.turn_id))
    return thread, turns, next_cursor


def rename_thread(
    database: Database, principal: Principal, thread_id: UUID, title: str, *, expected: int | None
) -> Thread:
    """Give a thread another title.

    Raises:
        ThreadNotFound: there is no such thread.
        PreconditionFailed: it is no longer the `expected` version; each of its turns makes a new one.
    """
    with database.session(principal) as session:
        _hold(session, thread_id, expected)
        thread = threads.rename(session, thread_id, title)
    if thread is None:
        raise ThreadNotFound
    return thread


def delete_thread(database: Database, principal: Principal, thread_id: UUID, *, expected: int | None) -> None:
    """Remove a thread with all its turns; raises what `rename_thread` does."""
    with database.session(principal) as session:
        _hold(session, thread_id, expected)
        threads.delete(session, thread_id)


def _hold(session: Session, thread_id: UUID, expected: int | None) -> None:
    version = threads.lock(session, thread_id)
    if version is None:
        raise ThreadNotFound
    require_version(expected, version)

"""Conversations with the coach: take a turn; list, read, rename and delete threads."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.observability.metrics import record_tokens
from coachwork.chassis.resources import Resources
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.agent import take_turn
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.domain.safety import screen
from coachwork.services.fitness.errors import ThreadNotFound
from coachwork.services.fitness.prompts import EarlierTurn
from coachwork.services.fitness.repository import threads
from coachwork.services.fitness.repository.threads import Thread, Turn
from coachwork.services.fitness.schemas.chat import SendMessage
from coachwork.services.fitness.service.coach import Coach
from coachwork.services.fitness.service.pages import cut, position_of

_EARLIER_TURNS = 4


def send(resources: Resources, principal: Principal, request: SendMessage, now: datetime) -> Turn:
    """Answer a message and store the turn whole; nothing is stored when any part fails.

    Raises:
        ThreadNotFound: there is no such thread among the caller's.
        DependencyError: database, vector index or model was down.
    """
    database = resources.database()
    thread_id, earlier = _thread(database, principal, request)
    coach = Coach(
        database=database,
        principal=principal,
        chat_model=resources.chat_model(),
        embedder=resources.embedder(),
        index=resources.vector_index(COLLECTION),
        question=request.message,
        thread_id=thread_id,
        now=now,
    )
    turn: Turn = take_turn(coach, request.message, earlier)
    record_tokens(turn.model, turn.input_tokens, turn.output_tokens)
    return turn


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


def _thread(database: Database, principal: Principal, request: SendMessage) -> tuple[UUID | None, list[EarlierTurn]]:
    """Return the thread to go on with and its last turns, or none for a new one.

    Whoever needs help gets an answer in a new thread even where the old one is gone.
    """
    if request.thread_id is None:
        return None, []
    with database.session(principal) as session:
        if threads.find(session, request.thread_id) is None:
            if screen(request.message):
                return None, []
            raise ThreadNotFound
        found = threads.turns(session, request.thread_id, _EARLIER_TURNS, None)
    return request.thread_id, [EarlierTurn(turn.question, turn.answer) for turn in reversed(found)]

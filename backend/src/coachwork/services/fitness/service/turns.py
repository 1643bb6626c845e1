"""Turns of the coach: begun, read, listed, cancelled; `attempts` answers them. See docs/adr/0012."""

from collections.abc import Sequence
from uuid import UUID

from coachwork.chassis.budget.callers import require_tokens
from coachwork.chassis.http.problems import stored_problem
from coachwork.chassis.tasks import principals
from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.errors import (
    ThreadNotFound,
    TooManyTurns,
    TurnAbandoned,
    TurnFinished,
    TurnNotFailed,
    TurnNotFound,
)
from coachwork.chassis.turns.limits import MOST_UNFINISHED, POLL_SECONDS
from coachwork.chassis.turns.state import TurnState, state_of
from coachwork.services.fitness.domain.safety import screen
from coachwork.services.fitness.prompts import coach_request
from coachwork.services.fitness.repository import threads, turns
from coachwork.services.fitness.repository.threads import Turn
from coachwork.services.fitness.repository.turns import OpenTurn
from coachwork.services.fitness.schemas.chat import SendMessage, TurnResponse
from coachwork.services.fitness.schemas.turns import TurnStateResponse
from coachwork.services.fitness.service.pages import cut, position_of


def begin(call: Call, request: SendMessage, *, prefers_async: bool = False, is_heard: bool = False) -> OpenTurn:
    """Store the question; a turn that is not to be waited for is queued, any other is the caller's to answer.

    Where no gateway limits it, whoever hears the answer grow waits for it however long that is (`is_heard`).

    Who needs help never waits, and is answered in a new thread even where the old one is gone.

    Raises:
        ThreadNotFound: there is no such thread among the caller's.
        TooManyTurns: the caller has as many under way as they may.
        TokenBudgetSpent, DailyCeilingReached: there are no tokens left to answer with.
    """
    needs_help = screen(request.message) is not None
    if not needs_help:
        require_tokens(call.resources, call.principal, coach_request(request.message))
    waits = needs_help or (call.may_wait(is_heard=is_heard) and not prefers_async)
    with call.resources.database().session(call.principal) as session:
        thread_id = request.thread_id
        if thread_id is not None and threads.find(session, thread_id) is None:
            if not needs_help:
                raise ThreadNotFound
            thread_id = None
        if not needs_help and turns.count_unfinished(session) >= MOST_UNFINISHED:
            raise TooManyTurns(POLL_SECONDS)
        state, due_seconds = call.planned(waits=waits)
        turn = turns.create(session, request.message, thread_id, state, due_seconds)
        if not waits:
            principals.keep(session, turn.turn_id, call.principal)
    return turn


def begin_again(call: Call, turn_id: UUID, *, prefers_async: bool = False) -> OpenTurn:
    """Take up a turn that failed; what it had gathered is not gathered again.

    Raises:
        TurnNotFound: the caller has no such turn.
        TurnNotFailed: it has not failed.
        TooManyTurns: the caller has as many under way as they may.
        TokenBudgetSpent, DailyCeilingReached: there are no tokens left to answer with.
    """
    failed = read(call, turn_id)
    if failed.state != "failed":
        raise TurnNotFailed
    require_tokens(call.resources, call.principal, coach_request(failed.question))
    waits = call.may_wait() and not prefers_async
    with call.resources.database().session(call.principal) as session:
        if turns.count_unfinished(session) >= MOST_UNFINISHED:
            raise TooManyTurns(POLL_SECONDS)
        state, due_seconds = call.planned(waits=waits)
        turn = turns.begin_again(session, turn_id, state, due_seconds)
        if turn is None:
            raise TurnNotFailed
        if not waits:
            principals.keep(session, turn_id, call.principal)
    return turn


def read(call: Call, turn_id: UUID) -> TurnState[Turn]:
    """Return how far a turn has come; one whose attempt was abandoned has failed. Raises `TurnNotFound`."""
    database = call.resources.database()
    with database.session(call.principal) as session:
        found = turns.find(session, turn_id)
        if found is None:
            done = threads.find_turn(session, turn_id)
            if done is None:
                raise TurnNotFound
            return _done(done)
        if found.is_overdue:
            turns.fail(session, turn_id, found.attempt, stored_problem(turn_id, TurnAbandoned()))
            found = turns.find(session, turn_id)
    return state_of(found) if found else read(call, turn_id)


def list_open(call: Call, limit: int, cursor: str | None) -> tuple[Sequence[TurnState[Turn]], str | None]:
    """Return a page of the caller's turns that have no answer, the newest first."""
    with call.resources.database().session(call.principal) as session:
        found = turns.page(session, limit + 1, position_of(cursor))
    open_turns, next_cursor = cut(found, limit, lambda turn: (turn.created_at, turn.turn_id))
    return [read(call, one.turn_id) if one.is_overdue else state_of(one) for one in open_turns], next_cursor


def cancel(call: Call, turn_id: UUID) -> TurnState[Turn]:
    """Cancel a turn under way: its answer will not be stored, and work on it stops at its next step.

    Raises:
        TurnNotFound: the caller has no such turn.
        TurnFinished: it has an answer, or has failed.
    """
    with call.resources.database().session(call.principal) as session:
        turns.cancel(session, turn_id)
    state = read(call, turn_id)
    if state.state != "cancelled":
        raise TurnFinished
    return state


def shown(found: Turn | OpenTurn) -> TurnResponse | TurnStateResponse:
    """Return a turn with its answer, or how far it has come, as it is shown."""
    if isinstance(found, OpenTurn):
        return TurnStateResponse.model_validate(state_of(found))
    return TurnResponse.model_validate(found)


def _done(turn: Turn) -> TurnState[Turn]:
    return TurnState(
        turn.turn_id,
        turn.thread_id,
        "done",
        turn.question,
        turn.answer,
        turn,
        None,
        turn.created_at,
        turn.created_at,
    )

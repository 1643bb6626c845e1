"""Questions: begun, read, cancelled, taken up again; `attempts` answers them. See docs/adr/0012."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from coachwork.chassis.budget.callers import require_tokens
from coachwork.chassis.http.problems import stored_problem
from coachwork.chassis.ids import uuid7
from coachwork.chassis.resources import Resources
from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.errors import (
    ThreadNotFound,
    TooManyTurns,
    TurnAbandoned,
    TurnFinished,
    TurnNotFailed,
    TurnNotFound,
)
from coachwork.chassis.turns.limits import MOST_UNFINISHED, POLL_SECONDS, UNDER_WAY
from coachwork.chassis.turns.state import TurnState, state_of
from coachwork.services.knowledge.domain.turns import OpenTurn, Scope, Turn
from coachwork.services.knowledge.errors import CollectionNotFound
from coachwork.services.knowledge.prompts import knowledge_request
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents
from coachwork.services.knowledge.repository.tally import read_tally
from coachwork.services.knowledge.repository.threads import Threads
from coachwork.services.knowledge.repository.turns import Turns
from coachwork.services.knowledge.schemas.chat import AskDocuments, KnowledgeTurnResponse, KnowledgeTurnStateResponse
from coachwork.services.knowledge.service.owner import keeper
from coachwork.services.knowledge.service.pages import cursor_of, position_of


def turns_in(resources: Resources) -> Turns:
    """Return where turns are kept."""
    return Turns(resources.tables("chat-history"))


def begin(call: Call, request: AskDocuments, *, prefers_async: bool = False, is_heard: bool = False) -> OpenTurn:
    """Store the question; a turn that is not to be waited for is queued, any other is the caller's to answer.

    Where no gateway limits it, whoever hears the answer grow waits for it however long that is (`is_heard`).

    Raises:
        ThreadNotFound, CollectionNotFound: there is no such thread or collection among the caller's.
        TooManyTurns: the caller has as many under way as they may.
        TokenBudgetSpent, DailyCeilingReached: there are no tokens left to answer with.
        AccountGone: the caller's account was deleted, so that nobody would remove what is stored now.
    """
    require_tokens(call.resources, call.principal, knowledge_request(request.message))
    owner_id, now = call.principal.user_id, datetime.now(UTC)
    _require(call.resources, owner_id, request, now)
    state, due_seconds = call.planned(waits=call.may_wait(is_heard=is_heard) and not prefers_async)
    turns = turns_in(call.resources)
    if turns.under_way(owner_id, MOST_UNFINISHED, now) >= MOST_UNFINISHED:
        raise TooManyTurns(POLL_SECONDS)
    turn = OpenTurn(
        turn_id=uuid7(),
        thread_id=request.thread_id,
        question=request.message,
        scope=Scope(collection_id=request.collection_id, document_ids=request.document_ids, tags=request.tags),
        state=state,
        attempt=1,
        due_at=now + timedelta(seconds=due_seconds),
        partial_text="",
        problem=None,
        created_at=now,
        updated_at=now,
    )
    with keeper(call.resources).making(owner_id):
        turns.begin(owner_id, turn)
    return turn


def _require(resources: Resources, owner_id: UUID, request: AskDocuments, now: datetime) -> None:
    """Return when the caller still has an account, and what the question names."""
    documents = resources.tables("documents")
    read_tally(documents, owner_id)  # of a deleted account there is none
    if request.thread_id is not None:
        threads = Threads(resources.tables("chat-history"))
        if threads.find(owner_id, request.thread_id, now) is None:
            raise ThreadNotFound
    if request.collection_id is not None and Collections(documents).get(owner_id, request.collection_id) is None:
        raise CollectionNotFound


def begin_again(call: Call, turn_id: UUID, *, prefers_async: bool = False) -> OpenTurn:
    """Take up a turn that failed.

    Raises:
        TurnNotFound: the caller has no such turn.
        TurnNotFailed: it has not failed.
        TooManyTurns: the caller has as many under way as they may.
        TokenBudgetSpent, DailyCeilingReached: there are no tokens left to answer with.
    """
    failed = _told(call, turn_id)
    if failed.state != "failed":
        raise TurnNotFailed
    require_tokens(call.resources, call.principal, knowledge_request(failed.question))
    owner_id, now, turns = call.principal.user_id, datetime.now(UTC), turns_in(call.resources)
    if turns.under_way(owner_id, MOST_UNFINISHED, now) >= MOST_UNFINISHED:
        raise TooManyTurns(POLL_SECONDS)
    state, due_seconds = call.planned(waits=call.may_wait() and not prefers_async)
    begun = turns.change(
        owner_id,
        failed,
        state=state,
        attempt=failed.attempt + 1,
        due_at=now + timedelta(seconds=due_seconds),
        partial_text="",
        problem=None,
        updated_at=now,
    )
    if begun is None:
        raise TurnNotFailed
    return begun


def read(call: Call, turn_id: UUID) -> TurnState[Turn]:
    """Return how far a turn has come; one whose attempt was abandoned has failed. Raises `TurnNotFound`."""
    return _standing(call, _told(call, turn_id))


def list_unanswered(call: Call, limit: int, cursor: str | None) -> tuple[Sequence[TurnState[Turn]], str | None]:
    """Return a page of the caller's turns of the last day that have no answer, the newest first."""
    now, owner_id = datetime.now(UTC), call.principal.user_id
    found, after = turns_in(call.resources).unanswered(owner_id, limit, position_of(cursor), now)
    return [read(call, one.turn_id) if one.is_overdue(now) else _standing(call, one) for one in found], cursor_of(after)


def cancel(call: Call, turn_id: UUID) -> TurnState[Turn]:
    """Cancel a turn under way: its answer will not be stored, and work on it stops at its next step.

    Raises:
        TurnNotFound: the caller has no such turn.
        TurnFinished: it has an answer, or has failed.
    """
    turn = _told(call, turn_id)
    while turn.state in UNDER_WAY:  # whoever works on it may write in between; it ends with the turn
        now = datetime.now(UTC)
        cancelled = turns_in(call.resources).change(call.principal.user_id, turn, state="cancelled", updated_at=now)
        turn = cancelled or _told(call, turn_id)
    if turn.state != "cancelled":
        raise TurnFinished
    return _standing(call, turn)


def shown(call: Call, found: Turn | OpenTurn) -> KnowledgeTurnResponse | KnowledgeTurnStateResponse:
    """Return a turn with its answer, or how far it has come, as it is shown."""
    if isinstance(found, OpenTurn):
        return KnowledgeTurnStateResponse.model_validate(_standing(call, found))
    return KnowledgeTurnResponse.model_validate(found)


def _standing(call: Call, turn: OpenTurn) -> TurnState[Turn]:
    result = None
    if turn.state == "done" and turn.thread_id:
        found = turns_in(call.resources).read(call.principal.user_id, turn.thread_id, turn.turn_id)
        if found is None:
            raise TurnNotFound  # its thread was deleted
        result = current(call.resources, call.principal.user_id, [found])[0]
    return state_of(turn, result, result.answer if result else None)


def current(resources: Resources, owner_id: UUID, turns: Sequence[Turn]) -> list[Turn]:
    """Return the turns as they may be shown now: of documents that were deleted since, the citations are empty."""
    cited = list({citation.document_id for turn in turns for citation in turn.citations})
    there = {document.id for document in Documents(resources.tables("documents")).get_many(owner_id, cited)}
    return [
        replace(
            turn,
            citations=[
                citation if citation.document_id in there else replace(citation, excerpt=None, is_deleted=True)
                for citation in turn.citations
            ],
        )
        for turn in turns
    ]


def _told(call: Call, turn_id: UUID) -> OpenTurn:
    turns, owner_id = turns_in(call.resources), call.principal.user_id
    while True:
        now = datetime.now(UTC)
        turn = turns.find(owner_id, turn_id, now)
        if turn is None:
            raise TurnNotFound
        if not turn.is_overdue(now):
            return turn
        failure = stored_problem(turn_id, TurnAbandoned())
        failed = turns.change(owner_id, turn, state="failed", problem=failure, updated_at=now)
        if failed is not None:
            return failed

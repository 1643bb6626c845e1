"""Attempts to answer a question: within the request while there is time, then handed over; never answered twice.

An attempt has its turn by a number that whoever takes the turn up raises; what an older attempt would store is
refused. See docs/adr/0012.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from coachwork.chassis.documents import NotAsExpected
from coachwork.chassis.errors import CoachworkError, DependencyError, TasksUnavailable
from coachwork.chassis.http.problems import stored_problem
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.ids import uuid7
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks import Invocation, Task
from coachwork.chassis.turns.attempts import (
    Lease,
    Signs,
    answer_or_fail,
    answer_or_hand_over,
    lease_beyond,
    lease_within,
)
from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.errors import ThreadNotFound, TurnStopped
from coachwork.chassis.turns.telling import Listener
from coachwork.services.knowledge.domain.turns import OpenTurn, Turn
from coachwork.services.knowledge.prompts import EarlierTurn
from coachwork.services.knowledge.service.answering import answer_from_documents
from coachwork.services.knowledge.service.turns import turns_in

TASK = "knowledge.chat_turn"
_EARLIER_TURNS = 4


def answer(call: Call, turn: OpenTurn, listener: Listener | None = None) -> Turn | OpenTurn:
    """Answer a turn that was begun, as far as there is time for it; else hand it over, and return it unanswered.

    Raises:
        ThreadNotFound: its thread was deleted meanwhile.
        TurnStopped: it was cancelled meanwhile.
        DependencyError: a part was down; the turn has failed, and says why.
    """
    if turn.state == "queued":
        return _handed_over(call, turn)
    return answer_or_hand_over(_Attempt(call, turn, lease_within(call, is_heard=listener is not None), listener))


def run(resources: Resources, task: Task, invocation: Invocation) -> None:
    """Answer a turn that was handed over; do nothing when it is answered, cancelled or another's meanwhile.

    Raises:
        DocumentStoreUnavailable: nothing was begun.
    """
    if task.owner_id is None:
        return
    call, now = Call(resources, Principal(task.owner_id), invocation), datetime.now(UTC)
    turns = turns_in(resources)
    queued = turns.find(task.owner_id, task.subject_id, now)
    if queued is None or not (queued.state == "queued" or queued.is_overdue(now)):
        return
    due_at = now + timedelta(seconds=call.lease_seconds())
    turn = turns.change(
        task.owner_id, queued, state="running", attempt=queued.attempt + 1, due_at=due_at, updated_at=now
    )
    if turn is None:
        return
    answer_or_fail(_Attempt(call, turn, lease_beyond(call)), turn.turn_id)


class _Attempt:
    """One go at a turn; `listener` hears it, None is nobody."""

    def __init__(self, call: Call, turn: OpenTurn, lease: Lease, listener: Listener | None = None) -> None:
        self._call = call
        self._turn = turn
        self._turns = turns_in(call.resources)
        self._lease = lease
        self._listener = listener or Listener()
        self._signs = Signs(lease)

    def answer(self) -> Turn:
        """Answer the turn and store the answer."""
        call, turn = self._call, self._turn
        found = answer_from_documents(
            call.resources,
            call.principal,
            turn.question,
            turn.scope,
            self._earlier(),
            begins=self._begins,
            deadline=self._lease.deadline,
            heard=self._heard,
        )
        done = Turn(
            turn_id=turn.turn_id,
            thread_id=turn.thread_id or uuid7(),
            question=turn.question,
            answer=found.text,
            model=found.model,
            citations=found.citations,
            degraded=found.degraded,
            input_tokens=found.input_tokens,
            output_tokens=found.output_tokens,
            created_at=datetime.now(UTC),
        )
        kept_until = done.created_at + timedelta(days=call.resources.settings.chat_history_days)
        try:
            is_stored = self._turns.finish(call.principal.user_id, turn, done, kept_until)
        except NotAsExpected as error:
            raise ThreadNotFound from error
        if not is_stored:
            raise TurnStopped
        return done

    def fail(self, error: CoachworkError) -> None:
        """Say why there is no answer; where that cannot be said either, the lease will."""
        try:
            self._change(state="failed", problem=stored_problem(self._turn.turn_id, error))
        except DependencyError:
            logger.warning("failure not stored", turn_id=str(self._turn.turn_id), problem=error.slug)

    def hand_over(self) -> OpenTurn:
        """Let somebody else go on with the turn; return it as it is now."""
        state, due_seconds = self._call.planned(waits=False)
        due_at = datetime.now(UTC) + timedelta(seconds=due_seconds)
        released = self._change(state=state, due_at=due_at, attempt=self._turn.attempt + 1)
        if released is None:
            raise TurnStopped
        return _handed_over(self._call, released)

    def _earlier(self) -> list[EarlierTurn]:
        call, thread_id = self._call, self._turn.thread_id
        if thread_id is None:
            return []
        found, _ = self._turns.page(call.principal.user_id, thread_id, _EARLIER_TURNS, None, datetime.now(UTC))
        return [EarlierTurn(one.question, one.answer) for one in reversed(found)]

    def _begins(self) -> None:
        self._listener.goes_on()
        self._give_sign("", at_once=True)

    def _heard(self, text: str) -> None:
        self._listener.text(text)
        self._give_sign(text, at_once=False)

    def _give_sign(self, text: str, *, at_once: bool) -> None:
        if not self._signs.are_due(at_once=at_once):
            return
        due_at = datetime.now(UTC) + timedelta(seconds=self._lease.seconds)
        if self._change(due_at=due_at, partial_text=text) is None:
            raise TurnStopped

    def _change(self, **changes: object) -> OpenTurn | None:
        """Change the turn while it is this attempt's; return it, or None when it is not."""
        changed = self._turns.change(self._call.principal.user_id, self._turn, updated_at=datetime.now(UTC), **changes)
        self._turn = changed or self._turn
        return changed


def _handed_over(call: Call, turn: OpenTurn) -> OpenTurn:
    """Have a queued turn answered elsewhere and return it; where nobody takes it, it has failed."""
    task = Task(TASK, turn.turn_id, call.principal.user_id)
    here: Callable[[Invocation], None] = partial(run, call.resources, task)
    try:
        call.resources.tasks().start(task, call.invocation, here)
    except TasksUnavailable as error:
        failure = stored_problem(turn.turn_id, error)
        turns_in(call.resources).change(call.principal.user_id, turn, state="failed", problem=failure)
        raise
    return turn

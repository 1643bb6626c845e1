"""Attempts to answer a turn: within the request while there is time, then handed over; never answered twice.

An attempt has its turn by a number that whoever takes the turn up raises; what an older attempt would store is
refused. See docs/adr/0012.
"""

from datetime import UTC, datetime
from functools import partial

from coachwork.chassis.budget.callers import chat_model_for, embedder_for
from coachwork.chassis.errors import CoachworkError, DatabaseUnavailable, TasksUnavailable
from coachwork.chassis.http.problems import stored_problem
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.resources import Resources
from coachwork.chassis.sql.session import Session
from coachwork.chassis.tasks import Invocation, Task, principals
from coachwork.chassis.turns.attempts import Lease, answer_or_fail, answer_or_hand_over, lease_beyond, lease_within
from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.errors import TurnStopped
from coachwork.services.fitness.agent import take_turn
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.domain.summaries import KEPT_TURNS, MOST_VERBATIM
from coachwork.services.fitness.prompts import EarlierTurn
from coachwork.services.fitness.repository import summaries, turns
from coachwork.services.fitness.repository.summaries import Recalled
from coachwork.services.fitness.repository.threads import Turn
from coachwork.services.fitness.repository.turns import OpenTurn
from coachwork.services.fitness.service.coach import Coach
from coachwork.services.fitness.service.gathered import resumed, stored
from coachwork.services.fitness.service.summaries import start_when_due
from coachwork.services.fitness.service.watch import ToolListener, TurnWatch

TASK = "fitness.chat_turn"


def answer(call: Call, turn: OpenTurn, listener: ToolListener | None = None) -> Turn | OpenTurn:
    """Answer a turn that was begun, as far as there is time for it; else hand it over, and return it unanswered.

    Raises:
        ThreadNotFound: its thread was deleted meanwhile.
        TurnStopped: it was cancelled meanwhile.
        DependencyError: a part was down; the turn has failed, and says why.
    """
    if turn.state == "queued":
        _start(call, turn)
        return turn
    return answer_or_hand_over(_Attempt(call, turn, lease_within(call, is_heard=listener is not None), listener))


def run(resources: Resources, task: Task, invocation: Invocation) -> None:
    """Answer a turn that was handed over; do nothing when it is answered, cancelled or another's meanwhile.

    Raises:
        DatabaseUnavailable: nothing was begun.
    """
    turn_id = task.subject_id
    principal = principals.find(resources.database(), turn_id)
    if principal is None:
        return
    call = Call(resources, principal, invocation)
    with resources.database().session(principal) as session:
        turn = turns.take(session, turn_id, call.lease_seconds())
    if turn is None:
        return
    answer_or_fail(_Attempt(call, turn, lease_beyond(call)), turn_id)
    with resources.database().session(principal) as session:
        principals.forget(session, turn_id)


class _Attempt:
    """One go at a turn; `listener` hears it, None is nobody."""

    def __init__(self, call: Call, turn: OpenTurn, lease: Lease, listener: ToolListener | None = None) -> None:
        self._call = call
        self._turn = turn
        self._database = call.resources.database()
        self._watch = TurnWatch(self._database, call.principal, turn, lease=lease, listener=listener)

    def answer(self) -> Turn:
        """Answer the turn and store the answer."""
        call, turn, resources = self._call, self._turn, self._call.resources
        coach = Coach(
            database=self._database,
            principal=call.principal,
            chat_model=chat_model_for(resources, call.principal, "fitness"),
            embedder=embedder_for(resources, call.principal, "fitness"),
            index=resources.vector_index(COLLECTION),
            turn=turn,
            now=datetime.now(UTC),
        )
        self._watch.keep = lambda evidence: stored(evidence, coach.hits)
        evidence = resumed(turn.evidence, coach)
        before = self._recalled()
        earlier = [EarlierTurn(one["question"], one["answer"]) for one in before.verbatim]
        done: Turn = take_turn(
            coach, turn.question, earlier, summary=before.summary, evidence=evidence, watch=self._watch
        )
        start_when_due(call, done.thread_id, before)
        return done

    def fail(self, error: CoachworkError) -> None:
        """Say why there is no answer; where that cannot be said either, the lease will."""
        turn = self._turn
        try:
            with self._database.session(self._call.principal) as session:
                self._keep_evidence(session)
                turns.fail(session, turn.turn_id, turn.attempt, stored_problem(turn.turn_id, error))
        except DatabaseUnavailable:
            logger.warning("failure not stored", turn_id=str(turn.turn_id), problem=error.slug)

    def hand_over(self) -> OpenTurn:
        """Let somebody else go on with the turn, from what is gathered; return it as it is now."""
        call, turn = self._call, self._turn
        due_seconds = call.planned(waits=False)[1]
        with self._database.session(call.principal) as session:
            self._keep_evidence(session)
            released = turns.release(session, turn.turn_id, turn.attempt, due_seconds)
            if released is None:
                raise TurnStopped
            principals.keep(session, turn.turn_id, call.principal)
        _start(call, released)
        return released

    def _recalled(self) -> Recalled:
        nothing = Recalled("", 0, 0, [])
        if self._turn.thread_id is None:
            return nothing
        with self._database.session(self._call.principal) as session:
            return summaries.recall(session, self._turn.thread_id, KEPT_TURNS, MOST_VERBATIM) or nothing

    def _keep_evidence(self, session: Session) -> None:
        if self._watch.evidence:
            turns.keep_evidence(session, self._turn.turn_id, self._turn.attempt, self._watch.evidence)


def _start(call: Call, turn: OpenTurn) -> None:
    """Have a queued turn answered elsewhere; where nobody takes it, it has failed."""
    task = Task(TASK, turn.turn_id)
    try:
        call.resources.tasks().start(task, call.invocation, partial(run, call.resources, task))
    except TasksUnavailable as error:
        with call.resources.database().session(call.principal) as session:
            turns.fail(session, turn.turn_id, turn.attempt, stored_problem(turn.turn_id, error))
            principals.forget(session, turn.turn_id)
        raise

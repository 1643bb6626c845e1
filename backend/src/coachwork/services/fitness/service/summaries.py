"""Summaries of conversations: made after an answer, in a task of their own, so that no answer waits for one.

Whatever goes wrong, the conversation goes on with the turns it has, and the next answer tries again.
"""

from functools import partial
from uuid import UUID

from coachwork.chassis.budget.callers import chat_model_for
from coachwork.chassis.budget.metered import is_free
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import CoachworkError
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks import Invocation, Task, principals
from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.limits import MARGIN_SECONDS
from coachwork.services.fitness.domain.summaries import (
    KEPT_TURNS,
    MOST_VERBATIM,
    extract,
    fitting,
    foldable,
    is_due,
)
from coachwork.services.fitness.prompts import EarlierTurn, summary_request
from coachwork.services.fitness.repository import summaries
from coachwork.services.fitness.repository.summaries import Recalled

TASK = "fitness.thread_summary"


def start_when_due(call: Call, thread_id: UUID, before: Recalled) -> None:
    """Have a conversation summarised elsewhere, one turn after `before`, when there is enough to summarise."""
    if not is_due(before.turns + 1, before.summarised_turns):
        return
    task = Task(TASK, thread_id)
    try:
        with call.resources.database().session(call.principal) as session:
            principals.keep(session, thread_id, call.principal)
        call.resources.tasks().start(task, call.invocation, partial(run, call.resources, task))
    except CoachworkError as error:  # the answer is there: nobody should miss it for want of a summary
        logger.warning("summary not begun", thread_id=str(thread_id), problem=error.slug)


def run(resources: Resources, task: Task, invocation: Invocation) -> None:
    """Summarise a conversation further; do nothing when it is gone, or another has done so.

    Raises:
        DatabaseUnavailable: nothing was done.
    """
    principal = principals.find(resources.database(), task.subject_id)
    if principal is None:
        return
    host = invocation.deadline
    deadline = Deadline(max(0.0, host.left_seconds - MARGIN_SECONDS)) if host else None
    try:
        _fold(resources, principal, task.subject_id, deadline)
    except CoachworkError as error:
        logger.info("thread not summarised", thread_id=str(task.subject_id), problem=error.slug)
    with resources.database().session(principal) as session:
        principals.forget(session, task.subject_id)


def _fold(resources: Resources, principal: Principal, thread_id: UUID, deadline: Deadline | None) -> None:
    """Fold the oldest turns into the summary; those the safety screen answered are in no summary."""
    with resources.database().session(principal) as session:
        before = summaries.recall(session, thread_id, KEPT_TURNS, MOST_VERBATIM)
        count = foldable(before.turns, before.summarised_turns) if before else 0
        past = summaries.past_turns(session, thread_id, before.summarised_turns, count) if before else []
    if before is None or not past:
        return
    told = [EarlierTurn(one.question, one.answer) for one in past if not one.is_safe_answer]
    summary = _summary(resources, principal, before.summary, told, deadline) if told else before.summary
    with resources.database().session(principal) as session:
        summaries.store(session, thread_id, before, summary, [one.id for one in past])


def _summary(
    resources: Resources, principal: Principal, before: str, turns: list[EarlierTurn], deadline: Deadline | None
) -> str:
    model = chat_model_for(resources, principal, "fitness")
    if is_free(model):
        return extract(before, [(turn.question, turn.answer) for turn in turns])
    written = model.answer(summary_request(before, turns), deadline=deadline)
    return fitting(written.text)

"""Runs the tasks that arrive as events."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import TYPE_CHECKING, Any

from coachwork.chassis.errors import CoachworkError, MalformedRequest
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.tasks.events import task_of
from coachwork.chassis.tasks.port import Invocation, Task

if TYPE_CHECKING:
    from coachwork.chassis.http.services import Service
    from coachwork.chassis.resources import Resources


def run_event(
    event: Mapping[str, Any], invocation: Invocation, resources: "Resources", services: "Sequence[Service]"
) -> dict[str, str]:
    """Do what an event asks for; return what came of it.

    An event that never can be done is logged and dropped: Lambda would only try it again.

    Raises:
        CoachworkError: a part was down; Lambda tries the event again.
    """
    started, outcome, name = perf_counter(), "done", "unknown"
    try:
        task = task_of(event)
        name = task.name
        _handler(task, services)(resources, task, invocation)
    except MalformedRequest as refusal:
        outcome = "refused"
        logger.error("event refused", task=name, reason=refusal.detail)
    except CoachworkError as failure:
        outcome = "failed"
        logger.warning("task failed", task=name, problem=failure.slug)
        raise
    finally:
        logger.info("task", task=name, outcome=outcome, duration_ms=round((perf_counter() - started) * 1000, 2))
    return {"task": name, "outcome": outcome}


def _handler(task: Task, services: "Sequence[Service]") -> Any:
    for service in services:
        if load := service.tasks.get(task.name):
            return load()
    raise MalformedRequest("The event names no task that there is")

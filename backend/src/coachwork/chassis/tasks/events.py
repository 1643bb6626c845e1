"""Tasks as Lambda's events: `{"coachwork": {"task": "fitness.chat_turn", "subject_id": "..."}}`, with or without an
`owner_id`.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from coachwork.chassis.errors import MalformedRequest
from coachwork.chassis.tasks.port import Task

_KEY = "coachwork"


def is_task_event(event: Any) -> bool:
    """Whether an event means a task rather than a request; cheap, for every request is asked."""
    return isinstance(event, Mapping) and _KEY in event


def event_of(task: Task) -> bytes:
    """Return the event that means `task`."""
    owner = {} if task.owner_id is None else {"owner_id": str(task.owner_id)}
    return json.dumps({_KEY: {"task": task.name, "subject_id": str(task.subject_id), **owner}}).encode()


def task_of(event: Mapping[str, Any]) -> Task:
    """Return the task an event means; raises `MalformedRequest` when it is none of ours."""
    match event[_KEY]:
        case {"task": str(name), "subject_id": str(subject_id), **more}:
            owner_id = more.get("owner_id")
            try:
                return Task(name, UUID(subject_id), None if owner_id is None else UUID(str(owner_id)))
            except ValueError:
                pass
    raise MalformedRequest("The event names no task that there is")

"""The port: what a service asks of whoever does its work later."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from coachwork.chassis.deadline import Deadline

if TYPE_CHECKING:
    from coachwork.chassis.resources import Resources


@dataclass(frozen=True)
class Task:
    """What is to be done, by the name its service registers it under, to what and, where that helps, whose it is.

    Events are logged, retried and kept by others: they carry ids, no text, no token and no claim.
    """

    name: str
    subject_id: UUID
    owner_id: UUID | None = None


@dataclass(frozen=True)
class Invocation:
    """The call that is running: the function's ARN under Lambda, and when Lambda ends it; elsewhere neither."""

    function_arn: str | None = None
    deadline: Deadline | None = None

    @classmethod
    def of(cls, context: Any) -> "Invocation":
        """Return what Lambda's context object says; None is an ordinary process."""
        if context is None:
            return cls()
        return cls(context.invoked_function_arn, Deadline(context.get_remaining_time_in_millis() / 1000))


TaskHandler = Callable[["Resources", Task, Invocation], None]
"""Does a task. It may be called again for a task that is done, or while another call does it: then it does nothing."""

ArrivalHandler = Callable[["Resources", str, Invocation], None]
"""Does what the arrival of an object with this key calls for; it may be called again, or too late, as for a task."""


class Tasks(Protocol):
    """Has tasks done."""

    @property
    def longest_wait_seconds(self) -> float:
        """After how long a task that has not begun never will."""

    def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
        """Have `task` done, and return when that is arranged.

        It is done at least once, perhaps more often, or after `longest_wait_seconds` not at all. `run` does it where
        tasks are done in this very process; elsewhere the handler registered under its name does.

        Raises:
            TasksUnavailable: it will not be done.
        """

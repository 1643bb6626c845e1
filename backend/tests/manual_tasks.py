"""Tasks that wait to be told."""

from collections.abc import Callable
from dataclasses import dataclass, field

from coachwork.chassis.tasks import Invocation, Task


@dataclass
class ManualTasks:
    """Does nothing until it is told to, and then each task as often as it is told."""

    held: list[tuple[Task, Callable[[Invocation], None]]] = field(default_factory=list)
    longest_wait_seconds = 300.0

    def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
        """Hold the task."""
        self.held.append((task, run))

    def run(self) -> None:
        """Do the last one, once more."""
        self.held[-1][1](Invocation())

"""Tasks in threads of this process: under uvicorn, where a process outlives its requests."""

from collections.abc import Callable
from threading import BoundedSemaphore, Lock, Thread

from coachwork.chassis.observability.logs import logger
from coachwork.chassis.tasks.port import Invocation, Task


class ThreadTasks:
    """Does at most so many tasks at once; others wait. What runs when the process ends is not done.

    Args:
        most_at_once: how many threads work.
    """

    longest_wait_seconds = 300.0

    def __init__(self, most_at_once: int = 8) -> None:
        self._room = BoundedSemaphore(most_at_once)
        self._lock = Lock()
        self._threads: set[Thread] = set()

    def start(
        self,
        task: Task,
        invocation: Invocation,  # noqa: ARG002  there is but this process
        run: Callable[[Invocation], None],
    ) -> None:
        """Have `run` called by a thread of its own."""
        thread = Thread(target=self._run, args=(task, run), name=f"{task.name} {task.subject_id}", daemon=True)
        with self._lock:
            self._threads = {other for other in self._threads if other.is_alive()} | {thread}
            thread.start()

    def settle(self) -> None:
        """Return when all tasks so far have ended."""
        with self._lock:
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _run(self, task: Task, run: Callable[[Invocation], None]) -> None:
        with self._room:
            try:
                run(Invocation())
            except Exception:  # noqa: BLE001  the outermost boundary of a thread nobody waits for
                logger.exception("task failed", task=task.name, subject_id=str(task.subject_id))

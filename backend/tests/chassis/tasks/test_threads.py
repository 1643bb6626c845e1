"""Tasks in threads of this process."""

from threading import Event, Lock, get_ident
from uuid import uuid4

from coachwork.chassis.tasks import Invocation, Task
from coachwork.chassis.tasks.threads import ThreadTasks


def task() -> Task:
    """Return a task to what nobody knows."""
    return Task("tests.task", uuid4())


class TestStart:
    """Starting a task."""

    def test_another_thread_does_it(self) -> None:
        """The caller goes on; the task knows of no Lambda."""
        tasks, seen = ThreadTasks(), list[object]()
        tasks.start(task(), Invocation("an ARN"), lambda invocation: seen.extend([invocation, get_ident()]))
        tasks.settle()

        assert (Invocation(), True) == (seen[0], seen[1] != get_ident())

    def test_what_fails_hurts_nobody(self) -> None:
        """The next task is done as ever."""
        tasks, done = ThreadTasks(most_at_once=1), Event()
        tasks.start(task(), Invocation(), lambda _: 1 // 0)
        tasks.start(task(), Invocation(), lambda _: done.set())
        tasks.settle()

        assert done.is_set()

    def test_so_many_at_once_and_no_more(self) -> None:
        """Further tasks wait until there is room, and are done then."""
        tasks, lock, running, most = ThreadTasks(most_at_once=2), Lock(), list[int](), list[int]()

        def work(_: Invocation) -> None:
            with lock:
                running.append(1)
                most.append(len(running))
            with lock:
                running.pop()

        for _ in range(20):
            tasks.start(task(), Invocation(), work)
        tasks.settle()

        assert (20, True) == (len(most), max(most) <= 2)

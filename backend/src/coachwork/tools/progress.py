"""Progress of a long job: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec

from coachwork.tools.command import say


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function to be told how many of how many are done."""
    if not (sys.stdout.isatty() and find_spec("rich")):  # the image has no rich
        yield _in_lines(title)
        return
    from rich.progress import Progress

    with Progress(transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _in_lines(title: str) -> Callable[[int, int], None]:
    def advance(done: int, total: int) -> None:
        if total:
            say(f"{title}: {done} of {total}")

    return advance

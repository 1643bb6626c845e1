"""Ends the processes it was told of when the process that started it is gone, however that happened.

It reads lines from standard input: `SIGNAL PID` for a process group to end with that signal, `0 PID` for one that
is over. At the end of the input it ends what is left. A pipe closes even after `kill -9`, on every Unix.

A program by itself (the standard library alone, started in isolated mode), so it is up in milliseconds.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic, sleep


def groups_left(lines: Iterable[bytes]) -> dict[int, int]:
    """Return the process groups that are not over at the end of `lines`, each with the signal that ends it."""
    left: dict[int, int] = {}
    for line in lines:
        number, _, pid = line.partition(b" ")
        if int(number):
            left[int(pid)] = int(number)
        else:
            left.pop(int(pid), None)
    return left


def end(groups: dict[int, int], patience_seconds: float) -> None:
    """Ask every group to end, newest first, and kill what is left after `patience_seconds`."""
    for pid, number in reversed(groups.items()):
        _signal(pid, number)
    _wait(lambda: all(is_over(pid) for pid in groups), patience_seconds)
    for pid in groups:
        _signal(pid, signal.SIGKILL)


def is_over(pid: int) -> bool:
    """Whether no process of the group led by `pid` runs; one that is dead and only not yet buried is over."""
    try:
        os.killpg(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:  # no /proc here: then every unburied process counts as running
        return False


def _signal(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except OSError:  # over already
        return


def _wait(condition: Callable[[], bool], seconds: float) -> None:
    deadline = monotonic() + seconds
    while not condition() and monotonic() < deadline:
        sleep(0.02)


if __name__ == "__main__":
    end(groups_left(sys.stdin.buffer), float(sys.argv[1]))

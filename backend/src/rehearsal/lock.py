"""Locks on files: they end with the last process that holds them, so nothing stale is ever left."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO


class LockTaken(Exception):
    """Somebody else holds the lock."""


class Lock:
    """An exclusive lock on `path`, which is made if missing and stays."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(
        self, patience_seconds: float, is_in_use: Callable[[], bool], already: IO[str] | None = None
    ) -> Iterator[IO[str]]:
        """Yield the locked file; processes that inherit it keep the lock after this ends.

        Waits `patience_seconds` for a holder that is on its way out, but not while `is_in_use`. A file that is
        `already` locked is yielded as it is.

        Raises:
            LockTaken: it stayed taken.
        """
        with self._path.open("a+") as file:
            if already and os.path.sameopenfile(file.fileno(), already.fileno()):
                yield already
                return
            deadline = monotonic() + patience_seconds
            while not _take(file):
                if is_in_use() or monotonic() > deadline:
                    raise LockTaken
                sleep(0.05)
            yield file


def _take(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

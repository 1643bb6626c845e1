"""Locks of files, which hold between threads as well as between processes.

Source: flock(2): a lock belongs to the open file, so that two threads which each opened it exclude each other.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def shared(path: Path) -> Iterator[None]:
    """Hold the lock together with whoever else shares it; waits for one who has it alone."""
    with _held(path, fcntl.LOCK_SH):
        yield


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold the lock with nobody else; waits until all others let go."""
    with _held(path, fcntl.LOCK_EX):
        yield


@contextmanager
def alone_if_free(path: Path) -> Iterator[bool]:
    """Hold the lock with nobody else, or say False when somebody has it now."""
    with _opened(path) as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _held(path: Path, how: int) -> Iterator[None]:
    with _opened(path) as handle:
        fcntl.flock(handle, how)
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield handle
    finally:
        os.close(handle)  # which lets go of the lock

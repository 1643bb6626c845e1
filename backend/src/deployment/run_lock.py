"""One command that changes an environment at a time, of this checkout: two would write each other's plan.

Between machines the state's lock, which Terraform takes, does the same.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deployment.errors import AlreadyRunning


@contextmanager
def run_lock(folder: Path, words: str) -> Iterator[None]:
    """Hold the lock on `folder`; it ends with this process, however that ends.

    Args:
        folder: what the environment's commands keep on this disk.
        words: the command, for whoever comes second.

    Raises:
        AlreadyRunning: another command holds it.
    """
    with (folder / "lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise AlreadyRunning(f"{file.read().strip()} is running here: wait for its end, or stop it") from None
        file.truncate(0)
        file.write(f"{words} (process {os.getpid()})\n")
        file.flush()
        yield

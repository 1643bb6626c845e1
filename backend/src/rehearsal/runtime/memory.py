"""How much memory a process holds, as Linux tells it, and the end of one that held too much.

On Lambda the kernel kills without a word to the process; it counts all that runs in the execution environment.
Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
"""

import subprocess
from contextlib import suppress
from pathlib import Path
from threading import Event

_LOOK_SECONDS = 0.02


class MemoryLimit:
    """How much a process may have resident in MB; without /proc it is let be. What it starts is not counted."""

    def __init__(self, process: subprocess.Popen[bytes], limit_mb: int) -> None:
        self._process = process
        self._limit_mb = limit_mb
        self._peak_mb = 0.0
        self.is_exceeded = False

    @property
    def peak_mb(self) -> float:
        """The most it held so far, and no more than it may."""
        self._look()
        return min(self._peak_mb, self._limit_mb)

    def enforce(self, ended: Event) -> None:
        """Look until it ended, and kill it once it held too much, which it may have done for a moment only."""
        while not ended.wait(_LOOK_SECONDS):
            self._look()
            if self._peak_mb > self._limit_mb:
                self.is_exceeded = True
                self._process.kill()
                return

    def _look(self) -> None:
        with suppress(OSError):  # ended meanwhile
            for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    self._peak_mb = max(self._peak_mb, int(line.split()[1]) / 1024)

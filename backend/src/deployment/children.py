"""Child processes that never outlive their parent, whatever ends it."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# The child tells the watchdog of itself before it becomes the program, so there is no moment at which nobody knows it.
_REGISTERED = 'printf "%s %s\\n" "$1" "$$" >&0 && shift && exec "$@" </dev/null'
_WATCHDOG = Path(__file__).with_name("watchdog.py")


@dataclass(frozen=True)
class Child:
    """A started program: its name for people, its process, its log, and the signal that ends it in good order."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: int

    @property
    def pid(self) -> int:
        """The process id, also the id of its process group."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.poll() is None

    def last_lines(self, count: int = 12) -> str:
        """Return the end of its log."""
        with contextlib.suppress(OSError):
            return "\n".join(self.log.read_text(errors="replace").strip().splitlines()[-count:])
        return ""


class Children:
    """Starts programs in sessions of their own and ends them all when left, or when this process dies.

    Args:
        keep_open: file descriptors (locks) to be held until the last child is gone.
        patience_seconds: how long a child may take to end before it is killed.
    """

    def __init__(self, keep_open: Sequence[int] = (), patience_seconds: float = 8.0) -> None:
        self._patience_seconds = patience_seconds
        self._children: list[Child] = []
        self._watchdog = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_WATCHDOG), str(patience_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=keep_open,
            cwd="/",
        )

    @property
    def watchdog_pid(self) -> int:
        """The process id of the watchdog."""
        return self._watchdog.pid

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        log: Path,
        env: Mapping[str, str],
        stop_signal: int = signal.SIGTERM,
        **options: Any,
    ) -> Child:
        """Start `command` with exactly the environment `env`; what it prints goes to the end of `log`.

        `options` are those of `subprocess.Popen` (`cwd`, `pass_fds`, `user`, `group`, `extra_groups`).
        """
        with log.open("ab") as output:
            process = subprocess.Popen(
                ["/bin/sh", "-c", _REGISTERED, "sh", str(int(stop_signal)), *command],
                stdin=self._watchdog.stdin,
                stdout=output,
                stderr=output,
                start_new_session=True,
                env=dict(env),
                **options,
            )
        child = Child(name, process, log, stop_signal)
        self._children.append(child)
        return child

    def stop(self, child: Child) -> None:
        """End `child` with its signal, or by force once its time is over; fine when it has ended."""
        if child.is_running:
            child.process.send_signal(child.stop_signal)
            try:
                child.process.wait(self._patience_seconds)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
        self.forget(child)

    def forget(self, child: Child) -> None:
        """Note that `child` has ended: its id may be another's from now on."""
        if child not in self._children:
            return
        self._children.remove(child)
        self.release(child.pid)

    def adopt(self, pid: int) -> None:
        """Have the process group of `pid`, started by someone else, killed when this process dies before `release`.

        It is killed at once when all has been ended already: whoever started it came too late.
        """
        try:
            self._tell_guard(signal.SIGKILL, pid)
        except ValueError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)

    def release(self, pid: int) -> None:
        """Note that an adopted process group has ended."""
        with contextlib.suppress(ValueError):  # a watchdog that was let go has nothing to do
            self._tell_guard(0, pid)

    def _tell_guard(self, number: int, pid: int) -> None:
        """Tell it; raises `ValueError` when it was let go."""
        assert self._watchdog.stdin is not None  # noqa: S101  it was started with a pipe
        with contextlib.suppress(OSError):  # nor has one that was killed
            os.write(self._watchdog.stdin.fileno(), b"%d %d\n" % (number, pid))

    def close(self) -> None:
        """End every child, the newest first, then the watchdog."""
        for child in reversed(self._children.copy()):
            self.stop(child)
        assert self._watchdog.stdin is not None  # noqa: S101  it was started with a pipe
        with contextlib.suppress(OSError):
            self._watchdog.stdin.close()
        self._watchdog.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

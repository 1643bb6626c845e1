"""Child processes: ended in good order, and ended at all when their parent is killed."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest

from deployment.children import Children
from deployment.watchdog import groups_left, is_over

ENVIRONMENT = {"PATH": os.defpath}
AWAKE = [sys.executable, "-S", "-c", "import time; print('awake', flush=True); time.sleep(600)"]
SLEEP = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
DEAF = [
    sys.executable,
    "-S",
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(600)",
]
PARENT = """
    import sys
    from pathlib import Path
    from time import sleep
    from deployment.children import Children

    children = Children(patience_seconds=0.2)
    child = children.start("sleep", sys.argv[1:], log=Path("child.log"), env={"PATH": "/bin"})
    print(children.watchdog_pid, child.pid, flush=True)
    sleep(600)
"""


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when `condition` holds; fail after half a minute."""
    deadline = monotonic() + 30
    while not condition():
        assert monotonic() < deadline
        sleep(0.01)


class TestStart:
    """Starting a child."""

    def test_log_and_environment(self, tmp_path: Path) -> None:
        """It gets exactly the environment given, nothing to read, and its words go to the end of the log."""
        (tmp_path / "log").write_text("before\n")
        with Children() as children:
            command = ["/bin/sh", "-c", "echo $GREETING; env; cat"]
            environment = {"GREETING": "hello", **ENVIRONMENT}
            child = children.start("shell", command, log=tmp_path / "log", env=environment)
            assert 0 == child.process.wait(30)
        lines = (tmp_path / "log").read_text().splitlines()
        assert ["before", "hello"] == lines[:2]
        assert "HOME" not in {line.partition("=")[0] for line in lines}

    def test_last_lines(self, tmp_path: Path) -> None:
        """The end of the log can be shown."""
        with Children() as children:
            child = children.start("echo", ["/bin/sh", "-c", "echo a; echo b"], log=tmp_path / "log", env={})
            child.process.wait(30)
            assert "b" == child.last_lines(1)


class TestStop:
    """Ending a child."""

    def test_good_order(self, tmp_path: Path) -> None:
        """It is asked with its own signal."""
        with Children() as children:
            child = children.start("awake", AWAKE, log=tmp_path / "log", env=ENVIRONMENT, stop_signal=signal.SIGINT)
            wait_until(lambda: child.last_lines() == "awake")
            children.stop(child)
            assert child.process.returncode in {-signal.SIGINT, 1}
            assert not child.is_running

    def test_force(self, tmp_path: Path) -> None:
        """One that does not listen is killed."""
        with Children(patience_seconds=0.1) as children:
            child = children.start("deaf", DEAF, log=tmp_path / "log", env=ENVIRONMENT)
            wait_until(lambda: child.last_lines() == "deaf")
            children.stop(child)
            assert -signal.SIGKILL == child.process.returncode

    def test_all(self, tmp_path: Path) -> None:
        """Leaving ends every child and the watchdog, twice without complaint."""
        with Children() as children:
            pids = [children.start(name, SLEEP, log=tmp_path / "log", env=ENVIRONMENT).pid for name in ("a", "b")]
            watchdog = children.watchdog_pid
            children.close()
        assert all(is_over(pid) for pid in [*pids, watchdog])

    def test_too_late(self, tmp_path: Path) -> None:
        """What somebody else starts after that is killed at once, and nothing more can be started."""
        children = Children()
        children.close()
        with subprocess.Popen(SLEEP, env=ENVIRONMENT, start_new_session=True) as late:
            children.adopt(late.pid)
            assert -signal.SIGKILL == late.wait(30)
        children.release(late.pid)
        with pytest.raises(ValueError, match="closed"):
            children.start("late", SLEEP, log=tmp_path / "log", env=ENVIRONMENT)


class TestGuard:
    """What happens when the parent is gone."""

    @pytest.mark.parametrize("command", [SLEEP, DEAF], ids=["listens", "deaf"])
    def test_killed_parent(self, tmp_path: Path, command: list[str]) -> None:
        """After kill -9 of the parent nothing is left, neither child nor watchdog."""
        parent = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(PARENT), *command],
            stdout=subprocess.PIPE,
            cwd=tmp_path,
            env={"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert parent.stdout is not None
        with parent.stdout:
            watchdog, child = map(int, parent.stdout.readline().split())
        parent.kill()
        parent.wait(30)
        wait_until(lambda: is_over(child) and is_over(watchdog))

    def test_forgets(self) -> None:
        """A child that is over is none of the watchdog's business: its id may be another's."""
        lines = BytesIO(b"15 100\n2 200\n0 100\n0 300\n")
        assert {200: 2} == groups_left(lines)

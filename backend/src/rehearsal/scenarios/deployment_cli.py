"""Runs `python -m deployment COMMAND` as an engineer does, in a process of its own that knows nothing of this one."""

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType
from typing import Any, Self

from deployment.children import Child, Children
from deployment.terraform.program import plain
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.image_content import BACKEND
from rehearsal.scenarios.scenario import GLANCE_SECONDS

_LOAD_SECONDS = 3600
_BEGINNING_SECONDS = 60
_ENDING_SECONDS = 60
_SENDS = "requests/s"
"""What the load's log says once it sends."""


class DeploymentCli:
    """The deployment tool, and the load it offers.

    Args:
        environment: everything it finds in its environment.
        folder: where logs go.
        children: ends it should this process die.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path, children: Children) -> None:
        self._environment = {**environment, "PYTHONPATH": str(BACKEND / "src")}
        self._folder = folder
        self._children = children
        self._runs = 0

    def run(
        self,
        verb: str,
        *arguments: str,
        note: Callable[[str], None],
        given: str = "",
        variables: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """Run a verb to its end; return its status and what it said.

        Args:
            verb: such as deploy.
            arguments: what is typed after it.
            note: is told its last line, again and again.
            given: its standard input.
            variables: what is typed before it, such as IMAGE.
        """
        self._runs += 1
        log = self._folder / f"{self._runs:02}-{verb}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "deployment", verb, *arguments],
                cwd=BACKEND,
                env={**self._environment, **(variables or {})},
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _tell(process, given)
                while process.poll() is None:
                    note(_last_line(log))
                    sleep(GLANCE_SECONDS)
            finally:
                if process.poll() is None:
                    process.terminate()
                    process.wait()
        return process.returncode, plain(log.read_text(errors="replace"))

    def load(self, url: str, *, users: int, pause_seconds: float) -> "Load":
        """Return a load on the deployment; it begins when its context is entered."""
        self._runs += 1
        options = ["--users", str(users), "--pause", str(pause_seconds), "--ramp", "2"]
        return Load(url, options, self._folder / f"{self._runs:02}-load", self._environment, self._children)


class Load:
    """Users at work until they are told to stop; a context manager, which sends when it is entered.

    Args:
        url: where.
        options: those of `python -m deployment.load`.
        name: of its log and its result, without their endings.
        environment: what it finds in its environment.
        children: ends it should this process die.
    """

    def __init__(
        self, url: str, options: list[str], name: Path, environment: Mapping[str, str], children: Children
    ) -> None:
        self._log, self._result = name.with_suffix(".log"), name.with_suffix(".json")
        self._command = [sys.executable, "-m", "deployment.load", url, *options]
        self._environment = environment
        self._children = children
        self._child: Child

    def __enter__(self) -> Self:
        command = [*self._command, "--seconds", str(_LOAD_SECONDS), "--json", str(self._result)]
        self._child = self._children.start("load", command, log=self._log, env=self._environment, cwd=BACKEND)
        self._wait(_BEGINNING_SECONDS, lambda: _SENDS in self._log.read_text(errors="replace"), "no request was sent")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._children.stop(self._child)

    def stop(self) -> dict[str, Any]:
        """End it; return what came of its requests.

        Raises:
            StepFailed: it does not say.
        """
        self._child.process.terminate()
        self._wait(_ENDING_SECONDS, self._result.exists, "it did not end")
        found: dict[str, Any] = json.loads(self._result.read_text())
        return found

    def _wait(self, seconds: float, is_so: Callable[[], bool], otherwise: str) -> None:
        until = monotonic() + seconds
        while not is_so():
            if monotonic() > until or (not self._child.is_running and not is_so()):
                raise StepFailed("Users at work", f"{otherwise}:\n{self._child.last_lines()}")
            sleep(GLANCE_SECONDS)


def _tell(process: "subprocess.Popen[bytes]", words: str) -> None:
    if process.stdin:
        process.stdin.write(words.encode())
        process.stdin.close()


def _last_line(log: Path) -> str:
    lines = plain(log.read_text(errors="replace")).strip().splitlines()
    return lines[-1].strip()[:60] if lines else ""

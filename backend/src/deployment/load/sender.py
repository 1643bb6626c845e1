"""Runs the program that sends the load, and reads what it tells until it ends."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import FrameType

from deployment.load.plan import Job
from deployment.load.results import Request, Results

_SOURCES = Path(__file__).parents[2]
_PROGRAM = "deployment.load.traffic"
_GRACE_SECONDS = 15.0
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SendingFailed(Exception):
    """The program that sends the load ended without having counted its requests; the message says why."""


@dataclass
class Sent:
    """What came of a run: results, what kept accounts made (paths, by e-mail), what stopped it, if its end was told."""

    results: Results = field(default_factory=Results)
    made: dict[str, list[str]] = field(default_factory=dict)
    stopped_by: str = ""
    is_counted: bool = False


class Sender:
    """Sends what a job says, in a process of its own; a signal ends it in good order, a second one at once."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._sent = Sent()
        self._process: subprocess.Popen[str] | None = None

    def listen(self) -> None:
        """From now on, take SIGINT, SIGTERM and SIGHUP for the wish to end the run with its result written."""
        for number in _ENDINGS:
            signal.signal(number, self._stop)

    @property
    def is_stopped(self) -> bool:
        """Whether somebody asked to stop."""
        return bool(self._sent.stopped_by)

    @property
    def made(self) -> Mapping[str, Sequence[str]]:
        """What kept accounts have made so far: paths, by e-mail."""
        return self._sent.made

    def send(self, job: Job, hear: Callable[[float, int, Results], None]) -> Sent:
        """Return what came of it; `hear` is told the time, the users and the results so far, twice a second.

        Raises:
            SendingFailed: the program died.
        """
        if self.is_stopped:
            return self._sent
        paths = [str(_SOURCES), *filter(None, [self._environ.get("PYTHONPATH")])]
        plan = job.plan
        deadline = monotonic() + plan.seconds + plan.timeout_seconds + _GRACE_SECONDS
        with subprocess.Popen(
            [sys.executable, "-m", _PROGRAM],
            env={**self._environ, "PYTHONPATH": os.pathsep.join(paths)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C on a terminal is for us, and ends it in good order
        ) as process:
            self._process = process
            assert process.stdin  # noqa: S101  it was asked for
            process.stdin.write(job.written() + "\n")
            process.stdin.flush()
            for line in process.stdout or ():
                self._read(json.loads(line), hear)
                if monotonic() > deadline:
                    process.kill()
        self._process = None
        if not self._sent.is_counted and not self._sent.results.requests:
            raise SendingFailed(f"{_PROGRAM} ended with status {process.returncode}")
        return self._sent

    def _read(self, told: dict[str, object], hear: Callable[[float, int, Results], None]) -> None:
        results = self._sent.results
        if "made" in told:
            self._sent.made.setdefault(str(told["by"]), []).append(str(told["made"]))
        elif "begun" in told:
            results.begun, self._sent.is_counted = int(str(told["begun"])), True
        elif "users" in told:
            at_seconds, users = float(str(told["at"])), int(str(told["users"]))
            results.beat(at_seconds, users)
            hear(at_seconds, users, results)
        else:
            numbers = float(str(told["at"])), float(str(told["ms"]))
            results.add(Request(*numbers, str(told["name"]), int(str(told["status"])), str(told["kind"])))

    def _stop(self, number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # asked again, it ends at once, whatever it leaves behind
        self._sent.stopped_by = signal.Signals(number).name
        if self._process is not None and self._process.stdin:
            self._process.stdin.close()

"""A rehearsal in the background: a process of its own runs it until it is told to end."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from time import sleep

from deployment.progress import Progress, say
from deployment.signals import Stopped
from rehearsal.scenarios.errors import RehearsalError
from rehearsal.scenarios.instructions import Instructions
from rehearsal.scenarios.rehearsal import Rehearsal
from rehearsal.scenarios.target import Target
from rehearsal.scenarios.workspace import Workspace

_GLANCE_SECONDS = 0.25


def start_in_background(environ: Mapping[str, str], progress: Progress) -> None:
    """Start the process that plays, show its steps, and return once it stands.

    When this is interrupted, the other process ends.

    Raises:
        RehearsalError: it could not be played.
    """
    command = [sys.executable, "-m", "rehearsal", "stand"]
    with tempfile.TemporaryFile() as errors:  # it outlives this process, and must not hold the terminal
        process = subprocess.Popen(
            command,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
        )
        try:
            with progress:
                words = _watched(process, progress)
        except _Silent:
            errors.seek(0)
            cause = errors.read().decode(errors="replace").strip() or "it said nothing"
            raise RehearsalError(f"the process that plays it ended: {cause[-500:]}") from None
        except Stopped:
            process.terminate()
            process.wait()
            raise
    say(sys.stdout, words)


def _watched(process: "subprocess.Popen[bytes]", progress: Progress) -> str:
    """Show the other process's steps; return what it says once it stands."""
    for line in process.stdout or ():
        match json.loads(line):
            case {"begin": step}:
                progress.begin(step)
            case {"end": step, "note": note}:
                progress.end(step, note)
            case {"step": step, "note": note}:
                progress.note(step, note)
            case {"stands": words}:
                return str(words)
            case {"failed": words}:
                process.wait()
                raise RehearsalError(words)
    process.wait()
    raise _Silent


def stand(target: Target, workspace: Workspace, environ: Mapping[str, str]) -> None:
    """Play, tell the process that started this one how it goes, and stay until told to end.

    Raises:
        RehearsalError: it could not be played, or a part of it ended.
    """
    with workspace.held() as lock:
        rehearsal = Rehearsal(target, workspace, lock, environ, JsonProgress())
        try:
            rehearsal.set_up()
            environment = write_environment(rehearsal, workspace)
            invitation = Instructions(target, rehearsal.url, rehearsal.aws_url, environment, rehearsal.functions)
            workspace.note(lock, {"url": rehearsal.url})
            tell(stands=str(invitation))
            while True:
                rehearsal.check()
                sleep(_GLANCE_SECONDS)
        finally:
            rehearsal.tear_down()


class JsonProgress:
    """A progress display in another process: each event is a line of JSON on standard output."""

    def begin(self, step: str) -> None:
        """Tell that it has begun."""
        tell(begin=step)

    def note(self, step: str, note: str) -> None:
        """Tell how far it is."""
        tell(step=step, note=note)

    def end(self, step: str, note: str = "") -> None:
        """Tell that it is done."""
        tell(end=step, note=note)

    def __enter__(self) -> "JsonProgress":
        return self

    def __exit__(self, *_: object) -> None:
        return


def tell(**event: str) -> None:
    """Tell whoever started this process; nobody may be listening any more."""
    say(sys.stdout, json.dumps(event))


class _Silent(Exception):
    """The other process has ended without a word."""


def write_environment(rehearsal: Rehearsal, workspace: Workspace) -> Path:
    """Write what another terminal sources, readable by its owner alone: it holds the secrets of the stage."""
    path = workspace.folder / "env"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join([*rehearsal.shell_lines(), ""]))
    return path

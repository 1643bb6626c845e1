"""Drives the laptop stack from outside: starts it, reads what it prints, asks it over HTTP, counts its processes."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

PROJECT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-m", "rehearsal.laptop")


class Laptop:
    """One run of the stack, and what it printed."""

    def __init__(self, state: Path, command: tuple[str, ...] = (*COMMAND, "--with-parent"), **environ: str) -> None:
        self.environ = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(PROJECT / "backend" / "src"),
            "LOCAL_STATE": str(state),
            "PORT": "0",
            **environ,
        }
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env=self.environ,
        )
        self.printed = ""

    def read_until(self, words: str) -> None:
        """Read what it prints up to a line with `words`; fail when it ends before."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed += line
            if words in line:
                return
        pytest.fail(f"ended before {words!r}:\n{self.printed}")

    def serve(self) -> None:
        """Return when it has printed its invitation."""
        self.read_until("/chat/send")

    def end(self) -> int:
        """Wait for its end; return its status."""
        self.printed += self.process.communicate(timeout=60)[0]
        return self.process.returncode

    @property
    def url(self) -> str:
        """Where it said it serves."""
        match = re.search(r"API +(\S+)", self.printed)
        assert match
        return match[1]

    @property
    def account(self) -> dict[str, str]:
        """The demo login it printed."""
        match = re.search(r"Demo +(\S+) +(\S+)", self.printed)
        assert match
        return {"email": match[1], "password": match[2]}

    @property
    def curl_lines(self) -> list[str]:
        """The commands it printed."""
        return [line.strip() for line in self.printed.splitlines() if "curl -s" in line]

    def ask(self, method: str, path: str, body: object = None, token: str = "") -> tuple[int, Any]:
        """Ask its API; return the status and the parsed body."""
        headers = {"Content-Type": "application/json", **({"Authorization": f"Bearer {token}"} if token else {})}
        content = None if body is None else json.dumps(body).encode()
        try:
            with urlopen(Request(self.url + path, content, headers, method=method), timeout=30) as response:
                return response.status, json.load(response)
        except HTTPError as error:
            return error.code, json.load(error)

    def log_in(self) -> str:
        """Log the demo account in; return its access token."""
        status, body = self.ask("POST", "/api/v1/users/login", self.account)
        assert 200 == status
        return str(body["access_token"])


@contextmanager
def running(state: Path, **environ: str) -> Iterator[Laptop]:
    """Yield a run that serves; end it afterwards, whatever the test did to it."""
    laptop = Laptop(state, **environ)
    try:
        laptop.serve()
        yield laptop
    finally:
        if laptop.process.poll() is None:
            laptop.process.terminate()
        laptop.end()


def descendants(pid: int) -> dict[int, str]:
    """Return the processes `pid` started, and they, with their commands."""
    parents: dict[int, int] = {}
    commands: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(entry.name)] = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:  # it has just ended
                continue
    found = {pid}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return {one: commands.get(one, "") for one in found - {pid}}


def still_there(pids: dict[int, str]) -> dict[int, str]:
    """Return those of `pids` that run, as what they were."""
    running = {}
    for pid, command in pids.items():
        try:
            ended = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
            same = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() == command
        except OSError:
            continue
        if not ended and same:
            running[pid] = command
    return running


def wait_until(condition: Callable[[], bool]) -> None:
    """Return when `condition` holds; fail after half a minute."""
    deadline = monotonic() + 30
    while not condition():
        assert monotonic() < deadline
        sleep(0.02)

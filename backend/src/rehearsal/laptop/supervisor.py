"""Brings the parts up in the quickest safe order, watches them, and takes them down."""

import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from time import monotonic, sleep
from typing import IO

from deployment.children import Child, Children
from deployment.progress import Progress
from rehearsal.aws import LocalAws
from rehearsal.aws.process import LocalAwsError
from rehearsal.laptop.client import Answer, ask, log_in
from rehearsal.laptop.environment import BUCKET, DOCUMENTS_BUCKET, TABLES, Environments
from rehearsal.laptop.errors import PartFailed
from rehearsal.laptop.state import PROJECT, State
from rehearsal.postgres import EmbeddedPostgres, PostgresError

_PATIENCE_SECONDS = 45.0
_LOGIN = "coachwork_app"


class Supervisor:
    """The parts of one run: local AWS, Postgres, the tools that fill it, and the application.

    Args:
        state: where they keep everything.
        lock: the state's lock, inherited by what must not outlive it.
        listener: the socket the application serves on.
        shell: the user's own environment.
        progress: shows what is at work.
    """

    def __init__(
        self,
        state: State,
        lock: IO[str],
        listener: socket.socket,
        shell: Mapping[str, str],
        progress: Progress,
    ) -> None:
        self._state = state
        self._listener = listener
        self._environments = Environments(state, shell)
        self._progress = progress
        self._children = Children(keep_open=[lock.fileno()])
        self._postgres = EmbeddedPostgres(state.postgres, children=self._children, log=state.log("postgres"))
        self._watched: list[Child] = []
        self.port: int = listener.getsockname()[1]
        self.has_demo = False

    @property
    def url(self) -> str:
        """Where the application answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        """Where the database really lies."""
        return self._postgres.data

    def start(self) -> None:
        """Bring everything up; returns when the application has answered and the demo account has logged in.

        Raises:
            PartFailed: a part did not come up.
        """
        aws = self._start_aws()  # it takes long to load and is wanted last
        self._start_postgres()
        database_url = self._postgres.url(user=_LOGIN, password=self._state.database_password())
        application = self._environments.application(database_url, aws.url)
        tool = self._environments.tool(self._postgres.url(), database_url, aws.url)
        self._run_tool("Database schema", "coachwork.tools.migrate", tool)
        self._progress.end("Database schema")
        open_the_gate = self._start_application(application)
        loaded = self._run_tool("Exercises and knowledge", "coachwork.tools.seed", tool)
        self._progress.end("Exercises and knowledge", loaded)
        self._progress.begin("Application")
        open_the_gate()
        self._wait("The application", lambda: ask(self.port, "GET", "/health"))
        self.has_demo = log_in(self.port, self._state.demo_password())
        # not at the first try on a busy machine: a part that is still loading counts as unwell after two seconds
        self._wait("The application's health", lambda: ask(self.port, "GET", "/api/v1/health/"))
        self._progress.end("Application", f"port {self.port}")
        self._await(aws)

    def check(self) -> None:
        """Return while every part runs; raises `PartFailed` when one has ended."""
        for child in self._watched:
            if not child.is_running:
                raise PartFailed(_ended(child))

    def stop(self) -> None:
        """Take everything down, the application first."""
        self._children.close()

    def _start_aws(self) -> LocalAws:
        self._progress.begin("Local AWS")
        log = self._fresh_log("aws")
        options = ["--bucket", BUCKET, str(self._state.objects)]
        options += ["--bucket", DOCUMENTS_BUCKET, str(self._state.documents)]
        for name, indexes in TABLES.items():
            found_by = [f"{index}={attribute}" for index, attribute in indexes.items()]
            options += ["--table", name, str(self._state.table(name)), *found_by]
        aws = LocalAws.start(self._children, log=log, env=self._environments.plain(), options=options)
        self._watched.append(aws.child)
        return aws

    def _start_postgres(self) -> None:
        self._progress.begin("Postgres 18")
        try:
            self._postgres.start()
        except PostgresError as error:
            raise PartFailed(str(error)) from error
        self._watched.append(self._postgres.child)
        self._progress.end("Postgres 18", f"port {self._postgres.port}")

    def _start_application(self, environment: dict[str, str]) -> Callable[[], None]:
        """Start it behind a gate: it loads, and serves once the function returned here is called."""
        gate, opener = os.pipe()
        descriptor = self._listener.fileno()
        command = ["-m", "rehearsal.web", str(descriptor), str(gate), "coachwork.main:app_from_environment"]
        self._watched.append(self._python("Coachwork", command, "app", environment, pass_fds=(descriptor, gate)))
        os.close(gate)
        return lambda: os.close(opener)

    def _run_tool(self, step: str, module: str, environment: dict[str, str]) -> str:
        """Run a tool to its end; return the last line it printed."""
        self._progress.begin(step)
        tool = self._python(step, ["-m", module], module.rpartition(".")[2], environment)
        while tool.is_running:
            self.check()
            sleep(0.01)
        self._children.forget(tool)
        if tool.process.returncode:
            raise PartFailed(_ended(tool))
        return tool.last_lines(1)

    def _await(self, aws: LocalAws) -> None:
        try:
            aws.wait(_PATIENCE_SECONDS)
        except LocalAwsError as error:
            raise PartFailed(str(error)) from error
        self._progress.end("Local AWS", f"port {aws.port}")

    def _python(
        self, name: str, command: list[str], log: str, environment: dict[str, str], pass_fds: tuple[int, ...] = ()
    ) -> Child:
        command = [sys.executable, *command]
        cwd = PROJECT / "backend"
        path = self._fresh_log(log)
        return self._children.start(
            name, command, log=path, env=environment, stop_signal=signal.SIGTERM, cwd=cwd, pass_fds=pass_fds
        )

    def _fresh_log(self, part: str) -> Path:
        path = self._state.log(part)
        path.unlink(missing_ok=True)  # the last run's is of no use
        return path

    def _wait(self, name: str, visit: Callable[[], Answer]) -> None:
        deadline = monotonic() + _PATIENCE_SECONDS
        while (answer := visit()).status != 200:
            self.check()
            if monotonic() > deadline:
                raise PartFailed(f"{name}: {answer.status} {answer.body} after {_PATIENCE_SECONDS:.0f} s of waiting")
            sleep(0.02)


def _ended(child: Child) -> str:
    last = child.last_lines() or "(nothing)"
    indented = "\n".join(f"    {line}" for line in last.splitlines())
    return f"{child.name} ended with status {child.process.returncode}; the end of {child.log}:\n{indented}"

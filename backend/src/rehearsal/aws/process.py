"""The local AWS as a child process."""

import json
import socket
import sys
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self

from deployment.children import Child, Children

_SOURCE = Path(__file__).parents[2]
_START_SECONDS = 60.0
_REPORT = "/rehearsal/authorization"
_FUNCTIONS = "/rehearsal/functions"


class LocalAwsError(RuntimeError):
    """The local AWS did not come up, or went away; the message says why."""


class LocalAws:
    """A running local AWS: `LocalAws.start(...)`, then `url`, then `stop()`.

    Its children end with their parent, so a forgotten `stop` leaves nothing running.
    """

    def __init__(self, children: Children, child: Child, port: int) -> None:
        self._children = children
        self.child = child
        self.port = port

    @classmethod
    def start(
        cls,
        children: Children,
        *,
        log: Path,
        port: int = 0,
        env: Mapping[str, str] | None = None,
        options: Sequence[str] = (),
    ) -> Self:
        """Start it on `port` (0 is any) and return at once; `wait` until it answers.

        Args:
            children: who ends it.
            log: where its words go.
            port: of 127.0.0.1.
            env: more variables for it, such as a home folder; it needs none.
            options: more of `python -m rehearsal.aws`, such as `--bucket NAME FOLDER`.

        Raises:
            LocalAwsError: the port is taken.
        """
        environment = {"PYTHONPATH": str(_SOURCE), "PYTHONUNBUFFERED": "1", **(env or {})}
        with _listener(port) as listener:
            command = [sys.executable, "-m", "rehearsal.aws", "--descriptor", str(listener.fileno()), *options]
            child = children.start("Local AWS", command, log=log, env=environment, pass_fds=[listener.fileno()])
            return cls(children, child, listener.getsockname()[1])

    @property
    def url(self) -> str:
        """What `AWS_ENDPOINT_URL` is to be."""
        return f"http://127.0.0.1:{self.port}"

    def wait(self, seconds: float = _START_SECONDS) -> None:
        """Return when it answers.

        Raises:
            LocalAwsError: it ended, or did not answer in time.
        """
        deadline = monotonic() + seconds
        while not self._answers():
            if not self.child.is_running:
                raise LocalAwsError(f"the local AWS ended at its start:\n{self.child.last_lines()}")
            if monotonic() > deadline:
                raise LocalAwsError(f"the local AWS did not answer within {seconds:.0f} s:\n{self.child.last_lines()}")
            sleep(0.02)

    def authorization(self) -> dict[str, Any]:
        """Return what roles were denied, the statements they used and did not, and actions of these they did not.

        By name: `denied`, `used`, `unused`, `idle`.
        """
        report: dict[str, Any] = json.loads(self._ask("GET", _REPORT))
        return report

    def forget_authorization(self) -> None:
        """Begin a new record, so what Terraform's own waits did is not counted as use."""
        self._ask("DELETE", _REPORT)

    def invoke_through(self, url: str | None) -> None:
        """Let whoever invokes a function here reach Lambda's Invoke API at `url`; None is nowhere."""
        self._ask("PUT", _FUNCTIONS, json.dumps({"url": url}))

    def stop(self) -> None:
        """End it; fine when it has ended."""
        self._children.stop(self.child)

    def _answers(self) -> bool:
        try:
            self._ask("GET", _REPORT)
        except (OSError, HTTPException):
            return False
        return True

    def _ask(self, method: str, path: str, body: str | None = None) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body)
            return connection.getresponse().read()
        finally:
            connection.close()


def _listener(port: int) -> socket.socket:
    """Return a socket that listens already: whoever connects early waits, and nobody else can take the port."""
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise LocalAwsError(f"port {port} of the local AWS cannot be used: {error.strerror}") from error
    return listening

"""The server: made at its first start, kept for the next, never two on the same data."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from deployment.children import Child, Children
from rehearsal.lock import Lock, LockTaken
from rehearsal.postgres.account import ROOTS_PLACE, reachable_folder, unprivileged_account
from rehearsal.postgres.errors import PostgresError
from rehearsal.postgres.leftovers import note_owner, sweep_leftovers
from rehearsal.postgres.programs import program
from rehearsal.secret import kept_secret

_USER = "postgres"
_START_SECONDS = 30.0
_LOCK_SECONDS = 10.0
_ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "log_min_messages": "warning",
    "max_connections": "60",
    "shared_buffers": "64MB",
}
_HURRIED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """A Postgres server whose data lies in `folder`, or behind a link in it where root's `nobody` cannot reach it.

    Args:
        folder: holds the data, the password and the log; made if missing.
        durable: False trades crash safety for speed, for tests.
        children: starts and ends the server's process; its own by default.
        place: where root keeps what `nobody` must reach.
        log: what the server writes its messages to; in `folder` by default.
    """

    def __init__(
        self,
        folder: Path,
        *,
        durable: bool = True,
        children: Children | None = None,
        place: Path = ROOTS_PLACE,
        log: Path | None = None,
    ) -> None:
        self._folder = folder
        self._settings = _SETTINGS if durable else _SETTINGS | _HURRIED
        self._shared_children = children
        self._children = children
        self._place = place
        self._log = log or folder / "postgres.log"
        self._account = unprivileged_account()
        self._child: Child | None = None
        self.port = 0

    @property
    def child(self) -> Child:
        """The running server; raises `PostgresError` when it does not run."""
        if self._child is None:
            raise PostgresError("Postgres is not running")
        return self._child

    @property
    def pid(self) -> int:
        """The server's process id, 0 when it does not run."""
        return self._child.pid if self._child else 0

    @property
    def data(self) -> Path:
        """Where the data really lies."""
        return (self._folder / "data").resolve()

    def url(self, database: str = "postgres", user: str = _USER, password: str | None = None) -> str:
        """Return a connection URL; the superuser's by default."""
        secret = password or kept_secret(self._folder / "password")
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Create the cluster if there is none, start the server, and return when it answers.

        Raises:
            PostgresError: it could not be created, did not answer in time, or its data is in use.
        """
        try:
            self._make_folder()
            with Lock(self._folder / "lock").held(_LOCK_SECONDS, self._is_running) as first:
                if not (self._folder / "data" / "PG_VERSION").exists():
                    self._create()
                with Lock(self.data.with_name("lock")).held(_LOCK_SECONDS, self._is_running, first) as second:
                    # whoever holds the locks is alone: what a killed server left behind is nobody's
                    (self.data / "postmaster.pid").unlink(missing_ok=True)
                    self._launch(first.fileno(), second.fileno())
        except LockTaken:
            raise PostgresError(f"another server is using {self.data}") from None
        except OSError as error:
            raise PostgresError(f"cannot keep a database in {self._folder}: {error.strerror}") from error
        self._wait()

    def stop(self) -> None:
        """Stop the server; sessions are ended, committed work is kept."""
        if self._child and self._children:
            self._children.stop(self._child)
        self._child = None
        if self._children and self._shared_children is None:
            self._children.close()
            self._children = None

    def remove(self) -> None:
        """Throw the data away, wherever it lies; the server must not run."""
        elsewhere = self.data.parent
        if elsewhere != self._folder.resolve() and elsewhere.parent == self._place:
            shutil.rmtree(elsewhere, ignore_errors=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make_folder(self) -> None:
        if not self._folder.exists():
            self._folder.mkdir(parents=True)
            if self._account:  # our own folder, just made: no other's permission is ever touched
                self._folder.chmod(0o711)

    def _create(self) -> None:
        """Run initdb beside the final place and move it there whole, so a cut-off run leaves nothing half made."""
        _sweep(self._folder / "data")
        home = self._folder.resolve()
        if self._account and not self._account.can_enter(home):
            home = reachable_folder(self._place, self._account, "postgres-")
            note_owner(home, self._folder.resolve())
            sweep_leftovers(self._place)
        fresh = home / "data.new"
        _sweep(fresh)
        fresh.mkdir(mode=0o700)
        self._initialise(fresh)
        fresh.rename(home / "data")
        if home != self._folder.resolve():
            (self._folder / "data").symlink_to(home / "data")

    def _initialise(self, fresh: Path) -> None:
        password = kept_secret(self._folder / "password")
        with tempfile.NamedTemporaryFile("w", dir=fresh.parent, prefix="pw-") as file:
            file.write(password)
            file.flush()
            if self._account:
                os.chown(fresh, self._account.user, self._account.group)
                os.chown(file.name, self._account.user, self._account.group)
            command = [self._program("initdb"), "-D", str(fresh), "-U", _USER, f"--pwfile={file.name}"]
            command += ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]
            result = subprocess.run(
                command, capture_output=True, text=True, check=False, env=_ENVIRONMENT, **self._options()
            )
        if result.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise PostgresError(f"initdb failed: {result.stderr.strip()[-500:]}")

    def _launch(self, *locks: int) -> None:
        """Start the server; it inherits the locks, so they are held exactly as long as any part of it lives."""
        self.port = _free_port()
        settings = {**self._settings, "port": str(self.port)}
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._children = self._shared_children or Children()
        self._child = self._children.start(
            "Postgres",
            [self._program("postgres"), "-D", str(self.data), *arguments],
            log=self._log,
            env=_ENVIRONMENT,
            stop_signal=signal.SIGINT,  # "fast": ends sessions, keeps committed work
            pass_fds=locks,
            **self._options(),
        )

    def _wait(self) -> None:
        deadline = monotonic() + _START_SECONDS
        while not self._is_ready():
            if not self.child.is_running or monotonic() > deadline:
                reason = self.child.last_lines() or "it left no word in its log"
                self.stop()
                raise PostgresError(f"Postgres did not start: {reason}")
            sleep(0.01)

    def _is_ready(self) -> bool:
        """Read what the server says of itself: its process id in the first line, "ready" in the eighth."""
        with contextlib.suppress(OSError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return len(lines) > 7 and lines[0] == str(self.pid) and lines[7].strip() == "ready"
        return False

    def _is_running(self) -> bool:
        with contextlib.suppress(OSError, ValueError, IndexError):
            os.kill(int((self.data / "postmaster.pid").read_text().splitlines()[0]), 0)
            return True
        return False

    def _program(self, name: str) -> str:
        return str(program(name, self._account, self._place))

    def _options(self) -> dict[str, Any]:
        return {"cwd": "/", **(self._account.options if self._account else {})}


@contextmanager
def running(folder: Path, *, durable: bool = True) -> Iterator[EmbeddedPostgres]:
    """Yield a started server; stop it afterwards."""
    server = EmbeddedPostgres(folder, durable=durable)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def temporary() -> Iterator[EmbeddedPostgres]:
    """Yield a started server on a throw-away folder, which is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="cw-") as folder:
        Path(folder).chmod(0o711)
        server = EmbeddedPostgres(Path(folder) / "postgres", durable=False)
        server.start()
        try:
            yield server
        finally:
            server.stop()
            server.remove()


def _sweep(path: Path) -> None:
    """Remove what a cut-off creation left, or a link whose target is gone."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

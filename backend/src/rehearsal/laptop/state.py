"""What a run keeps: one folder, one run at a time."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from rehearsal.laptop.errors import AlreadyRunning, StateUnusable
from rehearsal.lock import Lock, LockTaken
from rehearsal.postgres import EmbeddedPostgres
from rehearsal.secret import kept_secret

PROJECT = Path(__file__).resolve().parents[4]
_WANTED_BYTES = 300_000_000
_PATIENCE_SECONDS = 15.0


class State:
    """The folder a run keeps everything in: data, keys, logs.

    Args:
        folder: made if missing.
        wanted_bytes: what must be free on its disk.
    """

    def __init__(self, folder: Path, wanted_bytes: int = _WANTED_BYTES) -> None:
        self.folder = folder
        self._wanted_bytes = wanted_bytes

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "State":
        """Return the state LOCAL_STATE names, `.local` by default; a relative path starts at the project."""
        return cls(PROJECT / Path(environ.get("LOCAL_STATE") or ".local").expanduser())

    @property
    def chroma(self) -> Path:
        """Where Chroma keeps its collections."""
        return self.folder / "chroma"

    @property
    def postgres(self) -> Path:
        """Where Postgres keeps its data."""
        return self.folder / "postgres"

    @property
    def objects(self) -> Path:
        """Where the local AWS keeps the objects of the videos' bucket between runs."""
        return self.folder / "s3"

    @property
    def documents(self) -> Path:
        """Where it keeps those of the documents' bucket."""
        return self.folder / "s3-documents"

    def table(self, name: str) -> Path:
        """Return the file in which it keeps a table's items."""
        return self.folder / "dynamodb" / f"{name}.json"

    def log(self, part: str) -> Path:
        """Return the log of a part."""
        return self.folder / "log" / f"{part}.log"

    def database_password(self) -> str:
        """Return the password of the application's login."""
        return kept_secret(self.folder / "database-password")

    def demo_password(self) -> str:
        """Return the password of the demo account."""
        return kept_secret(self.folder / "demo-password")

    def signing_key(self) -> str:
        """Return the key that signs access tokens."""
        return kept_secret(self.folder / "signing-key.pem", _new_signing_key)

    @contextmanager
    def held(self) -> Iterator[IO[str]]:
        """Yield the lock's file; until it and every process that inherits it is gone, no other run may start.

        Raises:
            AlreadyRunning: another run holds it.
            StateUnusable: the folder cannot be written to, or its disk is full.
        """
        try:
            self.log("").parent.mkdir(parents=True, exist_ok=True)
            self._check_space()
            with Lock(self.folder / "lock").held(_PATIENCE_SECONDS, lambda: _runs(self._holder())) as file:
                self.note(file, str(os.getpid()))
                yield file
        except LockTaken:
            raise AlreadyRunning(self._refusal()) from None
        except OSError as error:
            raise StateUnusable(f"cannot work in {self.folder}: {error.strerror or error}") from error

    def note(self, lock: IO[str], text: str) -> None:
        """Write into the lock's file who holds it, for whoever is refused."""
        lock.seek(0)
        lock.truncate()
        lock.write(text)
        lock.flush()

    def remove(self) -> None:
        """Throw everything away."""
        EmbeddedPostgres(self.postgres).remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _check_space(self) -> None:
        free = shutil.disk_usage(self.folder).free
        if free < self._wanted_bytes:
            wanted, there = self._wanted_bytes // 1_000_000, free // 1_000_000
            raise StateUnusable(f"the disk of {self.folder} has {there} MB free; {wanted} MB are wanted")

    def _holder(self) -> list[str]:
        with contextlib.suppress(OSError):
            return (self.folder / "lock").read_text().split()
        return []

    def _refusal(self) -> str:
        pid, *url = [*self._holder(), ""]
        where = f" and serves {url[0]}" if url and url[0] else ""
        return (
            f"already running on {self.folder}: process {pid or 'unknown'} keeps its data there{where}. "
            "Stop it first, or set LOCAL_STATE to another folder"
        )


def _runs(holder: list[str]) -> bool:
    try:
        os.kill(int(holder[0]), 0)
    except (ProcessLookupError, IndexError, ValueError):
        return False
    except PermissionError:
        return True
    return True


def _new_signing_key() -> str:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    return (
        ec.generate_private_key(ec.SECP256R1())
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        .decode()
    )

"""Blobs on the disk, each kept once, and which repository has which; gone with the process."""

import hashlib
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import BinaryIO
from uuid import uuid4

from rehearsal.aws.registry.refusals import Refused, unknown

_PIECE_BYTES = 1 << 20


class Blobs:
    """Takes blobs in pieces, and gives them back by the digest of the whole; safe to use from several threads."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="rehearsal-registry-")
        self._lock = Lock()
        self._had: set[tuple[str, str]] = set()

    def begin(self) -> str:
        """Return the name of a new upload."""
        name = uuid4().hex
        (self._path / name).touch()
        return name

    def add(self, upload: str, piece: BinaryIO) -> int:
        """Put a piece at the end; return how many bytes there are."""
        with self._upload(upload).open("ab") as file:
            shutil.copyfileobj(piece, file, _PIECE_BYTES)
            return file.tell()

    def finish(self, upload: str, repository: str, digest: str) -> None:
        """Keep what was uploaded for a repository, if it is what it is said to be."""
        path = self._upload(upload)
        with path.open("rb") as file:
            found = f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"
        if found != digest:
            path.unlink()
            raise Refused(400, "DIGEST_INVALID", f"What was uploaded has the digest {found}, not {digest}")
        path.rename(self._path / digest)
        with self._lock:
            self._had.add((repository, digest))

    def abandon(self, upload: str) -> None:
        """Forget an upload."""
        self._upload(upload).unlink()

    def size(self, upload: str) -> int:
        """Return how many bytes of an upload there are."""
        return self._upload(upload).stat().st_size

    def has(self, repository: str, digest: str) -> bool:
        """Whether the repository has the blob."""
        with self._lock:
            return (repository, digest) in self._had

    def path(self, repository: str, digest: str) -> Path:
        """Return where a blob of the repository lies."""
        if not self.has(repository, digest):
            raise unknown("blob")
        return self._path / digest

    @property
    def _path(self) -> Path:
        return Path(self._folder.name)

    def _upload(self, name: str) -> Path:
        path = self._path / name
        if not name.isalnum() or not path.exists():
            raise Refused(404, "BLOB_UPLOAD_UNKNOWN", "There is no such upload")
        return path

"""The folder of all indexes: whose file is whose, who may touch it now, and which are given up for room."""

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from coachwork.chassis.keywords.errors import KeywordIndexUnavailable
from coachwork.chassis.keywords.file import IndexFile, opened
from coachwork.chassis.keywords.locks import alone, alone_if_free, shared

_UNUSED_SECONDS = 86_400.0
"""An index nobody asked for so long goes, whatever room there is: its owner may be gone as well."""
_SUFFIX = ".sqlite3"


def temporary_folder() -> Path:
    """Return the folder in which the processes of this user and machine share their indexes."""
    return Path(tempfile.gettempdir()) / f"coachwork-keywords-{os.geteuid()}"


class IndexFolder:
    """One file an owner, named by the hash of the owner's id: who asks for an owner opens no other's file.

    Args:
        path: made when it is not there, for this user alone.
        max_bytes: of all files together; the ones unused for longest go.

    Raises:
        sqlite3.Error: from what opens a file that is broken, or has no room.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes

    @contextmanager
    def reading(self, owner_id: str) -> Iterator[IndexFile | None]:
        """Open the owner's file together with other readers; None when there is none."""
        file = self._file(owner_id)
        with shared(self._lock(file)):
            if not file.exists():
                yield None
                return
            os.utime(file)
            with opened(file) as index:
                yield index

    @contextmanager
    def writing(self, owner_id: str) -> Iterator[IndexFile]:
        """Open the owner's file alone; it is made when there is none."""
        file = self._file(owner_id)
        with alone(self._lock(file)), opened(file) as index:
            yield index

    def remove(self, owner_id: str) -> None:
        """Remove the owner's file; none is no error."""
        file = self._file(owner_id)
        with alone(self._lock(file)):
            _remove(file)

    def size_bytes(self, owner_id: str) -> int:
        """Return the size of the owner's file."""
        return _size(self._file(owner_id))

    def make_room(self, owner_id: str) -> bool:
        """Remove what was unused for longest, but never the owner's; say whether the rest is within its bounds.

        A file in use at the moment is passed over.
        """
        mine = self._file(owner_id)
        others = sorted((file for file in self._path.glob(f"*{_SUFFIX}") if file != mine), key=_used_at)
        sizes = {file: _size(file) for file in others}
        total, oldest = sum(sizes.values()) + _size(mine), time.time() - _UNUSED_SECONDS
        for file in others:
            if total <= self._max_bytes and _used_at(file) > oldest:
                break
            with alone_if_free(self._lock(file)) as free:
                if free:
                    _remove(file)
                    total -= sizes[file]
        return total <= self._max_bytes

    def _file(self, owner_id: str) -> Path:
        self._make()
        return self._path / f"{sha256(owner_id.encode()).hexdigest()}{_SUFFIX}"

    def _lock(self, file: Path) -> Path:
        """A lock is shared by a 256th of all owners, and stays: one that is removed would lock nobody out."""
        return self._path / f"{file.name[:2]}.lock"

    def _make(self) -> None:
        """Whoever made the folder first could read what is put in it: it must have been us."""
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self._path.lstat()
        except OSError as error:
            raise KeywordIndexUnavailable from error
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise KeywordIndexUnavailable("The folder for indexes of words is somebody else's")


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    file.with_name(f"{file.name}-journal").unlink(missing_ok=True)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _used_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0.0

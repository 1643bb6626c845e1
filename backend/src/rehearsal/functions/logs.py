"""Log streams as files in a folder."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from rehearsal.runtime import Credentials


class FolderLogs:
    """Keeps each stream in `folder/GROUP/STREAM.log`, slashes of the names turned into folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()

    def write(self, group: str, stream: str, lines: Sequence[str], writer: Credentials | None = None) -> None:  # noqa: ARG002  a folder takes anybody's
        """Append lines, without their ends, to the stream; make it and its group if need be."""
        path = self._folder / group.strip("/") / f"{stream}.log"
        with self._lock:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.writelines(f"{line}\n" for line in lines)

    def read(self, group: str) -> list[str]:
        """Return the lines of all the group's streams, one stream after another."""
        streams = sorted((self._folder / group.strip("/")).rglob("*.log"))
        return [line for path in streams for line in path.read_text(encoding="utf-8").splitlines()]

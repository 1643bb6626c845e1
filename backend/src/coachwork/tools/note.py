"""A note beside an embedded collection: what it was loaded from, so that loading it again costs nothing."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from pydantic import BaseModel

from coachwork.chassis.models import Embedder
from coachwork.chassis.settings import Settings

_DATABASE = "chroma.sqlite3"


class Note:
    """Says whether a collection was loaded whole from these entries with this embedder.

    It lies in the collection's own folder, so whoever deletes the one deletes the other. A collection on a server has
    no note: others may change it.

    Args:
        settings: say where the collection is.
        embedder: made its vectors.
        collection: its name.
        entries: what it was, or is to be, loaded from.
    """

    def __init__(self, settings: Settings, embedder: Embedder, collection: str, entries: Sequence[BaseModel]) -> None:
        embedded = not (settings.chroma_cloud_api_key or settings.chroma_http_url)
        self._folder = settings.chroma_path if embedded else None
        self._name = f"{collection}.loaded"
        digest = sha256(f"{embedder.name} {embedder.dimensions}\n".encode())
        for entry in entries:
            digest.update(entry.model_dump_json().encode())
        self._text = digest.hexdigest()

    def is_current(self) -> bool:
        """Return whether there is nothing to do."""
        path = self._path()
        if path is None or not path.with_name(_DATABASE).exists():
            return False
        try:
            return path.read_text() == self._text
        except OSError:
            return False

    @contextmanager
    def replaced(self) -> Iterator[None]:
        """Take the note away while the collection changes; leave a new one when the block ends well."""
        path = self._path()
        if path:
            path.unlink(missing_ok=True)
        yield
        if path and path.parent.is_dir():
            fresh = path.with_suffix(".new")
            fresh.write_text(self._text)
            fresh.replace(path)

    def _path(self) -> Path | None:
        return self._folder / self._name if self._folder else None

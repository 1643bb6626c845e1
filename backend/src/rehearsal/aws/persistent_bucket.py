"""A bucket of the local AWS whose objects outlive it: put back at its start, written to a folder at its end.

`index.json` names every object; `content/` has each content once, under its SHA-256. The index is replaced last and
as a whole, so whoever is killed meanwhile leaves the objects of the time before.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeKey, S3Backend, s3_backends

from rehearsal.aws.atomic_files import warn, write_atomically

REGION = "us-east-1"


class PersistentBucket:
    """One bucket and the folder its objects are kept in.

    Args:
        folder: made when there is something to keep.
        name: the bucket's.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._index = folder / "index.json"
        self._contents = folder / "content"
        self._name = name

    def put_back(self) -> None:
        """Make the bucket, with every kept object that is whole; what is not is named on standard error."""
        backend = _backend()
        backend.create_bucket(self._name, REGION)
        for entry in self._entries():
            try:
                self._put(backend, entry)
            except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
                key = entry.get("key") if isinstance(entry, dict) else entry
                warn(f"{key!r} could not be put back into {self._name}: {error or type(error).__name__}")

    def keep(self) -> None:
        """Write what the bucket holds to the folder; what is there already is not written again."""
        bucket = _backend().buckets.get(self._name)
        objects = [key for _, key in bucket.keys.items() if isinstance(key, FakeKey)] if bucket else []
        if not objects and not self._index.exists():
            return
        try:
            self._contents.mkdir(parents=True, exist_ok=True)
            entries = [self._entry(key) for key in objects]
            write_atomically(self._index, json.dumps(entries, indent=1).encode())
            self._sweep({entry["sha256"] for entry in entries})
        except OSError as error:
            warn(f"the objects of {self._name} could not be kept: {error}")

    def _entries(self) -> list[Any]:
        try:
            entries = json.loads(self._index.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            warn(f"{self._index} cannot be read, so {self._name} begins empty: {error}")
            return []
        return entries if isinstance(entries, list) else []

    def _put(self, backend: S3Backend, entry: dict[str, Any]) -> None:
        content = (self._contents / Path(entry["sha256"]).name).read_bytes()
        if sha256(content).hexdigest() != entry["sha256"]:
            raise ValueError("its content is damaged")
        written_at = datetime.fromisoformat(entry["written_at"])
        metadata = {str(name): str(value) for name, value in entry["metadata"].items()}
        key = backend.put_object(self._name, str(entry["key"]), content, disable_notification=True)
        key.set_metadata(metadata, replace=True)
        key.last_modified = written_at

    def _entry(self, key: FakeKey) -> dict[str, Any]:
        content = key.value
        digest = sha256(content).hexdigest()
        path = self._contents / digest
        if not path.exists() or path.stat().st_size != len(content):
            write_atomically(path, content)
        metadata = dict(key.metadata.items())
        return {"key": key.name, "sha256": digest, "written_at": key.last_modified.isoformat(), "metadata": metadata}

    def _sweep(self, wanted: set[str]) -> None:
        for path in self._strangers(wanted):
            with suppress(OSError):
                path.unlink()

    def _strangers(self, wanted: set[str]) -> Iterator[Path]:
        return (path for path in self._contents.iterdir() if path.name not in wanted)


def _backend() -> S3Backend:
    return s3_backends[DEFAULT_ACCOUNT_ID]["aws"]

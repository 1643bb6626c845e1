"""The port: what a service asks of object storage, whoever keeps the objects."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class StoredBlob:
    """An object in a list: `size_bytes` long, last written at `updated_at` (aware)."""

    key: str
    size_bytes: int
    updated_at: datetime


@dataclass(frozen=True)
class Blob(StoredBlob):
    """An object, and what it was uploaded as."""

    content_type: str


@dataclass(frozen=True)
class BlobPage:
    """Objects by key; `next_after` is where the next page begins, None on the last."""

    blobs: Sequence[StoredBlob]
    next_after: str | None


@dataclass(frozen=True)
class Upload:
    """A form: posted to `url` as multipart/form-data with these `fields`, then the file in a field named `file`."""

    url: str
    fields: Mapping[str, str]


class BlobStore(Protocol):
    """Objects by key. Every method raises `ObjectStoreUnavailable` when the store does not answer as it should."""

    def describe(self, key: str) -> Blob | None:
        """Return what is stored under `key`; None when nothing is."""

    def page(self, prefix: str, *, after: str | None = None, limit: int) -> BlobPage:
        """Return up to `limit` objects (1 to 1,000) whose keys begin with `prefix`, by key, those after `after`."""

    def read(self, key: str, max_bytes: int) -> bytes | None:
        """Return the object's content; None when nothing is there.

        Raises:
            PayloadTooLarge: it is longer than `max_bytes`; nothing of it was kept in memory.
        """

    def write(self, key: str, content: bytes, content_type: str) -> None:
        """Store an object in place of whatever was there, as a whole or not at all."""

    def presigned_get(self, key: str, seconds: int, *, filename: str | None = None) -> str:
        """Return a URL that downloads the object for `seconds`, or less where the signing credentials die earlier.

        A browser shows it; with a `filename`, which may be any text, it saves it under that name.
        """

    def presigned_post(
        self, key: str, *, content_type: str, size_bytes: int, seconds: int, sha256: str | None = None
    ) -> Upload:
        """Return a form that uploads, for `seconds`, exactly `size_bytes` of this type under this key alone.

        With `sha256`, in hexadecimal, only the file that has it.
        """

    def delete(self, key: str) -> None:
        """Remove the object; fine when there is none."""

    def delete_prefix(self, prefix: str) -> int:
        """Remove every object whose key begins with `prefix`, and return how many there were."""

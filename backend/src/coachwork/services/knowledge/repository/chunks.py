"""Chunks and the pages read so far, each generation's in one object: compressed lines of JSON."""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from coachwork.chassis.blobs import BlobStore
from coachwork.chassis.pdf import PageText
from coachwork.services.knowledge.domain.chunks import Chunk

_MOST_BYTES = 200_000_000
"""Of an object: far more than the text of the largest document, compressed."""
_CONTENT_TYPE = "application/gzip"


class ChunkStore:
    """The chunks of documents, a generation at a time."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs

    def write(self, owner_id: UUID, document_id: UUID, generation: int, chunks: Iterable[Chunk]) -> None:
        """Store all chunks of a generation; until then it has none."""
        self._write(_key(owner_id, document_id, f"{generation}.jsonl.gz"), (asdict(chunk) for chunk in chunks))

    def read(self, owner_id: UUID, document_id: UUID, generation: int) -> list[Chunk] | None:
        """Return the chunks of a generation, in order; None when it has none."""
        lines = self._read(_key(owner_id, document_id, f"{generation}.jsonl.gz"))
        return None if lines is None else [Chunk(**line) for line in lines]

    def delete(self, owner_id: UUID, document_id: UUID, generation: int | None) -> None:
        """Remove a generation, or with None all of them, and the pages."""
        if generation is None:
            self._blobs.delete_prefix(_key(owner_id, document_id, ""))
        else:
            self._blobs.delete(_key(owner_id, document_id, f"{generation}.jsonl.gz"))

    def delete_all(self, owner_id: UUID) -> int:
        """Remove everything of an owner's, and return how many objects it was."""
        return self._blobs.delete_prefix(f"chunks/{owner_id}/")

    def write_pages(self, owner_id: UUID, document_id: UUID, generation: int, pages: Sequence[PageText]) -> None:
        """Store the pages that were read so far, for whoever goes on."""
        self._write(_key(owner_id, document_id, f"{generation}.pages.jsonl.gz"), (asdict(page) for page in pages))

    def read_pages(self, owner_id: UUID, document_id: UUID, generation: int) -> list[PageText]:
        """Return the pages that were read so far."""
        lines = self._read(_key(owner_id, document_id, f"{generation}.pages.jsonl.gz"))
        return [PageText(**line) for line in lines or ()]

    def delete_pages(self, owner_id: UUID, document_id: UUID, generation: int) -> None:
        """Remove the pages that were read so far."""
        self._blobs.delete(_key(owner_id, document_id, f"{generation}.pages.jsonl.gz"))

    def _write(self, key: str, lines: Iterable[dict[str, Any]]) -> None:
        text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        self._blobs.write(key, gzip.compress(text.encode(), mtime=0), _CONTENT_TYPE)

    def _read(self, key: str) -> Iterator[dict[str, Any]] | None:
        content = self._blobs.read(key, _MOST_BYTES)
        if content is None:
            return None
        return (json.loads(line) for line in gzip.decompress(content).decode().split("\n") if line)


def _key(owner_id: UUID, document_id: UUID, name: str) -> str:
    return f"chunks/{owner_id}/{document_id}/{name}"

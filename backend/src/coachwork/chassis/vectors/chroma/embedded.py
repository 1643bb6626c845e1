"""Chroma inside this process, its data in a folder: for the laptop, where the whole package `chromadb` is installed."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from chromadb.api import ServerAPI
from chromadb.api.models.Collection import Collection as VendorCollection
from chromadb.config import Settings, System
from chromadb.errors import ChromaError, NotFoundError
from chromadb.types import Collection as CollectionModel

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors.chroma.payloads import (
    COSINE,
    HIT_COLUMNS,
    ITEM_COLUMNS,
    columns_of,
    condition_of,
    hits_of,
    items_of,
)
from coachwork.chassis.vectors.collections import CollectionMissing
from coachwork.chassis.vectors.port import Filter, Hit, Item

_lock = Lock()


class EmbeddedChroma:
    """The engine on a folder, opened at first use; the `Chroma` protocol.

    One process at a time should write to the folder: another sees the change only after a restart.
    """

    ids_a_request = 5_000

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()

    def find(self, name: str, deadline: Deadline | None = None) -> "EmbeddedCollection":  # noqa: ARG002  it waits for nobody
        """Return the collection; raises `CollectionMissing` where there is none."""
        server = _opened(self._path)
        with vendor_errors():
            return _collection(server, server.get_collection(name))

    def create(self, name: str, metadata: Mapping[str, str | int]) -> "EmbeddedCollection":
        """Make a collection compared by cosine, or return the one that somebody else made first."""
        server = _opened(self._path)
        configuration: Any = COSINE  # the vendor's type wants every key of it
        try:
            return _collection(
                server, server.create_collection(name=name, metadata=dict(metadata), configuration=configuration)
            )
        except ChromaError:
            return self.find(name)  # or it raises why not

    def drop(self, name: str) -> None:
        """Remove a collection with everything in it; raises `CollectionMissing` where there is none."""
        server = _opened(self._path)
        with vendor_errors():
            server.delete_collection(name)

    def batch_size(self) -> int:
        """Return how many items the engine takes at once."""
        return _opened(self._path).get_max_batch_size()

    def close(self) -> None:
        """Do nothing: the engine stays for as long as the process, since two on one folder would not agree."""


class EmbeddedCollection:
    """The vendor's collection; the `Collection` protocol."""

    def __init__(self, vendor: VendorCollection) -> None:
        self._vendor = vendor
        self.metadata: Mapping[str, Any] = vendor.metadata or {}

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items."""
        with vendor_errors():
            self._vendor.upsert(**columns_of(items))

    def query(self, embedding: Sequence[float], limit: int, where: Filter | None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items that `where` lets through."""
        asked: dict[str, Any] = {"query_embeddings": [list(embedding)], "include": HIT_COLUMNS}
        with vendor_errors():
            return hits_of(self._vendor.query(n_results=limit, where=condition_of(where), **asked))

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in any order."""
        asked: dict[str, Any] = {"include": ITEM_COLUMNS}
        with vendor_errors():
            return items_of(self._vendor.get(ids=list(ids), **asked))

    def ids(self, where: Filter | None, *, limit: int, offset: int) -> list[str]:
        """Return one page of the ids of the items that `where` lets through."""
        with vendor_errors():
            return self._vendor.get(where=condition_of(where), limit=limit, offset=offset, include=[])["ids"]

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""
        with vendor_errors():
            self._vendor.delete(ids=list(ids))

    def count(self, deadline: Deadline) -> int:  # noqa: ARG002  it waits for nobody
        """Return how many items there are."""
        with vendor_errors():
            return self._vendor.count()


@contextmanager
def vendor_errors() -> Iterator[None]:
    """Turn whatever the engine raises into ours."""
    try:
        yield
    except NotFoundError as error:
        raise CollectionMissing from error
    except ChromaError as error:
        raise VectorIndexUnavailable from error


def _collection(server: ServerAPI, model: CollectionModel) -> EmbeddedCollection:
    return EmbeddedCollection(VendorCollection(client=server, model=model, embedding_function=None))


def _opened(path: Path) -> ServerAPI:
    with _lock:
        return _opened_once(path)


@cache
def _opened_once(path: Path) -> ServerAPI:
    """Open a folder once a process: two engines on one folder do not see each other's writes."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise VectorIndexUnavailable("The folder of the vector index cannot be made") from error
    unread: Any = {"_env_file": None}  # settings come from coachwork's own, not from a file that lies about
    system = System(Settings(**unread, anonymized_telemetry=False, is_persistent=True, persist_directory=str(path)))
    server = system.instance(ServerAPI)  # type: ignore[type-abstract]  # abstract types name what settings choose
    with vendor_errors():
        system.start()
    return server

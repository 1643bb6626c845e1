"""The VectorIndex port on a Chroma collection."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from chromadb.api.models.Collection import Collection
from chromadb.errors import ChromaError, NotFoundError

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors.chroma.connection import ChromaConnection, vendor_errors
from coachwork.chassis.vectors.chroma.limits import within
from coachwork.chassis.vectors.port import Hit, Item, Metadata

Result = TypeVar("Result")

_HEALTH_SECONDS = 1.5
_PAGE = 250
"""Items a request: Chroma Cloud takes 300. Source: docs.trychroma.com/cloud/quotas-limits."""


class EmbedderMismatch(VectorIndexUnavailable):
    """The collection holds another embedder's vectors; comparing them with ours would mean nothing."""

    slug = "vector-index-embedder-mismatch"
    title = "The vector index was made with another embedder"


class ChromaIndex:
    """A collection that remembers whose vectors it holds; made at the first upsert; safe to share by threads.

    Where there is no collection yet, there is nothing in it: only `search` takes that for an error.

    Args:
        connection: the way to Chroma.
        name: the collection's.
        embedder: the name of the embedder that makes every vector.
        dimensions: the length of its vectors.

    Raises:
        EmbedderMismatch: from `search`; from `upsert` too, unless the collection is empty: it is made anew.
    """

    def __init__(self, connection: ChromaConnection, name: str, *, embedder: str, dimensions: int) -> None:
        self._connection = connection
        self._name = name
        self._embedder: dict[str, str | int] = {"embedder": embedder, "dimensions": dimensions}
        self._opened: Collection | None = None

    def upsert(self, items: Sequence[Item]) -> None:
        """Store the items, replacing those with the same id."""

        def write(collection: Collection) -> None:
            self._check(collection)
            for start in range(0, len(items), _PAGE):
                _upsert(collection, items[start : start + _PAGE])

        with vendor_errors():
            if items:
                self._make_ready()
                self._run(write)

    def search(self, embedding: Sequence[float], *, limit: int, where: Metadata | None = None) -> list[Hit]:
        """Return up to `limit` hits, nearest first, among the items that have each pair of `where`."""

        def query(collection: Collection) -> list[Hit]:
            self._check(collection)
            return _query(collection, embedding, limit, where)

        with vendor_errors():
            try:
                return self._run(query)
            except NotFoundError as error:
                raise VectorIndexUnavailable(
                    f"The collection {self._name} does not exist: nothing was loaded into it"
                ) from error

    def get(self, ids: Sequence[str]) -> list[Item]:
        """Return the items that exist, in the order asked."""

        def read(collection: Collection) -> list[Item]:
            found: dict[str, Item] = {}
            for start in range(0, len(ids), _PAGE):
                page = _get(collection, list(ids[start : start + _PAGE]))
                found.update((item.id, item) for item in page)
            return [found[item_id] for item_id in ids if item_id in found]

        return self._run_if_any(read, [])

    def ids(self, where: Metadata | None = None) -> list[str]:
        """Return the ids of the items that have each pair of `where`, sorted."""

        def read(collection: Collection) -> list[str]:
            found: list[str] = []
            while True:
                page = collection.get(where=_where(where), limit=_PAGE, offset=len(found), include=[])["ids"]
                found.extend(page)
                if len(page) < _PAGE:
                    return sorted(found)

        return self._run_if_any(read, [])

    def delete(self, ids: Sequence[str]) -> None:
        """Remove the items; an unknown id is no error."""

        def remove(collection: Collection) -> None:
            for start in range(0, len(ids), _PAGE):
                collection.delete(ids=list(ids[start : start + _PAGE]))

        self._run_if_any(remove, None)

    def count(self) -> int:
        """Return how many items there are; answers or fails within 1.5 s."""
        self._connection.server()  # importing and opening are not what the limit is for
        with within(_HEALTH_SECONDS):
            return self._run_if_any(lambda collection: collection.count(), 0)

    def _run_if_any(self, operation: Callable[[Collection], Result], otherwise: Result) -> Result:
        with vendor_errors():
            try:
                return self._run(operation)
            except NotFoundError:
                return otherwise

    def _run(self, operation: Callable[[Collection], Result]) -> Result:
        """Run the operation; once more when the collection was replaced since it was opened."""
        remembered = self._opened
        if remembered is not None:
            try:
                return operation(remembered)
            except NotFoundError:
                self._opened = None
        collection = self._opened = self._connection.open(self._name)
        return operation(collection)

    def _make_ready(self) -> None:
        """Make the collection where there is none, or none but an empty one of another embedder."""
        try:
            collection = self._connection.open(self._name)
            if self._is_ours(collection) or collection.count():
                return
            self._connection.drop(self._name)
        except NotFoundError:
            pass
        try:
            self._opened = self._connection.create(self._name, self._embedder)
        except ChromaError:
            self._opened = self._connection.open(self._name)  # somebody else was first, or it raises why not

    def _check(self, collection: Collection) -> None:
        if not self._is_ours(collection):
            theirs, ours = _described(collection.metadata or {}), _described(self._embedder)
            raise EmbedderMismatch(
                f"The collection {self._name} holds vectors of {theirs}, not of {ours}: load it anew"
            )

    def _is_ours(self, collection: Collection) -> bool:
        theirs = collection.metadata or {}
        return all(theirs.get(key) == value for key, value in self._embedder.items())


def _described(metadata: Any) -> str:
    return f"{metadata.get('embedder', 'an unknown embedder')} ({metadata.get('dimensions', '?')} dimensions)"


def _where(pairs: Metadata | None) -> Any:
    conditions = [{key: value} for key, value in (pairs or {}).items()]
    if not conditions:
        return None
    return conditions[0] if len(conditions) == 1 else {"$and": conditions}


def _upsert(collection: Collection, items: Sequence[Item]) -> None:
    # the vendor wants lists within lists, and takes no metadata as None, against its own annotations
    embeddings: Any = [list(item.embedding) for item in items]
    metadatas: Any = [dict(item.metadata) or None for item in items]
    collection.upsert(
        ids=[item.id for item in items],
        embeddings=embeddings,
        documents=[item.text for item in items],
        metadatas=metadatas,
    )


def _query(collection: Collection, embedding: Sequence[float], limit: int, where: Metadata | None) -> list[Hit]:
    embeddings: Any = [list(embedding)]
    found: Any = collection.query(
        query_embeddings=embeddings,
        n_results=limit,
        where=_where(where),
        include=["documents", "metadatas", "distances"],
    )
    columns = (found[key][0] for key in ("ids", "documents", "distances", "metadatas"))
    return [
        Hit(item_id, text, 1.0 - distance, metadata or {})
        for item_id, text, distance, metadata in zip(*columns, strict=True)
    ]


def _get(collection: Collection, ids: list[str]) -> list[Item]:
    found: Any = collection.get(ids=ids, include=["documents", "metadatas", "embeddings"])
    columns = (found[key] for key in ("ids", "documents", "embeddings", "metadatas"))
    return [
        Item(item_id, text, [float(value) for value in vector], metadata or {})
        for item_id, text, vector, metadata in zip(*columns, strict=True)
    ]

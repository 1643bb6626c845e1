"""What the collections of every engine have in common: they may be missing, and they hold one embedder's vectors."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from coachwork.chassis.errors import VectorIndexUnavailable


class CollectionMissing(Exception):
    """There is no such collection, or no longer: an engine's word, never seen by a service."""


class EmbedderMismatch(VectorIndexUnavailable):
    """The collection holds another embedder's vectors; comparing them with ours would mean nothing."""

    slug = "vector-index-embedder-mismatch"
    title = "The vector index was made with another embedder"


def embedder_mismatch(name: str, theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> EmbedderMismatch:
    """Return the refusal, which names both embedders."""
    return EmbedderMismatch(
        f"The collection {name} holds vectors of {_described(theirs)}, not of {_described(ours)}: load it anew"
    )


@contextmanager
def missing_refused(name: str) -> Iterator[None]:
    """Turn `CollectionMissing` into our error, for who cannot do without."""
    try:
        yield
    except CollectionMissing as error:
        raise VectorIndexUnavailable(f"The collection {name} does not exist: nothing was loaded into it") from error


def _described(embedder: Mapping[str, Any]) -> str:
    return f"{embedder.get('embedder', 'an unknown embedder')} ({embedder.get('dimensions', '?')} dimensions)"

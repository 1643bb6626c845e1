"""An index, and a search by it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.chassis.keywords.shelf import Shelf

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.keywords import KeywordHits, KeywordIndex, Source


@pytest.fixture
def shelf() -> Shelf:
    """Return a shelf with a lease and a manual."""
    return Shelf()


@pytest.fixture
def index(tmp_path: Path) -> KeywordIndex:
    """Return an index in a folder of its own."""
    return KeywordIndex(tmp_path / "words")


@pytest.fixture
def ask(index: KeywordIndex, shelf: Shelf) -> Callable[..., KeywordHits]:
    """Return a search as Ada, of everything on the shelf."""

    def search(
        query: str,
        within: tuple[Source, ...] | None = None,
        owner: str = "ada",
        *,
        only: bool = False,
        seconds: float = 60,
    ) -> KeywordHits:
        found = tuple(shelf.documents) if within is None else within
        return index.search(owner, query, found, shelf.load, limit=10, deadline=Deadline(seconds), only=only)

    return search

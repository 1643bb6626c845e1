"""Items in and out: one contract for every vector index."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.contract.vector_indexes.items import EAST, ITEMS, NORTH, NORTH_EAST

from coachwork.chassis.vectors import Item, VectorIndex
from coachwork.chassis.vectors.collections import EmbedderMismatch


class TestUpsert:
    """Items come in."""

    def test_stores_items(self, index: VectorIndex) -> None:
        """What was stored is counted."""
        assert 3 == index.count()

    def test_replaces_an_item_with_the_same_id(self, index: VectorIndex) -> None:
        """The last one stands, text, vector and metadata."""
        index.upsert([Item("east", "Towards the evening's back", NORTH, {"kind": "other"})])

        (item,) = index.get(["east"])
        assert "Towards the evening's back" == item.text
        assert list(NORTH) == pytest.approx(item.embedding)
        assert "other" == item.metadata["kind"]

    def test_takes_an_item_without_metadata(self, index: VectorIndex) -> None:
        """Metadata may be empty."""
        index.upsert([Item("down", "To the ground", (0.0, 0.0, 1.0))])

        assert {} == index.get(["down"])[0].metadata

    def test_takes_more_items_than_one_request_does(self, open_index: Callable[..., VectorIndex]) -> None:
        """A large load is split, and listed whole."""
        index = open_index()
        index.upsert([Item(f"{number:04}", "", EAST) for number in range(600)])

        assert [f"{number:04}" for number in range(600)] == index.ids()

    def test_of_nothing_makes_nothing(self, open_index: Callable[..., VectorIndex]) -> None:
        """No items, no request, no collection."""
        index = open_index()
        index.upsert([])

        assert 0 == index.count()


class TestGet:
    """Items by id."""

    def test_returns_items_in_the_order_asked(self, index: VectorIndex) -> None:
        """An unknown id is left out."""
        assert ["north", "east"] == [item.id for item in index.get(["north", "nowhere", "east"])]

    def test_returns_the_item_as_it_was_stored(self, index: VectorIndex) -> None:
        """Text, vector and metadata come back."""
        (item,) = index.get(["north-east"])

        assert ("Between the two", {"kind": "corner", "degrees": 53}) == (item.text, item.metadata)
        assert list(NORTH_EAST) == pytest.approx(item.embedding)

    def test_of_a_missing_collection_is_empty(self, open_index: Callable[..., VectorIndex]) -> None:
        """Nothing was stored, so nothing is there."""
        assert [] == open_index().get(["east"])


class TestIds:
    """What there is."""

    def test_are_sorted(self, index: VectorIndex) -> None:
        """All of them, in order."""
        assert ["east", "north", "north-east"] == index.ids()

    def test_keep_to_a_metadata_pair(self, index: VectorIndex) -> None:
        """Only those of that value."""
        assert ["east", "north"] == index.ids({"kind": "side"})

    def test_keep_to_any_of_several_values(self, index: VectorIndex) -> None:
        """Those that have one of them, or none of none."""
        assert ["north", "north-east"] == index.ids({"degrees": [0, 53, 1]})
        assert [] == index.ids({"degrees": []})

    def test_of_a_missing_collection_are_none(self, open_index: Callable[..., VectorIndex]) -> None:
        """Nothing was stored."""
        assert [] == open_index().ids()


class TestDelete:
    """Items go."""

    def test_removes_items_and_ignores_unknown_ids(self, index: VectorIndex) -> None:
        """What is gone is gone; what never was is no error."""
        index.delete(["east", "nowhere"])

        assert ["north", "north-east"] == index.ids()

    def test_of_nothing_removes_nothing(self, index: VectorIndex) -> None:
        """An empty list never means all."""
        index.delete([])

        assert 3 == index.count()

    def test_in_a_missing_collection_is_no_error(self, open_index: Callable[..., VectorIndex]) -> None:
        """There is nothing to remove."""
        open_index().delete(["east"])

        assert 0 == open_index().count()


class TestEmbedder:
    """A collection remembers whose vectors it holds."""

    def test_another_embedder_cannot_search(self, open_index: Callable[..., VectorIndex]) -> None:
        """The refusal names both."""
        open_index().upsert(ITEMS)

        with pytest.raises(EmbedderMismatch, match=r"compass-1 \(3 dimensions\).*other-2 \(4 dimensions\)"):
            open_index("other-2", 4).search((1.0, 0.0, 0.0, 0.0), limit=1)

    def test_another_embedder_cannot_add(self, index: VectorIndex, open_index: Callable[..., VectorIndex]) -> None:
        """Even of the same length, vectors of two embedders are never mixed."""
        with pytest.raises(EmbedderMismatch):
            open_index("other-2").upsert([Item("up", "", EAST)])
        assert 3 == index.count()

    def test_another_embedder_takes_over_an_empty_collection(
        self, index: VectorIndex, open_index: Callable[..., VectorIndex]
    ) -> None:
        """Once the old vectors are gone, the collection is made anew, of the new length."""
        successor = open_index("other-2", 4)
        successor.delete(successor.ids())
        successor.upsert([Item("up", "To the sky", (0.0, 0.0, 0.0, 1.0))])

        assert ["up"] == [hit.id for hit in successor.search((0.0, 0.0, 0.0, 1.0), limit=5)]
        with pytest.raises(EmbedderMismatch):
            index.search(EAST, limit=1)


class TestThreads:
    """One index, many threads."""

    def test_share_an_index(self, open_index: Callable[..., VectorIndex]) -> None:
        """Writers that race to make the collection lose nothing."""
        index = open_index()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: index.upsert([Item(str(number), "", EAST)]), range(24)))
            hits = list(pool.map(lambda _: len(index.search(EAST, limit=50)), range(24)))

        assert [24] * 24 == hits

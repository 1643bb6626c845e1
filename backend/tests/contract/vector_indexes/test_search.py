"""Searching: one contract for every vector index."""

from collections.abc import Callable

import pytest
from tests.contract.vector_indexes.items import EAST, NORTH

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors import Item, VectorIndex


class TestSearch:
    """The nearest come out."""

    def test_returns_the_nearest_first(self, index: VectorIndex) -> None:
        """Hits are ordered by cosine similarity, which is their score."""
        hits = index.search(EAST, limit=2)

        assert [("east", "Towards the sunrise"), ("north-east", "Between the two")] == [
            (hit.id, hit.text) for hit in hits
        ]
        assert [1.0, 0.6] == pytest.approx([hit.score for hit in hits], abs=1e-5)

    def test_returns_all_when_there_are_fewer_than_the_limit(self, index: VectorIndex) -> None:
        """A limit beyond the collection's size is no error."""
        assert 3 == len(index.search(EAST, limit=50))

    def test_keeps_to_a_metadata_pair(self, index: VectorIndex) -> None:
        """Only items with that value are candidates."""
        assert ["north-east"] == [hit.id for hit in index.search(EAST, limit=3, where={"kind": "corner"})]

    def test_keeps_to_every_metadata_pair(self, index: VectorIndex) -> None:
        """Several pairs must all hold."""
        hits = index.search(EAST, limit=3, where={"kind": "side", "degrees": 0})

        assert ["north"] == [hit.id for hit in hits]

    def test_keeps_to_any_of_several_values(self, index: VectorIndex) -> None:
        """A sequence lets through whoever has one of its values, known or not, of whichever type."""
        hits = index.search(NORTH, limit=3, where={"kind": "side", "degrees": [7, 90, 0]})
        named = index.search(NORTH, limit=3, where={"kind": ("corner", "nook")})

        assert ["north", "east"] == [hit.id for hit in hits]
        assert ["north-east"] == [hit.id for hit in named]

    def test_keeps_to_one_of_one_value(self, index: VectorIndex) -> None:
        """A sequence of one is that one."""
        assert ["north-east"] == [hit.id for hit in index.search(EAST, limit=3, where={"kind": ["corner"]})]

    def test_of_none_of_the_values_finds_nothing(self, index: VectorIndex) -> None:
        """No value lets nothing through, and never means any."""
        assert [] == index.search(EAST, limit=3, where={"kind": "side", "degrees": []})

    def test_takes_a_thousand_values(self, index: VectorIndex) -> None:
        """As many as somebody has documents."""
        where = {"degrees": [90, *range(1000, 1999)]}

        assert ["east"] == [hit.id for hit in index.search(NORTH, limit=3, where=where)]

    def test_finds_each_of_what_is_rare(self, open_index: Callable[..., VectorIndex]) -> None:
        """Few items that a filter lets through are all found, far away among many equal ones that it does not."""
        index = open_index()
        index.upsert([Item(f"{number:04}", "", EAST, {"owner": "other", "page": number}) for number in range(500)])
        index.upsert([Item(f"own-{number}", "", NORTH, {"owner": "own", "page": number}) for number in range(5)])

        hits = index.search(EAST, limit=5, where={"owner": "own", "page": list(range(100))})

        assert [f"own-{number}" for number in range(5)] == sorted(hit.id for hit in hits)

    def test_returns_metadata_with_its_types(self, index: VectorIndex) -> None:
        """A number stays a number."""
        assert {"kind": "side", "degrees": 90} == index.search(EAST, limit=1)[0].metadata

    def test_of_a_missing_collection_is_refused(self, open_index: Callable[..., VectorIndex], name: str) -> None:
        """An index nothing was loaded into says so, rather than finding nothing."""
        with pytest.raises(VectorIndexUnavailable, match=f"{name} does not exist"):
            open_index().search(EAST, limit=1)

    def test_sees_what_another_index_stored(self, index: VectorIndex, open_index: Callable[..., VectorIndex]) -> None:
        """Two indexes on one collection share it."""
        open_index().upsert([Item("west", "Towards the sunset", (-1.0, 0.0, 0.0))])

        assert ["west"] == [hit.id for hit in index.search((-1.0, 0.0, 0.0), limit=1)]

"""One order out of several."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.knowledge.domain.fusion import fused

ORDERS = st.dictionaries(st.sampled_from(["vector", "keyword", "third"]), st.lists(st.integers(0, 20), max_size=20))


class TestFused:
    """Reciprocal rank fusion."""

    def test_what_both_have_comes_before_what_one_has_first(self) -> None:
        """Second in two orders is better than first in one."""
        found = fused({"vector": ["a", "b"], "keyword": ["c", "b"]})
        assert ["b", "a", "c"] == [one.key for one in found]

    def test_the_score_is_the_papers(self) -> None:
        """A sum of one over sixty and the place."""
        [best, *_] = fused({"vector": ["a", "b"], "keyword": ["c", "b"]})
        assert float(Fraction(1, 62) + Fraction(1, 62)) == best.score

    def test_tells_the_places(self) -> None:
        """Each order that has a thing is named with its place there, and no other."""
        found = {one.key: one.ranks for one in fused({"vector": ["a", "b"], "keyword": ["b"]})}
        assert {"a": {"vector": 1}, "b": {"vector": 2, "keyword": 1}} == found

    def test_of_nothing_is_nothing(self) -> None:
        """Orders without a thing have none first."""
        assert [] == fused({"vector": [], "keyword": []})

    @given(ORDERS)
    def test_has_everything_once_and_the_best_first(self, orders: dict[str, list[int]]) -> None:
        """Whatever the orders are, nothing is lost or doubled, and no score is larger than the one before."""
        found = fused(orders)
        assert sorted({key for order in orders.values() for key in order}) == sorted(one.key for one in found)
        assert all(before.score >= after.score for before, after in pairwise(found))

    @given(st.lists(st.integers(), unique=True))
    def test_one_order_stays_as_it_is(self, order: list[int]) -> None:
        """With nothing to fuse it with, an order is kept."""
        assert order == [one.key for one in fused({"vector": order})]

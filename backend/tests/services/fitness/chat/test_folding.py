"""How much of a conversation is folded into its summary."""

from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.summaries import KEPT_TURNS, MOST_CHARACTERS, fitting, foldable, is_due


class TestHowMuch:
    """is_due, foldable and fitting."""

    @given(st.integers(0, 200), st.integers(0, 200))
    def test_folding_leaves_the_newest(self, turns: int, summarised: int) -> None:
        """What is due has something to fold, and the newest are never folded."""
        count = foldable(turns, summarised)
        assert 0 <= count
        assert not is_due(turns, summarised) or count > 0
        assert count == 0 or summarised + count <= turns - KEPT_TURNS

    @given(st.text())
    def test_a_summary_fits(self, text: str) -> None:
        """Whatever a model writes."""
        assert len(fitting(text * 50)) <= MOST_CHARACTERS

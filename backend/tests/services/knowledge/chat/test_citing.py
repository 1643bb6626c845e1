"""What an answer's markers are held against."""

from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.knowledge.domain.chunks import Chunk
from coachwork.services.knowledge.domain.citing import excerpt_for, statements

_LEASE = (
    "The rent is due on the third working day. Either party may end the lease with three months' notice, in writing."
    " The deposit is paid back within six weeks. Pets need the landlord's consent."
)


def _chunk(text: str, start: int = 0) -> Chunk:
    return Chunk(number=4, page=2, start=start, end=start + len(text), heading=None, text=text)


class TestStatements:
    """Which words of an answer a marker stands for."""

    def test_are_what_stands_before_the_marker(self) -> None:
        """The text since the marker before."""
        answer = "The notice is three months [1]. The deposit is back in six weeks [2]."
        assert "The notice is three months" == statements(answer, 1)
        assert "The deposit is back in six weeks" in statements(answer, 2)

    def test_are_those_of_every_place(self) -> None:
        """A marker may stand twice."""
        assert "One Three" == statements("One [1] Two [2]\n\nThree [1]", 1)

    def test_belong_to_all_markers_in_a_row(self) -> None:
        """Two passages may say the same."""
        assert statements("Both say so [1][2].", 1) == statements("Both say so [1][2].", 2)

    def test_do_not_reach_over_paragraphs(self) -> None:
        """A paragraph before, without a marker, leans on nothing."""
        assert "Notice is long" == statements("Greetings to you.\n\nNotice is long [1].", 1)


class TestExcerpt:
    """The words shown with a citation."""

    def test_is_the_sentence_that_says_it(self) -> None:
        """Of several sentences the one that has most in common."""
        found = excerpt_for("The notice period is three months", _chunk(_LEASE))
        assert "Either party may end the lease with three months' notice, in writing." == found.text

    def test_stands_where_it_says_on_the_page(self) -> None:
        """Offsets are those of the page, not of the chunk."""
        page = "Lease of a flat\n\n" + _LEASE
        found = excerpt_for("deposit six weeks", _chunk(_LEASE, start=17))
        assert found.text == page[found.start : found.end]
        assert "The deposit is paid back within six weeks." == found.text

    def test_is_not_endless(self) -> None:
        """A line without any sentence's end is cut at a word."""
        found = excerpt_for("word", _chunk("word " * 1_000))
        assert len(found.text) <= 400
        assert found.text.endswith("word")

    @given(
        st.text(min_size=1, max_size=600).filter(lambda text: text.strip()), st.text(max_size=60), st.integers(0, 99)
    )
    def test_is_always_word_for_word(self, text: str, statement: str, start: int) -> None:
        """Whatever the text is, the excerpt is a part of it, and where it says."""
        found = excerpt_for(statement, _chunk(text, start))
        assert found.text == text[found.start - start : found.end - start]
        assert found.text

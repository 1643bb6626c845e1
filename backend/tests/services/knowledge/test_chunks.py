"""Pages cut into chunks."""

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coachwork.chassis.pdf import PageText
from coachwork.services.knowledge.domain.chunks import Chunk, chunks_of

SENTENCES = [f"Sentence number {number} says a thing or two about training." for number in range(40)]
PROSE = " ".join(SENTENCES)


def cut(*pages: str, characters: int = 1200, overlap_sentences: int = 1) -> list[Chunk]:
    """Cut pages."""
    numbered = [PageText(number, text) for number, text in enumerate(pages, 1)]
    return list(chunks_of(numbered, characters=characters, overlap_sentences=overlap_sentences))


def texts(chunks: Sequence[Chunk]) -> list[str]:
    """Return the chunks' texts."""
    return [chunk.text for chunk in chunks]


written = (
    st.text()
    | st.text(alphabet="aB1 .!?\n-•|#e\u0301\u200d漢。")
    | st.lists(
        st.sampled_from(
            ["1. Squat", "Rest well. Eat. ", "HEADING", "12 30 45", "\n", "Dr. No", "3.5 kg ", "#", "\u05d0\u05d1 "]
        )
    ).map("\n".join)
)


class TestAnyText:
    """What holds of whatever a page says."""

    @given(st.lists(written, max_size=4), st.integers(1, 60), st.integers(0, 3))
    @example(["é" * 100], 1, 2)
    @example(["a\u0301" * 100], 7, 1)
    def test_every_character_is_in_a_chunk(self, pages: list[str], characters: int, overlap: int) -> None:
        """Offsets are exact, numbers run on, no chunk is empty or too long, and what is in none is white space."""
        chunks = cut(*pages, characters=characters, overlap_sentences=overlap)
        assert list(range(len(chunks))) == [chunk.number for chunk in chunks]
        covered = [set[int]() for _ in pages]
        for chunk in chunks:
            assert pages[chunk.page - 1][chunk.start : chunk.end] == chunk.text == chunk.text.strip()
            assert 0 < len(chunk.text) <= characters
            covered[chunk.page - 1].update(range(chunk.start, chunk.end))
        for page, places in zip(pages, covered, strict=True):
            assert "" == "".join(one for place, one in enumerate(page) if place not in places).strip()

    @given(st.lists(written, max_size=4), st.integers(1, 60), st.integers(0, 3))
    def test_chunks_go_forward(self, pages: list[str], characters: int, overlap: int) -> None:
        """Each begins and ends after the one before it on its page."""
        chunks = cut(*pages, characters=characters, overlap_sentences=overlap)
        for one, other in pairwise(chunks):
            assert (one.page, one.start, one.end) < (other.page, other.start, other.end)
            assert one.page < other.page or (one.start < other.start and one.end < other.end)

    @pytest.mark.parametrize("line", ["a" * 100_000, "a b " * 25_000, "漢字。" * 33_333, "\u0301" * 100_000])
    def test_a_line_of_any_length_is_cut(self, line: str) -> None:
        """Even one without a gap or an end."""
        assert all(len(chunk.text) <= 1200 for chunk in cut(line))

    def test_nothing_gives_nothing(self) -> None:
        """No page, or none with a letter."""
        assert [] == cut() == cut("", " \n\t ")

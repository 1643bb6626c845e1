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


class TestSize:
    """How long chunks are."""

    def test_a_chunk_is_made_of_whole_sentences(self) -> None:
        """As many as it takes, and chunks are about equally long."""
        chunks = cut(PROSE, characters=1000, overlap_sentences=0)
        assert PROSE == " ".join(texts(chunks))
        assert all(chunk.text.endswith("training.") for chunk in chunks)
        lengths = [len(chunk.text) for chunk in chunks]
        assert max(lengths) - min(lengths) < 3 * len(SENTENCES[0])

    def test_a_chunk_repeats_the_end_of_the_one_before(self) -> None:
        """So many sentences."""
        for overlap in (1, 2):
            for one, other in pairwise(cut(PROSE, characters=1000, overlap_sentences=overlap)):
                assert other.text.startswith(". ".join(one.text.split(". ")[-overlap:]))

    def test_pages_are_not_joined(self) -> None:
        """A citation names one."""
        assert [(1, "Rest well."), (2, "Sleep well.")] == [
            (one.page, one.text) for one in cut("Rest well.", "Sleep well.")
        ]

    def test_a_sentence_that_is_too_long_is_cut_between_words(self) -> None:
        """At the end of a line where there is one near."""
        line = "and so on and on it goes"
        assert all(one.endswith("goes") for one in texts(cut("\n".join([line] * 20), characters=60)))


class TestSentences:
    """Where a chunk may end."""

    @pytest.mark.parametrize(
        "text",
        [
            "Dr. Smith et al. (2019) saw this. It held.",
            "Take 3.5 kg, e.g. Monday, i.e. early. It held.",
            "See Fig. 3 and No. 4 in Vol. 2. It held.",
            "J. R. Smith asked: is it so? It held.",
            "Wait... what did he say? It held.",
            "He said “Rest.” and left! It held.",
            "The U.S. Army did it... twice. It held.",
        ],
    )
    def test_an_abbreviation_is_no_end(self, text: str) -> None:
        """Nor is a decimal, an initial, an ellipsis within."""
        first, _, _ = text.rpartition(" It held.")
        assert [first, "It held."] == texts(cut(text, characters=len(first), overlap_sentences=0))

    def test_other_scripts_end_theirs(self) -> None:
        """Without a gap after the sign, or from right to left."""
        assert ["休息很重要。", "睡眠也是。"] == texts(cut("休息很重要。睡眠也是。", characters=6))
        assert ["שלום לך.", "מה נשמע?"] == texts(cut("שלום לך. מה נשמע?", characters=9))


class TestHeadings:
    """What a chunk stands under."""

    PAGE = (
        "Rest is when it happens, as everybody knows who has trained for long.\n"
        "2.1 Sleep\n"
        "Adults need seven to nine hours. Less costs strength within a week or two.\n"
        "Naps in short\n"
        "Twenty minutes are enough. More makes drowsy, as the studies of the table show.\n"
    )

    def test_each_section_is_a_chunk(self) -> None:
        """Headings are known by number or by form, and begin theirs; one goes on over pages."""
        chunks = cut(self.PAGE, "It goes on here.")
        assert ["", "2.1 Sleep", "Naps in short", "Naps in short"] == [chunk.heading for chunk in chunks]
        assert [None, "2.1 Sleep", "Naps in short"] == [
            chunk.text.split("\n")[0] if chunk.heading else None for chunk in chunks[:3]
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "and so it was with all of them",
            "It ends with a stop.",
            "12 34 56",
            "x = 3(y + 2) - 4z",
            "Sleep … 17",
            "if (a) {",
        ],
    )
    def test_another_line_is_none(self, line: str) -> None:
        """The rest of a sentence, a sentence, numbers, a formula, an entry of a table of contents, code."""
        [chunk] = cut(
            f"It was good for everybody who tried it for long enough.\n{line}\nAnd so it went on after that for all."
        )
        assert "" == chunk.heading

    def test_many_in_a_row_are_a_list(self) -> None:
        """As on a slide, or in a table of contents."""
        lines = "\n".join(f"{number} Chapter of Things" for number in range(1, 9))
        assert [""] == [chunk.heading for chunk in cut(lines)]


class TestTables:
    """Rows."""

    ROWS = "\n".join(f"Squat {number} {number + 5} {number}2.5 kg" for number in range(1, 9))

    def test_a_table_stays_whole(self) -> None:
        """Where it fits into a chunk, what is before it ends the one before."""
        before = "Plans differ. " * 10
        chunks = cut(f"{before}\n{self.ROWS}\nThat is all. {before}", characters=260, overlap_sentences=0)
        assert [self.ROWS] == [self.ROWS for text in texts(chunks) if self.ROWS in text]

    def test_a_long_one_is_cut_between_rows(self) -> None:
        """Never within one."""
        rows = self.ROWS.split("\n")
        assert rows == [row for text in texts(cut(self.ROWS, characters=60)) for row in text.split("\n")]

    def test_a_list_is_cut_between_items(self) -> None:
        """An item's number stays with it."""
        items = [f"{number}. Squat as deep as you can" for number in range(1, 7)]
        assert items == [
            item
            for text in texts(cut("\n".join(items), characters=70, overlap_sentences=0))
            for item in text.split("\n")
        ]

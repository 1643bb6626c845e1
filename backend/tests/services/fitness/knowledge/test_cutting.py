"""Cutting documents into passages."""

from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.knowledge.passages import (
    MAX_CHARACTERS,
    Cut,
    cuts_of,
    document_id_of,
    passage_ids,
    plain,
    title_of,
)

MARKDOWN = """Before any heading.

# Creatine

What it is.

## Dose

3 to 5 g a day.

### Loading

20 g a day for a week.

## Safety ##

Healthy kidneys cope.

```
# no heading, but code
```
"""


def markdown(text: str) -> list[Cut]:
    """Cut Markdown."""
    return cuts_of([text], has_headings=True, is_paged=False)


class TestHeadings:
    """Markdown is cut at its headings."""

    def test_each_section_is_a_piece(self) -> None:
        """With the headings that lead to it; a deeper one ends with the next of its rank."""
        expected = [
            ((), "Before any heading."),
            (("Creatine",), "What it is."),
            (("Creatine", "Dose"), "3 to 5 g a day."),
            (("Creatine", "Dose", "Loading"), "20 g a day for a week."),
            (("Creatine", "Safety"), "Healthy kidneys cope.\n\n```\n# no heading, but code\n```"),
        ]
        assert expected == [(cut.headings, cut.text) for cut in markdown(MARKDOWN)]

    def test_plain_text_has_none(self) -> None:
        """A line that begins with # is a line."""
        cuts = cuts_of(["# 1 rule: rest"], has_headings=False, is_paged=False)
        assert [Cut((), "# 1 rule: rest")] == cuts

    def test_a_heading_without_text_is_no_piece(self) -> None:
        """Nor is a line of dashes."""
        assert [] == markdown("# One\n\n---\n\n## Two\n")


class TestSize:
    """No piece is longer than a passage may be."""

    def test_short_paragraphs_share_one(self) -> None:
        """They belong together."""
        assert ["One.\n\nTwo."] == [cut.text for cut in markdown("One.\n\nTwo.")]

    def test_a_long_paragraph_is_cut_between_sentences(self) -> None:
        """Each piece ends where a sentence does."""
        sentence = "Rest for two minutes between heavy sets of a compound lift. "
        texts = [cut.text for cut in markdown(sentence * 50)]
        assert len(texts) == 3
        assert all(text.endswith("lift.") for text in texts)
        assert (sentence * 50).strip() == " ".join(texts)

    @given(st.text(), st.booleans())
    def test_nothing_is_lost(self, text: str, is_paged: bool) -> None:
        """Of plain text every word is in a piece, in order, and each piece fits."""
        cuts = cuts_of([text], has_headings=False, is_paged=is_paged)
        assert all(0 < len(cut.text) <= MAX_CHARACTERS for cut in cuts)
        kept = "".join(one for cut in cuts for one in cut.text if one.isalnum())
        assert "".join(one for one in text if one.isalnum()) == kept

    @given(st.text(alphabet="# \n.ab`"))
    def test_any_markdown_can_be_cut(self, text: str) -> None:
        """Every piece has a word and fits."""
        assert all(0 < len(cut.text) <= MAX_CHARACTERS and any(map(str.isalnum, cut.text)) for cut in markdown(text))


class TestPages:
    """A PDF's pages."""

    def test_a_piece_knows_its_page(self) -> None:
        """An empty page counts and gives none."""
        cuts = cuts_of(["Rest between sets.", "", "Sleep."], has_headings=False, is_paged=True)
        assert [Cut((), "Rest between sets.", 1), Cut((), "Sleep.", 3)] == cuts


class TestNames:
    """Titles and ids."""

    def test_a_title_names_the_headings(self) -> None:
        """One that repeats the document's is left out."""
        assert "Creatine: Dose" == title_of("Creatine", ("creatine", "Dose"))

    def test_a_document_is_known_by_its_title(self) -> None:
        """However it is spaced and capitalised."""
        assert document_id_of("Creatine in Short") == document_id_of(" creatine  in short")
        assert document_id_of("Creatine") != document_id_of("Caffeine")

    def test_passages_of_another_text_have_other_ids(self) -> None:
        """So a citation never points at words that changed."""
        assert ["doc-x-0102-0001", "doc-x-0102-0002"] == passage_ids("doc-x", b"\1\2", 2)


class TestPlain:
    """What no text has is taken out."""

    def test_controls_go(self) -> None:
        """NUL, escapes and half surrogates; lines stay."""
        assert "a\nb\tc" == plain("a\r\nb\tc\x00\x1b\ud800")

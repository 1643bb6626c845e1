"""Pages of text, and files that have none to give."""

from pathlib import Path

import pytest
from tests.pdfs import pdf

from coachwork.chassis.pdf import PageText, PdfLimits, UnreadablePdf, page_count, read_pages

WHOLE = pdf(["Rest between sets.", "", "Sleep well."])


def reason(content: bytes, limits: PdfLimits | None = None) -> str:
    """Return why a file cannot be read."""
    with pytest.raises(UnreadablePdf) as raised:
        list(read_pages(content, limits or PdfLimits()))
    return raised.value.reason


class TestPages:
    """read_pages."""

    def test_gives_each_page(self) -> None:
        """A page without text is empty."""
        expected = [PageText(1, "Rest between sets."), PageText(2, ""), PageText(3, "Sleep well.")]
        assert expected == list(read_pages(WHOLE))

    def test_reads_a_file(self, tmp_path: Path) -> None:
        """Where it lies, and leaves it there."""
        path = tmp_path / "training.pdf"
        path.write_bytes(WHOLE)
        assert "Sleep well." == list(read_pages(path))[2].text
        assert [path] == list(tmp_path.iterdir())

    def test_goes_on_where_it_is_told(self) -> None:
        """The pages keep their numbers; after the last there is nothing, and that is no failure."""
        assert [PageText(3, "Sleep well.")] == list(read_pages(WHOLE, first_page=3))
        assert [] == list(read_pages(WHOLE, first_page=4))

    def test_counts_them_first(self) -> None:
        """Without reading any."""
        assert 3 == page_count(WHOLE)

"""Pages of text, and files that have none to give."""

from pathlib import Path

import pytest
from tests.pdfs import pdf

from coachwork.chassis.pdf import PageText, PdfLimits, UnreadablePdf, is_pdf, opened_pdf, read_pages

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
        with opened_pdf(WHOLE) as pdf:
            assert 3 == pdf.page_count


class TestLimits:
    """What a file may be."""

    def test_another_file_is_no_pdf(self) -> None:
        """Nor is none."""
        assert ("not-a-pdf", "not-a-pdf") == (reason(b"Save it as a PDF."), reason(b""))

    def test_a_file_has_only_so_many_bytes(self) -> None:
        """Nothing of a larger one is read."""
        assert "too-large" == reason(WHOLE, PdfLimits(size_bytes=len(WHOLE) - 1))
        assert 3 == len(list(read_pages(WHOLE, PdfLimits(size_bytes=len(WHOLE)))))

    def test_a_file_has_only_so_many_pages(self) -> None:
        """It says how many, and how many there may be."""
        with pytest.raises(UnreadablePdf, match="has 3 pages, and may have 2") as raised:
            list(read_pages(WHOLE, PdfLimits(pages=2)))
        assert "too-many-pages" == raised.value.reason

    def test_a_file_without_text_is_told_after_its_pages(self) -> None:
        """There may have been some on another."""
        pages = read_pages(pdf(["", ""]))
        assert [PageText(1, ""), PageText(2, "")] == [next(pages), next(pages)]
        with pytest.raises(UnreadablePdf, match="looks scanned"):
            next(pages)

    def test_a_failure_is_a_problem_of_the_request(self) -> None:
        """422, of one type whatever the reason."""
        with pytest.raises(UnreadablePdf) as raised:
            list(read_pages(b""))
        assert (422, "unreadable-pdf") == (raised.value.status, raised.value.slug)


class TestRecognition:
    """is_pdf."""

    def test_looks_at_the_beginning(self) -> None:
        """Text that only speaks of PDFs is none."""
        assert (True, False) == (is_pdf(WHOLE), is_pdf(b"Save it as a PDF."))

"""The text of PDFs."""

from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from tests.pdfs import pdf

from coachwork.chassis.pdf import MAX_PAGES, UnreadablePdf, is_pdf, pages_of

WHOLE = pdf(["Rest between sets.", "", "Sleep well."])


class TestPages:
    """pages_of."""

    def test_gives_each_page(self) -> None:
        """A page without text is empty."""
        assert ["Rest between sets.", "", "Sleep well."] == pages_of(WHOLE, max_characters=100)

    def test_refuses_a_broken_one(self) -> None:
        """Cut in half."""
        with pytest.raises(UnreadablePdf, match="no whole PDF"):
            pages_of(b"%PDF-1.4\nand nothing else", max_characters=100)

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_damage_is_told_as_such(self, data: st.DataObject) -> None:
        """Whatever byte is another, the pages are read or refused, and nothing else happens."""
        damaged = bytearray(WHOLE)
        for _ in range(data.draw(st.integers(1, 20))):
            damaged[data.draw(st.integers(0, len(WHOLE) - 1))] = data.draw(st.integers(0, 255))
        try:
            pages = pages_of(bytes(damaged), max_characters=1_000)
        except UnreadablePdf:
            return
        assert all(isinstance(page, str) for page in pages)

    def test_refuses_an_encrypted_one(self) -> None:
        """It says what to do."""
        writer, target = PdfWriter(PdfReader(BytesIO(WHOLE))), BytesIO()
        writer.encrypt("secret", algorithm="RC4-128")
        writer.write(target)
        with pytest.raises(UnreadablePdf, match="without a password"):
            pages_of(target.getvalue(), max_characters=100)

    def test_refuses_too_many_pages(self) -> None:
        """Before it reads any."""
        with pytest.raises(UnreadablePdf, match="301 pages"):
            pages_of(pdf([""] * (MAX_PAGES + 1)), max_characters=100)

    def test_refuses_too_much_text(self) -> None:
        """At the page where it is too much."""
        with pytest.raises(UnreadablePdf, match="more than 10 characters"):
            pages_of(WHOLE, max_characters=10)


class TestRecognition:
    """is_pdf."""

    def test_looks_at_the_beginning(self) -> None:
        """Text that only speaks of PDFs is none."""
        assert (True, False) == (is_pdf(WHOLE), is_pdf(b"Save it as a PDF."))

"""Names of files: whatever somebody calls theirs, it neither climbs nor deceives."""

import pytest

from coachwork.services.knowledge.domain.names import plain_name
from coachwork.services.knowledge.errors import UnfitName


class TestPlainName:
    """`plain_name`."""

    @pytest.mark.parametrize(
        ("given", "kept"),
        [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\sam\\Tax 2025.pdf", "Tax 2025.pdf"),
            ("/absolute/path.pdf", "path.pdf"),
            ("  two   spaces .pdf ", "two spaces .pdf"),
            ("...hidden.pdf...", "hidden.pdf"),
            ("line\nbreak\tand\x00nul\x7f.pdf", "line break and nul .pdf"),
            ("invoice\u202efdp.exe", "invoicefdp.exe"),
            ("\u2066isolated\u2069\u200f.pdf", "isolated.pdf"),
            ("zero\u200bwidth\ufeff.pdf", "zerowidth.pdf"),
            ("دفتر\u200cچه.pdf", "دفتر\u200cچه.pdf"),
            ("חשבון 2025.pdf", "חשבון 2025.pdf"),
            ("half\ud800.pdf", "half.pdf"),
            ("Cafe\u0301.pdf", "Café.pdf"),
            ("👩\u200d🔬 notes.pdf", "👩\u200d🔬 notes.pdf"),
            ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
            ("a" * 300, "a" * 200),
        ],
    )
    def test_what_is_kept(self, given: str, kept: str) -> None:
        """Folders, control characters and marks that turn text around go; letters of every script stay."""
        assert kept == plain_name(given)

    @pytest.mark.parametrize("name", ["", " ", "..", "../", "\u202e", "\x00\x01", "a/", "\u200d", "\u0301"])
    def test_nothing_left(self, name: str) -> None:
        """A name in which nothing can be seen is refused."""
        with pytest.raises(UnfitName):
            plain_name(name)

    def test_again(self) -> None:
        """A name that is plain already stays as it is."""
        for name in ("../x.pdf", "a" * 300 + ".pdf", "line\nbreak.pdf", "..a.."):
            assert plain_name(name) == plain_name(plain_name(name))

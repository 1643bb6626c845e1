"""What a reader gives, made into text."""

from unicodedata import is_normalized

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.chassis.pdf.text import plain


class TestPlain:
    """plain."""

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("inter\x02national", "international"),
            ("inter-\r\nnational", "international"),
            ("inter\xad\nnational soft\xadly", "international softly"),
            ("well\x02known", "well-known"),
            ("equal-sized and equal\x02sized", "equal-sized and equal-sized"),
            ("Karush-\nKuhn", "Karush-Kuhn"),
            ("1990-\n2000", "1990-\n2000"),
            ("a -\nb", "a -\nb"),
        ],
    )
    def test_words_broken_at_the_end_of_a_line(self, given: str, expected: str) -> None:
        """Are whole again, with their hyphen if they have one anyway."""
        assert expected == plain(given)

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("\ufb01nd e\ufb03cient", "find efficient"),
            ("e\u0301", "é"),
            ("x\u00b2 ½", "x² ½"),
            ("\ufe8d\ufedf", "\u0627\u0644"),
            ("\uf0b7 Squat", "• Squat"),
            ("שלום", "שלום"),
            ("می\u200cروم", "می\u200cروم"),
        ],
    )
    def test_characters_are_as_people_type_them(self, given: str, expected: str) -> None:
        """Ligatures spelt out, accents composed; what means something else stays."""
        assert expected == plain(given)

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ("a\x00\x1b\ufffe\ud800b", "ab"),
            ("a\u202eb\u2066c\ufeff", "abc"),
            ("a \t\u00a0 b \n \n\n\n c ", "a b\n\nc"),
            ("Squat . . . . . . . 5", "Squat … 5"),
            ("Wait... or 1.5.2.3", "Wait... or 1.5.2.3"),
        ],
    )
    def test_what_is_no_text_goes(self, given: str, expected: str) -> None:
        """Controls, overrides of direction, room, leaders."""
        assert expected == plain(given)

    @given(st.text() | st.text(alphabet="a\u0301\xad\x02-\n .\ufb01\u202e\u05d0"))
    def test_any_text_becomes_such(self, text: str) -> None:
        """Composed, with single gaps, and none at either end."""
        found = plain(text)
        assert is_normalized("NFC", found)
        assert found == found.strip()
        assert not any(one in found for one in ("  ", "\n\n\n", " \n", "\n ", "\r", "\x00", "\x02", "\xad"))

"""What stands in other apps' files: times, units, encodings."""

from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coachwork.services.fitness.domain.imports.errors import UnreadableImport
from coachwork.services.fitness.domain.imports.moments import moment_of
from coachwork.services.fitness.domain.imports.text import text_of
from coachwork.services.fitness.domain.imports.values import BadValue, kilograms, metres, number

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")


class TestMoments:
    """Times as apps write them."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-03-28 17:29:00", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28T17:29", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28 5:29:00\u202fPM", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28 12:29 am", "2026-03-27T23:29:00+00:00"),
            ("2026-03-28T17:29:00Z", "2026-03-28T17:29:00+00:00"),
            ("2026-03-28T17:29:00.250+0530", "2026-03-28T11:59:00.250000+00:00"),
            ("28 Mar 2026, 17:29", "2026-03-28T16:29:00+00:00"),
            ("March 28, 2026 at 5:29 PM", "2026-03-28T16:29:00+00:00"),
            ("28.03.2026, 17:29", "2026-03-28T16:29:00+00:00"),
            ("2026-03-28", "2026-03-28T11:00:00+00:00"),
        ],
    )
    def test_in_berlin(self, text: str, expected: str) -> None:
        """Without a zone they are the caller's; with one they are what they say; a date is its noon."""
        assert expected == moment_of(text, BERLIN).isoformat()

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-03-29 01:59:59", "2026-03-29T00:59:59+00:00"),
            ("2026-03-29 02:30:00", "2026-03-29T01:30:00+00:00"),  # skipped: clocks show 03:30 then
            ("2026-03-29 03:00:00", "2026-03-29T01:00:00+00:00"),
            ("2026-10-25 02:30:00", "2026-10-25T00:30:00+00:00"),  # twice: the first
            ("2026-10-25 03:00:00", "2026-10-25T02:00:00+00:00"),
        ],
    )
    def test_when_clocks_change(self, text: str, expected: str) -> None:
        """A time that clocks skip, and one they show twice, are one moment each."""
        assert expected == moment_of(text, BERLIN).isoformat()

    @pytest.mark.parametrize(
        "text",
        ["", "05/06/2026", "28 Mär 2026", "2026-02-30", "2026-03-28 24:00", "2026-03-28 13:00 PM", "0001-01-01 00:00"],
    )
    def test_no_time(self, text: str) -> None:
        """What could be two days, or is none, is refused."""
        with pytest.raises(BadValue):
            moment_of(text, BERLIN)


class TestUnits:
    """Pounds and miles."""

    @pytest.mark.parametrize(
        ("pounds", "expected"), [("45", 20.41), ("135", 61.23), ("225", 102.06), ("2.5", 1.13), ("1000", 453.59)]
    )
    def test_pounds(self, pounds: str, expected: float) -> None:
        """A pound is 0.45359237 kg; the product is rounded once, half up, to ten grams."""
        assert expected == kilograms(Decimal(pounds), "lb")

    def test_halves_go_up(self) -> None:
        """2.125 kg is no binary fraction that happens to fall below: it is 2.13."""
        assert (2.13, 2.14) == (kilograms(Decimal("2.125"), "kg"), kilograms(Decimal("2.135"), "kg"))

    @pytest.mark.parametrize(("amount", "unit", "expected"), [("1", "mi", 1609.34), ("100", "yd", 91.44)])
    def test_distances(self, amount: str, unit: str, expected: float) -> None:
        """A mile is 1609.344 m, a yard 0.9144 m."""
        assert expected == metres(Decimal(amount), unit)

    @given(st.decimals(0, 1000, places=2))
    def test_there_and_back(self, pounds: Decimal) -> None:
        """Kilograms lead back to the pounds a plate has: to the nearest 0.25 lb and better."""
        back = Decimal(str(kilograms(pounds, "lb"))) / Decimal("0.45359237")
        assert abs(back - pounds) <= Decimal("0.0111")

    @given(st.decimals(0, 999_999, places=2), st.sampled_from(".,"))
    def test_numbers(self, value: Decimal, mark: str) -> None:
        """A point and a comma are the same before two decimals."""
        assert value == number(str(value).replace(".", mark))


class TestText:
    """Encodings."""

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_known_by_their_mark(self, encoding: str) -> None:
        """UTF-8 with and without its mark, and UTF-16 with it."""
        assert "Übung" == text_of("Übung".encode(encoding))

    @pytest.mark.parametrize("content", ["Übung".encode("latin-1"), "Übung".encode("utf-16-le"), b"\xff\xfe\x00\xd8"])
    def test_nothing_is_guessed(self, content: bytes) -> None:
        """Latin-1 and UTF-16 without its mark are refused, and what to do is said."""
        with pytest.raises(UnreadableImport, match="UTF-8"):
            text_of(content)

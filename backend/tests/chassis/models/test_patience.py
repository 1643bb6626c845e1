"""How long vendors are waited for."""

import pytest

from coachwork.chassis.models.patience import Patience, seconds_of

PATIENCE = Patience(attempt_seconds=10, total_seconds=20)


class TestPause:
    """The time between two attempts."""

    @pytest.mark.parametrize(("attempt", "seconds"), [(0, 0.5), (1, 1.0), (2, 2.0), (3, 4.0), (4, 8.0), (500, 8.0)])
    def test_doubles_up_to_eight_seconds(self, attempt: int, seconds: float) -> None:
        """With the unluckiest chance the pause is the whole backoff."""
        assert seconds == PATIENCE.pause_seconds(attempt, None, chance=1.0)

    def test_half_of_it_is_chance(self) -> None:
        """With the luckiest chance half the backoff is left."""
        assert 1.0 == PATIENCE.pause_seconds(2, None, chance=0.0)

    def test_is_never_shorter_than_the_vendor_asks(self) -> None:
        """What the vendor asks for is the least, whatever the attempt."""
        assert 30.0 == PATIENCE.pause_seconds(0, 30.0, chance=0.0)

    def test_spreads_what_the_vendor_asks(self) -> None:
        """Callers told the same time do not all come back in the same moment."""
        assert 33.0 == PATIENCE.pause_seconds(0, 30.0, chance=1.0)


class TestRetryAfter:
    """Reading the header."""

    @pytest.mark.parametrize(("header", "seconds"), [("2", 2.0), ("0.5", 0.5), ("0", 0.0), (" 3 ", 3.0)])
    def test_reads_seconds(self, header: str, seconds: float) -> None:
        """Whole seconds, as the standard wants, and parts of them, as vendors send."""
        assert seconds == seconds_of(header)

    @pytest.mark.parametrize("header", [None, "", "-1", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"])
    def test_reads_nothing_else(self, header: str | None) -> None:
        """Nonsense must not stop the loop or make it spin."""
        assert seconds_of(header) is None

"""Ids that sort by when they were made."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from coachwork.chassis.ids import Uuid7, uuid7


class TestUuid7:
    """`Uuid7`."""

    def test_the_standards_own_example(self) -> None:
        """The moment and the random bits of RFC 9562, appendix A.6, make the id that it shows."""
        moment = int(datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC).timestamp() * 1_000) * 1_000_000
        assert "017f22e2-79b0-7000-98c4-dc0c0c07398f" == str(Uuid7(lambda: moment, lambda _: 0x18C4DC0C0C07398F)())

    def test_its_version(self) -> None:
        """It says what it is."""
        made = uuid7()
        assert (7, "specified in RFC 4122") == (made.version, made.variant)

    def test_order_within_a_tick(self) -> None:
        """Where the clock stands still, or goes back, ids still grow."""
        moments = iter([5_000_000, 5_000_000, 4_000_000, 6_000_000])
        make = Uuid7(lambda: next(moments))
        made = [make() for _ in range(4)]
        assert sorted(made) == made

    def test_threads(self) -> None:
        """No two are the same, whoever asks."""
        with ThreadPoolExecutor(8) as threads:
            made = list(threads.map(lambda _: uuid7(), range(2_000)))
        assert 2_000 == len(set(made))

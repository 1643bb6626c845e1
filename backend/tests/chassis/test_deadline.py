"""When to give up."""

from coachwork.chassis.deadline import Deadline


class TestDeadline:
    """The moment at which a call gives up."""

    def test_counts_down(self) -> None:
        """What is left shrinks as the clock runs."""
        times = iter([100.0, 103.0])

        assert 7.0 == Deadline(10, lambda: next(times)).left_seconds

    def test_has_nothing_left_once_passed(self) -> None:
        """It never goes below zero."""
        times = iter([100.0, 200.0])

        assert 0.0 == Deadline(10, lambda: next(times)).left_seconds

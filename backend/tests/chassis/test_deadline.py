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

    def test_lies_within_a_larger_whole(self) -> None:
        """Whichever ends first is the end, and it says whose end that is."""
        larger, wider = Deadline(5, lambda: 100.0), Deadline(50, lambda: 100.0)
        inner = [Deadline(10, lambda: 100.0, within=within) for within in (larger, wider, None)]

        assert [(5.0, True), (10.0, False), (10.0, False)] == [(one.left_seconds, one.is_cut_short) for one in inner]

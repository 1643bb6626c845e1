"""A moment at which to give up, shared by all the waits of one call."""

from collections.abc import Callable
from time import monotonic


class Deadline:
    """The moment at which a call gives up; counts down from its making.

    Args:
        within: the deadline of a larger whole, which this one does not outlast.
    """

    def __init__(
        self, seconds: float, clock: Callable[[], float] = monotonic, within: "Deadline | None" = None
    ) -> None:
        self._clock = clock
        self._ends = clock() + seconds
        self._within = within
        self.is_cut_short = within is not None and within.left_seconds < seconds

    @property
    def left_seconds(self) -> float:
        """How long there is left, 0 once it has passed."""
        own = max(0.0, self._ends - self._clock())
        return min(own, self._within.left_seconds) if self._within else own

"""A moment at which to give up, shared by all the waits of one call."""

from collections.abc import Callable
from time import monotonic


class Deadline:
    """The moment at which a call gives up; counts down from its making."""

    def __init__(self, seconds: float, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._ends = clock() + seconds

    @property
    def left_seconds(self) -> float:
        """How long there is left, 0 once it has passed."""
        return max(0.0, self._ends - self._clock())

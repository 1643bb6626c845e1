"""Ids that sort by when they were made."""

from collections.abc import Callable
from secrets import randbits
from threading import Lock
from time import time_ns
from uuid import UUID

_FRACTION_BITS = 12
_RANDOM_BITS = 62


class Uuid7:
    """Makes version 7 UUIDs, each greater than the one before, also within a tick of the clock.

    The 12 bits after the milliseconds hold their fraction, so about 4 million a second are in order.

    Source: RFC 9562, sections 5.7 and 6.2 (method 3)

    Args:
        clock: nanoseconds since 1970.
        random: makes as many random bits as it is asked for.
    """

    def __init__(self, clock: Callable[[], int] = time_ns, random: Callable[[int], int] = randbits) -> None:
        self._clock = clock
        self._random = random
        self._lock = Lock()
        self._last = 0

    def __call__(self) -> UUID:
        """Return a new id."""
        with self._lock:
            now = (self._clock() << _FRACTION_BITS) // 1_000_000
            self._last = max(now, self._last + 1)
            ticks = self._last
        milliseconds, fraction = ticks >> _FRACTION_BITS, ticks & ((1 << _FRACTION_BITS) - 1)
        high = (milliseconds << 16) | (7 << 12) | fraction
        return UUID(int=(high << 64) | (2 << _RANDOM_BITS) | self._random(_RANDOM_BITS))


uuid7 = Uuid7()
"""Returns a new id; those of one process are in order, those of several as far as their clocks agree."""

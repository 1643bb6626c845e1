"""A token bucket."""

from collections.abc import Callable
from threading import Lock

from rehearsal.gateway.api import Throttle


class Bucket:
    """Full at first; safe to use from several threads."""

    def __init__(self, throttle: Throttle, clock: Callable[[], float]) -> None:
        self._throttle = throttle
        self._clock = clock
        self._lock = Lock()
        self._tokens = float(throttle.burst)
        self._filled_at = clock()

    def take(self) -> bool:
        """Take one token; False when there is none."""
        with self._lock:
            now = self._clock()
            grown = self._tokens + (now - self._filled_at) * self._throttle.rate_per_second
            self._tokens = min(float(self._throttle.burst), grown)
            self._filled_at = now
            if self._tokens < 1:
                return False
            self._tokens -= 1
            return True

"""How long a vendor is waited for, and how often it is asked again: values, and the arithmetic on them."""

import math
from dataclasses import dataclass

_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 8.0


@dataclass(frozen=True)
class Patience:
    """Bounds of one call. `total_seconds` covers all its attempts, the pauses between them, and repairs."""

    attempt_seconds: float
    total_seconds: float
    retries: int = 2
    connect_seconds: float = 3.0

    def pause_seconds(self, attempt: int, asked_seconds: float | None, chance: float) -> float:
        """Return how long to wait after the attempt of this number, from 0.

        What the vendor asks for is honoured, never shortened. Else the pause doubles, half of it by `chance` (0..1),
        so that many callers do not come back at once.

        Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ ("equal jitter").
        """
        if asked_seconds is not None:
            return asked_seconds * (1 + 0.1 * chance)
        pause = min(_FIRST_PAUSE_SECONDS * 2.0 ** min(attempt, 10), _LONGEST_PAUSE_SECONDS)
        return pause * (0.5 + 0.5 * chance)


def seconds_of(header: str | None) -> float | None:
    """Read a `Retry-After` given in seconds; None when it is a date, or no sensible number."""
    try:
        seconds = float(header or "")
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None

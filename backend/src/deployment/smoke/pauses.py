"""How often something is asked that takes its time."""

from collections.abc import Iterator

_FIRST_SECONDS, _LONGEST_SECONDS = 0.2, 1.0
_GROWTH = 1.5


def pauses() -> Iterator[float]:
    """Yield the seconds between one request and the next, without end: short ones first, at last a second each."""
    seconds = _FIRST_SECONDS
    while True:
        yield seconds
        seconds = min(seconds * _GROWTH, _LONGEST_SECONDS)

"""Being asked to stop: Ctrl-C, a closed terminal, `make down`."""

import signal
from types import FrameType

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop."""

    def __init__(self, number: int) -> None:
        self.number = number


def stop_on_signals() -> None:
    """Raise `Stopped` in the main thread at the first signal; later ones find everything on its way down."""
    for ending in _ENDINGS:
        signal.signal(ending, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    for ending in _ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise Stopped(number)

"""How long a minute lasts here, so that what AWS does over minutes can be seen to happen."""

REAL_MINUTE_SECONDS = 60.0
_minute_seconds = [REAL_MINUTE_SECONDS]


def set_minute_seconds(seconds: float) -> None:
    """Let a minute of deployments and alarms last `seconds` from now on."""
    _minute_seconds[:] = [seconds]


def scaled(seconds: float) -> float:
    """Return how long what takes AWS `seconds` takes here."""
    return seconds * _minute_seconds[0] / 60

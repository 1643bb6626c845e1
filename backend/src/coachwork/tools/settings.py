"""Checks a configuration before anything runs with it: `python -m coachwork.tools.settings` reads the environment.

Prints nothing when the application would start with it; else every variable that is wrong, and what it wants. Values
are in no message.
"""

import sys
from collections.abc import Mapping

from coachwork.chassis.settings import Settings
from coachwork.tools.command import run


def main(environ: Mapping[str, str] | None = None) -> int:
    """Return the exit code: 0 when the environment makes settings, 1 when it does not."""
    return run(lambda: _check(environ))


def _check(environ: Mapping[str, str] | None) -> None:
    Settings.load(environ)


if __name__ == "__main__":
    sys.exit(main())

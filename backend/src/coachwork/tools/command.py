"""What every command does: read the environment, work, and on an expected failure say why, without a stack trace."""

import sys
from collections.abc import Callable

from coachwork.chassis.errors import CoachworkError, ConfigurationError, VariableProblem
from coachwork.chassis.settings import Settings


def run(work: Callable[[], None]) -> int:
    """Return 0 when the work is done, 1 when it failed as expected: then standard error says why."""
    try:
        work()
    except CoachworkError as error:
        sys.stderr.write(f"{error.detail}\n")
        return 1
    return 0


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def owner_url(settings: Settings) -> str:
    """Return the URL of the login that owns the tables; raises `ConfigurationError`."""
    if settings.migration_database_url is None:
        wish = "is missing; wants the URL of the login that owns the tables"
        raise ConfigurationError([VariableProblem("MIGRATION_DATABASE_URL", wish)])
    return settings.migration_database_url.get_secret_value()

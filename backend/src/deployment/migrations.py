"""Brings an environment's database up to date, as the login that owns it: from here, never from a function."""

from collections.abc import Callable, Mapping

from deployment.configuration.validation import run_tool
from deployment.environment import Environment
from deployment.errors import StepFailed
from deployment.image.builder import BACKEND

STEP = "Migrations"
_APPLIED = "applied "


def newest() -> str:
    """Return the name of the newest migration of the schema."""
    return max((path.name for path in (BACKEND / "migrations" / "schema").glob("*.sql")), default="")


def migrate(
    environment: Environment, values: Mapping[str, str], shell: Mapping[str, str], note: Callable[[str], None]
) -> list[str]:
    """Apply what has not been; return the names of what was.

    Raises:
        StepFailed: a migration failed, or the database did not answer; what was applied before it stays.
    """
    said = run_tool("migrate", environment, values, shell)
    applied = [line.removeprefix(_APPLIED) for line in said.stdout.splitlines() if line.startswith(_APPLIED)]
    if said.returncode:
        told = f"applied before it: {', '.join(applied)}\n" if applied else ""
        raise StepFailed(STEP, f"{told}{said.stderr.strip() or said.stdout.strip()}")
    note(f"{len(applied)} applied" if applied else "the database is up to date")
    return applied

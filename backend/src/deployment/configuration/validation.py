"""Whether a configuration is whole: each value by its form, and all of them by the application itself."""

import subprocess
import sys
from collections.abc import Mapping

from deployment.configuration.settings import format_errors, missing_names
from deployment.environment import Environment
from deployment.errors import ConfigurationIncomplete
from deployment.image.builder import BACKEND

_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SYSTEMROOT")


def problems(environment: Environment, values: Mapping[str, str], shell: Mapping[str, str]) -> list[str]:
    """Return what is missing or wrong, a line each; empty when the functions would start with these values."""
    missing = missing_names(values, environment.settings, is_production=environment.is_production)
    found = [f"{name}: is missing" for name in missing] + format_errors(values)
    return found or _of_application(environment, values, shell)


def require_complete(environment: Environment, values: Mapping[str, str], shell: Mapping[str, str]) -> None:
    """Return when nothing is missing or wrong.

    Raises:
        ConfigurationIncomplete: something is; the message says what, and which command puts it right.
    """
    if found := problems(environment, values, shell):
        lines = "\n".join(f"    {line}" for line in found)
        raise ConfigurationIncomplete(
            f"the configuration of {environment.folder} is not complete:\n{lines}\n"
            f"Give what is missing: make config ENV={environment.folder}"
        )


def run_tool(
    name: str, environment: Environment, values: Mapping[str, str], shell: Mapping[str, str]
) -> "subprocess.CompletedProcess[str]":
    """Run one of the application's tools, to which the environment and its secrets are what its functions will see."""
    kept = {variable: shell[variable] for variable in _KEPT if shell.get(variable)}
    return subprocess.run(
        [sys.executable, "-m", f"coachwork.tools.{name}"],
        cwd=BACKEND,
        env={
            **kept,
            "AWS_REGION_NAME": environment.region,
            "PYTHONPATH": str(BACKEND / "src"),
            **environment.settings,
            **values,
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def _of_application(environment: Environment, values: Mapping[str, str], shell: Mapping[str, str]) -> list[str]:
    said = run_tool("settings", environment, values, shell)
    return said.stderr.strip().splitlines()[-10:] if said.returncode else []

"""Makes an administrator of an account of the run that serves."""

import subprocess
import sys
from collections.abc import Mapping

from rehearsal.laptop.environment import Environments
from rehearsal.laptop.errors import NotRunning
from rehearsal.laptop.state import PROJECT, State
from rehearsal.postgres import EmbeddedPostgres

_PORT_LINE = 3  # of postmaster.pid; Source: postgresql.org/docs/current/storage-file-layout.html
_NO_AWS = "http://127.0.0.1:9"


def grant(state: State, shell: Mapping[str, str], email: str, role: str) -> int:
    """Run `coachwork.tools.grant` on the database of the run that serves; return its exit status.

    Raises:
        NotRunning: there is none.
    """
    postgres = EmbeddedPostgres(state.postgres)
    try:
        postgres.port = int((postgres.data / "postmaster.pid").read_text().splitlines()[_PORT_LINE])
    except (OSError, ValueError, IndexError) as error:
        raise NotRunning(f"nothing runs on {state.folder}: start it with `make run` first") from error
    application = postgres.url(user="coachwork_app", password=state.database_password())
    environment = Environments(state, shell).tool(postgres.url(), application, _NO_AWS)
    command = [sys.executable, "-m", "coachwork.tools.grant", email, role]
    return subprocess.run(command, env=environment, cwd=PROJECT / "backend", check=False).returncode

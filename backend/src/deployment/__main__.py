"""`python -m deployment VERB`: what `make deploy`, `plan`, `status` and so on call; ENV names the environment.

Status 0 when all went well, 1 when something failed, 2 for arguments that make no sense (and, asked for by
`plan --detailed-exitcode`, where there are changes), 128 + the signal's number when it was stopped.
"""

import contextlib
import os
import sys
from collections.abc import Mapping

from deployment.arguments import parsed
from deployment.errors import DeploymentError
from deployment.office import Office
from deployment.progress import say
from deployment.stopping import Stopped, stop_on_signals


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Do as told; return the exit status."""
    given = parsed(arguments)
    office = Office(given, environ)
    stop_on_signals()
    try:
        return office.do()
    except Stopped as stopped:
        words, status = "stopped", 128 + stopped.number
    except DeploymentError as error:
        words, status = str(error), 1
    except Exception as error:  # noqa: BLE001  the outermost boundary: whatever it was, it is told in one line
        words, status = f"a fault of its own: {type(error).__name__}: {error}", 1
    say(sys.stderr, f"{given.verb}: {words}{office.so_far(stopped=status > 128)}")
    return status


if __name__ == "__main__":
    status = main(sys.argv[1:], os.environ)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    sys.exit(status)

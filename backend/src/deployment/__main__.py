"""`python -m deployment COMMAND`: what `make deploy`, `plan`, `status` and so on call; ENV names the environment.

Status 0 when all went well, 1 when something failed, 2 for arguments that make no sense (and, asked for by
`plan --detailed-exitcode`, where there are changes), 128 + the signal's number when it was stopped.
"""

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping

from deployment.arguments import parse_arguments
from deployment.cli import CommandLine
from deployment.errors import DeploymentError, ReleaseFailed
from deployment.progress import say
from deployment.signals import Stopped, stop_on_signals


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Do as told; return the exit status."""
    given = parse_arguments(arguments)
    command_line = CommandLine(given, environ)
    stop_on_signals()
    is_undone = False
    try:
        return command_line.run()
    except Stopped as stopped:
        words, status = "stopped", 128 + stopped.number
    except DeploymentError as error:
        words, status, is_undone = str(error), 1, isinstance(error, ReleaseFailed)
    except OSError as error:
        words, status = f"this machine refuses: {_first(error)}", 1
    except Exception as error:  # noqa: BLE001  the outermost boundary: whatever it was, it is told in one line
        words, status = f"a fault of its own: {type(error).__name__}: {error}", 1
    say(sys.stderr, f"{given.command}: {words}{command_line.so_far(is_undone=is_undone)}")
    return status


def _first(error: OSError) -> str:
    """Return the one line of it: of files that are copied together each has its own."""
    return str(error.args[0][0][2]) if isinstance(error, shutil.Error) else str(error)


if __name__ == "__main__":
    status = main(sys.argv[1:], os.environ)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    sys.exit(status)

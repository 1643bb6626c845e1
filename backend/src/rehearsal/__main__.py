"""`python -m rehearsal rehearse|up|down`: play a deployment on this machine.

ENV (a folder of terraform/environments, prod by default), LAYOUT (single or per_service) and PORT say what and where.
Status 0 when all was as expected, 128 + the signal's number when it was stopped, 1 when something failed.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping

from deployment.progress import progress, say
from deployment.stopping import Stopped, stop_on_signals
from rehearsal.play.choice import choice_of
from rehearsal.play.errors import NothingStands, RehearsalError
from rehearsal.play.place import Place
from rehearsal.play.rehearsal import Rehearsal
from rehearsal.play.standing import stand, stand_up, tell


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Do as told; return the exit status."""
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    parser.add_argument("verb", choices=("rehearse", "up", "down", "stand"))
    parser.add_argument(
        "--each-permission",
        action="store_true",
        help="also take each of the role's permissions away in turn, and see that the smoke test misses it",
    )
    options = parser.parse_args(arguments)
    stop_on_signals()
    try:
        return _do(options.verb, environ, each_permission=options.each_permission)
    except Stopped as stopped:
        say(sys.stderr, "rehearsal: stopped; nothing is left")
        return 128 + stopped.number
    except RehearsalError as error:
        words = str(error)
    except Exception as error:  # noqa: BLE001  the outermost boundary: whatever it was, it is told in one line
        words = f"a fault of its own: {type(error).__name__}: {error}"
    if options.verb == "stand":
        tell(failed=words)
    else:
        say(sys.stderr, f"rehearsal: {words}")
    return 1


def _do(verb: str, environ: Mapping[str, str], *, each_permission: bool) -> int:
    place = Place.of(environ)
    match verb:
        case "rehearse":
            return _rehearse(place, environ, each_permission=each_permission)
        case "up":
            choice_of(environ)
            stand_up(environ, progress())
        case "stand":
            stand(choice_of(environ), place, environ)
        case "down":
            _end(place)
    return 0


def _rehearse(place: Place, environ: Mapping[str, str], *, each_permission: bool) -> int:
    with place.held() as lock:
        display = progress()
        rehearsal = Rehearsal(choice_of(environ), place, lock, environ, display)
        try:
            with display:
                rehearsal.rise()
                told = rehearsal.try_out()
                if each_permission:
                    rehearsal.prove_statements()
                rehearsal.destroy()
        finally:
            rehearsal.fall()
    say(sys.stdout, "\n".join(told))
    resources, requests = rehearsal.stack.resources, rehearsal.requests
    say(sys.stdout, f"rehearsal: {resources} resources, {requests} requests, all as expected")
    return 0


def _end(place: Place) -> None:
    try:
        url = place.end()
    except NothingStands as nothing:
        say(sys.stdout, f"rehearsal: {nothing}")
        return
    say(sys.stdout, f"rehearsal: {url or 'it'} is gone, and everything with it")


if __name__ == "__main__":
    status = main(sys.argv[1:], os.environ)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    sys.exit(status)

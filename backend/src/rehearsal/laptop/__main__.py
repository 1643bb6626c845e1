"""`python -m rehearsal.laptop`: run everything until told to stop.

Status 0 when it was stopped while it served, 128 + the signal's number when earlier, 1 when something failed.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping
from time import sleep

from deployment.progress import progress, say
from deployment.signals import Stopped, stop_on_signals
from rehearsal.laptop.errors import LaptopError
from rehearsal.laptop.instructions import Instructions
from rehearsal.laptop.port import listener
from rehearsal.laptop.roles import grant
from rehearsal.laptop.state import State
from rehearsal.laptop.supervisor import Supervisor


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Run, or with `--reset` throw the state away; return the exit status."""
    parser = argparse.ArgumentParser(prog="make run", description=__doc__)
    parser.add_argument("--reset", action="store_true", help="throw the state away and end")
    parser.add_argument("--grant", nargs=2, metavar=("EMAIL", "ROLE"), help="give an account of a run a role and end")
    parser.add_argument("--with-parent", action="store_true", help="stop when the parent process is gone")
    options = parser.parse_args(arguments)
    stop_on_signals()
    try:
        if options.reset:
            return _reset(State.of(environ))
        if options.grant:
            return grant(State.of(environ), environ, *options.grant)
        return _run(State.of(environ), environ, os.getppid() if options.with_parent else 0)
    except Stopped as stopped:
        return 128 + stopped.number
    except LaptopError as error:
        say(sys.stderr, f"make run: {error}")
        return 1


def _run(state: State, environ: Mapping[str, str], parent: int) -> int:
    with state.held() as lock, listener(environ) as listening:
        display = progress()
        supervisor = Supervisor(state, lock, listening, environ, display)
        serves = False
        try:
            with display:
                supervisor.start()
            state.note(lock, f"{os.getpid()} {supervisor.url}")
            password = state.demo_password() if supervisor.has_demo else ""
            words = Instructions(supervisor.url, password, _model(environ), state.folder, supervisor.data)
            say(sys.stdout, str(words))
            serves = True
            _watch(supervisor, parent)
        except Stopped:
            if not serves:
                raise
        finally:
            if serves:
                say(sys.stdout, "Stopping; everything is kept.")
            supervisor.stop()
    return 0


def _watch(supervisor: Supervisor, parent: int) -> None:
    while not parent or os.getppid() == parent:
        supervisor.check()
        sleep(0.25)


def _reset(state: State) -> int:
    with state.held():
        state.remove()
    say(sys.stdout, f"{state.folder} is gone.")
    return 0


def _model(environ: Mapping[str, str]) -> str:
    chosen = environ.get("MODEL_PROVIDER") or ("openai" if environ.get("OPENAI_API_KEY") else "offline")
    if chosen == "offline":
        return "offline: answers are put together from passages and your own numbers (set OPENAI_API_KEY for more)"
    return chosen


if __name__ == "__main__":
    status = main(sys.argv[1:], os.environ)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    sys.exit(status)

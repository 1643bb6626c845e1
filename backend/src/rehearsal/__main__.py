"""`python -m rehearsal rehearse|up|down`: play a deployment on this machine; `image` gives it one more image.

ENV (a folder of terraform/environments, prod by default), LAYOUT (single or per_service) and PORT say what and where,
MINUTE_SECONDS how long a minute of a release lasts (2).
Status 0 when all was as expected, 128 + the signal's number when it was stopped, 1 when something failed.
"""

import argparse
import contextlib
import os
import sys
from collections.abc import Mapping
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from deployment.progress import progress, say
from deployment.signals import Stopped, stop_on_signals
from rehearsal.deployers.__main__ import main as verify_deployers
from rehearsal.scenarios.background import stand, start_in_background, tell
from rehearsal.scenarios.errors import NotRunning, RehearsalError, StepFailed
from rehearsal.scenarios.image_content import BACKEND
from rehearsal.scenarios.images import Images, push, tags_of
from rehearsal.scenarios.rehearsal import Rehearsal
from rehearsal.scenarios.releases import Releases
from rehearsal.scenarios.target import target_of
from rehearsal.scenarios.workspace import Workspace


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Do as told; return the exit status."""
    parser = argparse.ArgumentParser(prog="make", description=__doc__)
    parser.add_argument("verb", choices=("rehearse", "up", "down", "stand", "image"))
    parser.add_argument(
        "--each-permission",
        action="store_true",
        help="also take each of the role's permissions away in turn, and see that the smoke test misses it",
    )
    parser.add_argument(
        "--write-docs",
        action="store_true",
        help="write docs/security.md instead of checking it",
    )
    parser.add_argument(
        "--releases",
        action="store_true",
        help="play releases instead, by `make deploy`: a good one, one that is not well, one that harms its callers",
    )
    parser.add_argument(
        "--deployers",
        action="store_true",
        help="instead deploy prod and dev as the roles of GitHub's jobs, and try what these must not",
    )
    parser.add_argument("--backend", type=Path, default=BACKEND, help="image: the sources it is laid out from")
    parser.add_argument("--tag", help="image: its tag in ECR, instead of those a deployment looks for")
    options = parser.parse_args(arguments)
    stop_on_signals()
    try:
        return _do(options, environ)
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


def _do(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    workspace = Workspace.of(environ)
    match options.verb:
        case "rehearse" if options.deployers:
            return verify_deployers(environ)
        case "rehearse" if options.releases:
            return _release(workspace, environ)
        case "rehearse":
            return _rehearse(workspace, environ, options)
        case "image":
            _lay_out(workspace, options.backend, options.tag)
        case "up":
            target_of(environ)
            start_in_background(environ, progress())
        case "stand":
            stand(target_of(environ), workspace, environ)
        case "down":
            _end(workspace)
    return 0


def _rehearse(workspace: Workspace, environ: Mapping[str, str], options: argparse.Namespace) -> int:
    with workspace.held() as lock:
        display = progress()
        rehearsal = Rehearsal(target_of(environ), workspace, lock, environ, display)
        try:
            with display:
                rehearsal.set_up()
                rehearsal.require_documented(writes=options.write_docs)
                told = rehearsal.smoke_test()
                if options.each_permission:
                    rehearsal.verify_statements()
                rehearsal.destroy()
        finally:
            rehearsal.tear_down()
    say(sys.stdout, "\n".join(told))
    resources, requests = rehearsal.stack.resources, rehearsal.requests
    say(sys.stdout, f"rehearsal: {resources} resources, {requests} requests, all as expected")
    return 0


def _release(workspace: Workspace, environ: Mapping[str, str]) -> int:
    with workspace.held() as lock:
        display = progress()
        releases = Releases(target_of(environ), workspace, lock, environ, display)
        try:
            with display:
                releases.set_up()
                told = releases.live()
                releases.destroy()
        finally:
            releases.tear_down()
    say(sys.stdout, "\n".join(told))
    say(sys.stdout, "rehearsal: four releases, all as expected")
    return 0


def _lay_out(workspace: Workspace, backend: Path, tag: str | None) -> None:
    """Lay one more image out for the rehearsal that stands, push it, and print its digest; needs its environment."""
    if not workspace.images.is_dir():
        raise NotRunning("no rehearsal stands here")
    task = Images(workspace.images).lay_out(backend.resolve())
    try:
        push(boto3.Session(), None, task, *([tag] if tag else tags_of(backend.resolve())))
    except (BotoCoreError, ClientError) as error:
        raise StepFailed("Pushing the image", f"{error}\n(. build/rehearsal/env says where ECR is)") from error
    say(sys.stdout, task.digest)


def _end(workspace: Workspace) -> None:
    try:
        url = workspace.end()
    except NotRunning as nothing:
        say(sys.stdout, f"rehearsal: {nothing}")
        return
    say(sys.stdout, f"rehearsal: {url or 'it'} is gone, and everything with it")


if __name__ == "__main__":
    status = main(sys.argv[1:], os.environ)
    with contextlib.suppress(OSError):
        sys.stdout.flush()
    sys.exit(status)

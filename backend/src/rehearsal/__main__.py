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
from rehearsal.play.choice import choice_of
from rehearsal.play.errors import NothingStands, RehearsalError, StepFailed
from rehearsal.play.images import Images, push, tags_of
from rehearsal.play.place import Place
from rehearsal.play.rehearsal import Rehearsal
from rehearsal.play.releases import Releases
from rehearsal.play.standing import stand, stand_up, tell
from rehearsal.play.task import BACKEND


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
    place = Place.of(environ)
    match options.verb:
        case "rehearse" if options.releases:
            return _release(place, environ)
        case "rehearse":
            return _rehearse(place, environ, options)
        case "image":
            _lay_out(place, options.backend, options.tag)
        case "up":
            choice_of(environ)
            stand_up(environ, progress())
        case "stand":
            stand(choice_of(environ), place, environ)
        case "down":
            _end(place)
    return 0


def _rehearse(place: Place, environ: Mapping[str, str], options: argparse.Namespace) -> int:
    with place.held() as lock:
        display = progress()
        rehearsal = Rehearsal(choice_of(environ), place, lock, environ, display)
        try:
            with display:
                rehearsal.rise()
                rehearsal.require_documented(writes=options.write_docs)
                told = rehearsal.try_out()
                if options.each_permission:
                    rehearsal.prove_statements()
                rehearsal.destroy()
        finally:
            rehearsal.fall()
    say(sys.stdout, "\n".join(told))
    resources, requests = rehearsal.stack.resources, rehearsal.requests
    say(sys.stdout, f"rehearsal: {resources} resources, {requests} requests, all as expected")
    return 0


def _release(place: Place, environ: Mapping[str, str]) -> int:
    with place.held() as lock:
        display = progress()
        releases = Releases(choice_of(environ), place, lock, environ, display)
        try:
            with display:
                releases.rise()
                told = releases.live()
                releases.destroy()
        finally:
            releases.fall()
    say(sys.stdout, "\n".join(told))
    say(sys.stdout, "rehearsal: four releases, all as expected")
    return 0


def _lay_out(place: Place, backend: Path, tag: str | None) -> None:
    """Lay one more image out for the rehearsal that stands, push it, and print its digest; needs its environment."""
    if not place.images.is_dir():
        raise NothingStands("no rehearsal stands here")
    task = Images(place.images).lay_out(backend.resolve())
    try:
        push(boto3.Session(), None, task, *([tag] if tag else tags_of(backend.resolve())))
    except (BotoCoreError, ClientError) as error:
        raise StepFailed("Pushing the image", f"{error}\n(. build/rehearsal/env says where ECR is)") from error
    say(sys.stdout, task.digest)


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

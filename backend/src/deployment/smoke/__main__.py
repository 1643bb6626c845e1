"""Walk through a deployment as a front end would: every check a line, and what the test made is removed again.

Status 0 when all is as expected, 1 when not, 2 for arguments that make no sense, 128 + the signal's number when it
was cut off. From the environment: SMOKE_ADMIN_EMAIL and SMOKE_ADMIN_PASSWORD, or SMOKE_ADMIN_TOKEN, for the upload of
a video; SMOKE_EMAIL and SMOKE_PASSWORD where nobody can register; ORIGIN, the front end's.
"""

import argparse
import contextlib
import io
import os
import re
import signal
import sys
from collections.abc import Mapping
from types import FrameType

from deployment.smoke.client import checked_url
from deployment.smoke.outcome import BadUrl, Options
from deployment.smoke.report import last_line, line_of
from deployment.smoke.run import smoke

_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+")
_LONGEST_SECONDS = 600.0


class Stopped(BaseException):
    """Somebody asked us to stop."""

    def __init__(self, number: int) -> None:
        self.number = number


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Run the test, tell of it; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    told = _options(parser, options, environ)
    try:
        url = checked_url(options.url)
    except BadUrl as bad:
        parser.error(str(bad))
    for ending in _ENDINGS:
        signal.signal(ending, _stop)
    try:
        _say(f"smoke: {url}")
        outcome = smoke(url, told, lambda check: _say(line_of(check)))
    except Stopped as stopped:
        _say("smoke: stopped")
        return 128 + stopped.number
    _say(last_line(outcome))
    return 1 if outcome.failures else 0


def _parser() -> argparse.ArgumentParser:
    usage = 'make smoke URL=https://... [ORIGIN=https://...] [ARGS="--docs ..."]'
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="make smoke", usage=usage, description=__doc__, formatter_class=raw)
    parser.add_argument("url", metavar="URL", help="where the API is, an API Gateway's stage included")
    parser.add_argument("--origin", help="the front end's origin, which CORS must let in (default: $ORIGIN)")
    parser.add_argument("--foreign-origin", default=Options.foreign_origin, help="one that it must not let in")
    parser.add_argument("--docs", action="store_true", help="/docs is meant to be there: this is not production")
    parser.add_argument("--timeout", type=float, default=Options.timeout_seconds, help="seconds for an answer (35)")
    return parser


def _options(parser: argparse.ArgumentParser, given: argparse.Namespace, environ: Mapping[str, str]) -> Options:
    if not 0 < given.timeout <= _LONGEST_SECONDS:
        parser.error(f"--timeout wants seconds, up to {_LONGEST_SECONDS:g}")
    for account in ("SMOKE_ADMIN", "SMOKE"):
        if bool(environ.get(f"{account}_EMAIL")) != bool(environ.get(f"{account}_PASSWORD")):
            parser.error(f"{account}_EMAIL and {account}_PASSWORD want each other")
    origin = (given.origin or environ.get("ORIGIN", "")).strip().rstrip("/")
    for one in (origin, given.foreign_origin):
        if one and not _ORIGIN.fullmatch(one):
            parser.error(f"an origin is like https://app.example.com, without a path: {one!r} is none")
    return Options(
        admin_email=environ.get("SMOKE_ADMIN_EMAIL", ""),
        admin_password=environ.get("SMOKE_ADMIN_PASSWORD", ""),
        admin_token=environ.get("SMOKE_ADMIN_TOKEN", "").strip(),
        origin=origin,
        foreign_origin=given.foreign_origin,
        expects_docs=given.docs,
        timeout_seconds=given.timeout,
        email=environ.get("SMOKE_EMAIL", ""),
        password=environ.get("SMOKE_PASSWORD", ""),
    )


def _stop(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_DFL)  # asked again, it ends at once, whatever it leaves behind
    _say("stopping, once what was made is removed ...")
    raise Stopped(number)


def _say(text: str) -> None:
    with contextlib.suppress(OSError):  # a reader that has gone away is no reason to leave things behind
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:], os.environ))

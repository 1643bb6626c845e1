"""Load a deployment with users who do what users do, and count every request.

Status 0 when the thresholds hold, 1 when one does not or nothing was sent, 2 for arguments that make no sense, 3 when
it could not begin. SIGTERM and Ctrl-C end the run early, with begun requests waited for, the result written and the
accounts removed. Without --accounts or SMOKE_EMAIL and SMOKE_PASSWORD in the environment, accounts are registered and
deleted again; from afar ten, for the services refuse an address that registers more than twenty in a quarter of an
hour.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from deployment.environment import environment_of
from deployment.errors import DeploymentError
from deployment.load import accounts, chart, report
from deployment.load.plan import Job, Person, Plan
from deployment.load.results import Latency, Results, Threshold
from deployment.load.sender import Sender, SendingFailed, Sent
from deployment.smoke.client import checked_url
from deployment.smoke.failures import Failed
from deployment.smoke.outcome import BadUrl
from deployment.terraform.program import TerraformUnusable

_WIDTH = 118
_TOLD_EVERY_SECONDS = 5


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Run the load, tell of it; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        plan = _plan(parser, options, options.url or environ.get("API_URL", "").strip() or _deployed(environ))
    except (DeploymentError, TerraformUnusable) as error:
        parser.error(f"no URL was given, and {error}")
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    sender = Sender(environ)
    sender.listen()
    try:
        known = _given(options.accounts) if options.accounts else _known(environ, plan)
    except (OSError, ValueError) as error:
        parser.error(f"accounts: {error}")
    return _Run(plan, known, options, console, sender).carry_out()


class _Run:
    def __init__(
        self, plan: Plan, known: Sequence[Person], options: argparse.Namespace, console: Console, sender: Sender
    ) -> None:
        self._plan = plan
        self._known = known
        self._options = options
        self._console = console
        self._sender = sender
        self._told_at = 0.0

    def carry_out(self) -> int:
        """Make the accounts, send, remove, report; return the exit status."""
        plan = self._plan
        self._say(
            f"load: {plan.url}: {plan.users} users over {plan.ramp_seconds:g} s, {plan.seconds:g} s in all,"
            f" {len(self._known)} accounts"
        )
        sent, problem, started_at = Sent(), "", datetime.now(UTC)
        people = [one for one in self._known if one.is_kept]
        try:
            self._register(people)
            has_documents = accounts.serves_documents(plan.url, people[0], plan.timeout_seconds) if people else False
            self._plan = plan = replace(plan, has_documents=has_documents)
            started_at = datetime.now(UTC)
            sent = self._sender.send(Job(plan, people), self._tell)
        except (Failed, SendingFailed) as failed:
            problem = str(failed)
        finally:
            left = accounts.remove(plan.url, people, self._sender.made, plan.timeout_seconds)
        if problem:
            self._say("\n".join([f"load: could not be carried out: {problem}", *left]))
            return 3
        return self._conclude(sent, started_at, left)

    def _register(self, people: list[Person]) -> None:
        """Add to `people` the accounts that have to be made, as each is."""
        wanted = [one for one in self._known if not one.is_kept]
        for person in accounts.registered(self._plan.url, wanted, self._plan.timeout_seconds):
            people.append(person)
            if self._sender.is_stopped:
                return

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False)

    def _conclude(self, sent: Sent, started_at: datetime, left: Sequence[str]) -> int:
        thresholds = _thresholds(self._options, sent.results)
        told = report.written(self._plan, sent, thresholds, started_at=started_at, left=left)
        if self._options.json:
            _write(self._options.json, json.dumps(told, indent=2) + "\n")
        if self._options.plot and sent.results.requests:
            _write(self._options.plot, chart.drawn(f"Load on {self._plan.url}", sent.results.timeline()))
        report.show(self._console, self._plan, sent, thresholds)
        for one in left:
            self._say(f"load: {one}")
        for path in (self._options.json, self._options.plot):
            if path:
                self._say(f"Written to {path.resolve()}")
        return 0 if sent.results.requests and all(threshold.holds for threshold in thresholds) else 1

    def _tell(self, at_seconds: float, users: int, results: Results) -> None:
        if at_seconds - self._told_at < _TOLD_EVERY_SECONDS or not results.requests:
            return
        self._told_at = at_seconds
        recent = [one for one in results.requests if one.at_seconds >= at_seconds - _TOLD_EVERY_SECONDS]
        latency = f", p95 {Latency.of(recent).p95_ms:.0f} ms" if recent else ""
        rate = len(recent) / _TOLD_EVERY_SECONDS
        self._say(
            f"  {at_seconds:4.0f} s: {users} users, {rate:.1f} requests/s{latency}, {results.failed} failed so far"
        )


def _thresholds(options: argparse.Namespace, results: Results) -> list[Threshold]:
    found = [Threshold("failed requests in percent", options.max_error_percent, round(results.error_percent, 4))]
    if options.max_p95_ms is not None and results.requests:
        found.append(Threshold("p95 in ms", options.max_p95_ms, Latency.of(results.requests).p95_ms))
    return found


def _known(environ: Mapping[str, str], plan: Plan) -> list[Person]:
    """Return the account the environment names, as for the smoke test; else ones that are to be made."""
    email, password = environ.get("SMOKE_EMAIL", ""), environ.get("SMOKE_PASSWORD", "")
    if bool(email) != bool(password):
        raise ValueError("SMOKE_EMAIL and SMOKE_PASSWORD want each other")
    if email:
        return [Person(email.strip().lower(), password, is_kept=True)]
    return accounts.generated(plan.url, plan.users)


def _given(path: Path) -> list[Person]:
    """Return the accounts of a file with a line `EMAIL PASSWORD` each; raises ValueError when there is none."""
    found = []
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            parts = line.split(maxsplit=1)
            if len(parts) != 2:
                raise ValueError(f"line {number} of {path} is not EMAIL PASSWORD")
            found.append(Person(parts[0].lower(), parts[1].strip(), is_kept=True))
    if not found:
        raise ValueError(f"{path} names no account")
    return found


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.write_text(text)
    fresh.replace(path)


def _parser() -> argparse.ArgumentParser:
    usage = 'make load URL=https://... [USERS=10 SECONDS=30 RAMP=5] [ARGS="--max-p95-ms 500 ..."]'
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="make load", usage=usage, description=__doc__, formatter_class=raw)
    parser.add_argument(
        "url", metavar="URL", nargs="?", default="", help="where the API is, an API Gateway's stage included"
    )
    parser.add_argument("--users", type=int, default=Plan.users, help="how many at once (10)")
    parser.add_argument("--seconds", type=float, default=Plan.seconds, help="for how long (30)")
    parser.add_argument("--ramp", type=float, default=Plan.ramp_seconds, help="seconds until all users are there (5)")
    parser.add_argument("--pause", type=float, default=Plan.pause_seconds, help="seconds a user thinks (1)")
    parser.add_argument("--timeout", type=float, default=Plan.timeout_seconds, help="seconds for an answer (35)")
    parser.add_argument("--chat-percent", type=float, default=Plan.chat_percent, help="share of chat (2)")
    parser.add_argument("--most-chats", type=int, default=Plan.most_chats, help="chats in all (20)")
    parser.add_argument("--most-documents", type=int, default=Plan.most_documents, help="uploads in all (5)")
    parser.add_argument("--accounts", type=Path, help="file with a line EMAIL PASSWORD for each account to use")
    parser.add_argument("--max-error-percent", type=float, default=0.0, help="failed requests there may be (0)")
    parser.add_argument("--max-p95-ms", type=float, help="how long 95 of 100 answers may take")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the result there")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="draw the run there (SVG)")
    return parser


def _deployed(environ: Mapping[str, str]) -> str:
    """Return where the environment that ENV names is called."""
    from deployment.tune.deployed import deployed  # with all of AWS's SDK, which a URL makes needless

    return deployed(environment_of(environ), environ).url


def _plan(parser: argparse.ArgumentParser, options: argparse.Namespace, given: str) -> Plan:
    try:
        url = checked_url(given)
    except BadUrl as bad:
        parser.error(str(bad))
    ranges = {
        "--users": (options.users, 1, 1000),
        "--seconds": (options.seconds, 1, 86_400),
        "--ramp": (options.ramp, 0, 86_400),
        "--pause": (options.pause, 0, 600),
        "--timeout": (options.timeout, 0.1, 600),
        "--chat-percent": (options.chat_percent, 0, 100),
        "--most-chats": (options.most_chats, 0, 1_000_000),
        "--most-documents": (options.most_documents, 0, 1000),
        "--max-error-percent": (options.max_error_percent, 0, 100),
    }
    for name, (value, least, most) in ranges.items():
        if not least <= value <= most:
            parser.error(f"{name} is {least:g} to {most:g}, not {value:g}")
    return Plan(
        url=url,
        users=options.users,
        seconds=options.seconds,
        ramp_seconds=options.ramp,
        pause_seconds=options.pause,
        timeout_seconds=options.timeout,
        chat_percent=options.chat_percent,
        most_chats=options.most_chats,
        most_documents=options.most_documents,
    )


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:], os.environ))

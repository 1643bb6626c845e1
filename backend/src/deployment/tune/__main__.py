"""Recommend each function's memory, from what Lambda reported of its invocations or from a sweep.

Without --sweep, REPORT lines of the deployed functions are read (or of a file, --log): they are of one memory size, so
only what holds for computing and for waiting code alike is recommended. With --sweep, versions with several sizes are
published and invoked with an event, by default a GET of /api/v1/health/; the alias `live` is left alone. Status 0, or 1
with the reason.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from deployment.cost.prices import PriceList
from deployment.environment import Environment, environment_of
from deployment.errors import DeploymentError
from deployment.invocation.event import ApiEndpoint, event_of
from deployment.progress import say
from deployment.terraform.program import TerraformUnusable
from deployment.tune.deployed import Deployed, deployed
from deployment.tune.recommendation import SIZES_MB, Recommendation, cost_of_million, from_one_size, from_sweep
from deployment.tune.reports import Summary, reports, summaries
from deployment.tune.sweep import Sweep, swept

_WIDTH = 118
_LEAST_MB, _MOST_MB = 128, 10_240
_MOST_ROUNDS = 1000
_HEALTH = "/api/v1/health/"
_OURS = "127.0.0.1"
_LOCAL = (
    "AWS_ENDPOINT_URL is set: a local AWS gives a function the machine's processors whatever its memory, so sizes"
    " differ here by chance alone. Sweep on AWS."
)


@dataclass(frozen=True)
class Tuned:
    """A function with what was measured of it and what follows."""

    name: str
    measured: Sequence[Summary]
    recommendation: Recommendation


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Print the recommendations; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    _check(parser, options)
    try:
        environment = environment_of(environ)
        gb_second = PriceList(environment.region).price(f"lambda_gb_seconds_{environment.architecture}").amount
        found = list(_tuned(options, environment, environ, gb_second))
    except (DeploymentError, TerraformUnusable, OSError) as error:
        say(sys.stderr, f"tune: {error}")
        return 1
    if options.json:
        say(sys.stdout, json.dumps([asdict(one) for one in found], indent=2))
        return 0
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    for one in found:
        _show(console, one, gb_second)
    if environ.get("AWS_ENDPOINT_URL"):
        console.print(_LOCAL, highlight=False)
    return 0


def _tuned(
    options: argparse.Namespace, environment: Environment, environ: Mapping[str, str], gb_second: Decimal
) -> Iterator[Tuned]:
    is_local = bool(environ.get("AWS_ENDPOINT_URL"))
    if options.log:
        yield _from_lines(options.log.name, options.log.read_text(errors="replace").splitlines(), options)
        return
    there = deployed(environment, environ)
    for function in there.functions:
        if options.function and function.name not in options.function:
            continue
        if options.sweep:
            yield _swept(there, function.name, environment.protocol, options, gb_second)
        else:
            found = there.reports(function, options.days)
            yield _one(function.name, summaries(found), options.p95_ms, cpu_grows_with_memory=not is_local)


def _from_lines(name: str, lines: Sequence[str], options: argparse.Namespace) -> Tuned:
    return _one(name, summaries(list(reports(lines))), options.p95_ms)


def _one(
    name: str, measured: Sequence[Summary], limit_ms: float | None, *, cpu_grows_with_memory: bool = True
) -> Tuned:
    if not measured:
        return Tuned(
            name, (), Recommendation(0, ("no invocation was reported: call it first, or look further back (--days)",))
        )
    most = max(measured, key=lambda one: one.invocations)
    recommendation = from_one_size(most, limit_ms, cpu_grows_with_memory=cpu_grows_with_memory)
    return Tuned(name, measured, recommendation)


def _health(url: str, protocol: str) -> bytes:
    """Return the event of a request that asks database, vectors and model whether they are there."""
    request = httpx.Request("GET", f"{url}{_HEALTH}")
    return json.dumps(event_of(request, ApiEndpoint(url, protocol, _OURS))).encode()


def _swept(there: Deployed, name: str, protocol: str, options: argparse.Namespace, gb_second: Decimal) -> Tuned:
    function = next(one for one in there.functions if one.name == name)
    payload = options.event.read_bytes() if options.event else _health(there.url, protocol)
    sweep = Sweep(function.function_name, _sizes(options.memory), options.rounds, payload)
    found = swept(there.account, sweep, lambda text: say(sys.stderr, text))
    return Tuned(name, found, from_sweep(found, options.p95_ms, gb_second))


def _show(console: Console, one: Tuned, gb_second: Decimal) -> None:
    if one.measured:
        table = Table(title=one.name, title_justify="left", title_style="bold")
        for column in (
            "MB",
            "invocations",
            "p50 ms",
            "p95 ms",
            "p99 ms",
            "billed ms",
            "MB used",
            "starts",
            "$ a million",
        ):
            table.add_column(column, justify="right")
        for each in one.measured:
            table.add_row(*_cells(each, gb_second))
        console.print(table)
    size = f"{one.recommendation.memory_mb} MB" if one.recommendation.memory_mb else "nothing to say"
    console.print(f"{one.name}: {size}", highlight=False)
    for reason in one.recommendation.why:
        console.print(f"  - {reason}", markup=False, highlight=False)


def _cells(each: Summary, gb_second: Decimal) -> list[str]:
    times = (each.p50_ms, each.p95_ms, each.p99_ms, each.mean_billed_ms)
    start = f"{each.starts} of {each.mean_start_ms:.0f} ms" if each.mean_start_ms is not None else "0"
    million = f"{cost_of_million(each, gb_second):.2f}"
    return [
        str(each.memory_mb),
        str(each.invocations),
        *(f"{ms:.0f}" for ms in times),
        str(each.most_used_mb),
        start,
        million,
    ]


def _sizes(text: str) -> list[int]:
    """Return memory sizes written with commas between; raises ValueError."""
    return [int(size) for size in text.split(",")]


def _check(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    try:
        sizes = _sizes(options.memory)
    except ValueError:
        sizes = [0]
    if not all(_LEAST_MB <= size <= _MOST_MB for size in sizes):
        parser.error(f"--memory wants sizes of {_LEAST_MB} to {_MOST_MB} MB, with commas between")
    if not 1 <= options.rounds <= _MOST_ROUNDS:
        parser.error(f"--rounds is 1 to {_MOST_ROUNDS}")
    if options.days < 1:
        parser.error("--days is 1 at least")


def _parser() -> argparse.ArgumentParser:
    usage = 'make tune ENV=dev [ARGS="--p95-ms 500", ARGS="--sweep --memory 512,1024,1769 --event FILE"]'
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="make tune", usage=usage, description=__doc__, formatter_class=raw)
    parser.add_argument("--p95-ms", type=float, help="how long 95 of 100 invocations may take")
    parser.add_argument("--function", action="append", help="this one only (api, fitness, knowledge)")
    parser.add_argument("--days", type=int, default=14, help="how far back to look in the logs (14)")
    parser.add_argument("--log", type=Path, metavar="FILE", help="a file with REPORT lines instead")
    parser.add_argument("--sweep", action="store_true", help="measure several sizes, in versions of their own")
    sizes = ",".join(str(size) for size in SIZES_MB)
    parser.add_argument("--memory", default=sizes, help=f"the sweep's sizes in MB ({sizes})")
    parser.add_argument("--rounds", type=int, default=20, help="the sweep's invocations of each size (20)")
    parser.add_argument("--event", type=Path, metavar="FILE", help="the sweep's event, as JSON")
    parser.add_argument("--json", action="store_true", help="for a program")
    return parser


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:], os.environ))

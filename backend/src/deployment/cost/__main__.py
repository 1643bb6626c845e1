"""What a deployment costs a month, at three levels of traffic, each line explained.

Measured durations are those Lambda reported of the deployed functions (with credentials), or those of a file of REPORT
lines (--log); without either they are assumed, and the output says so. Status 0, or 1 with the reason.
"""

import argparse
import io
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from rich.console import Console

from deployment.cost import report
from deployment.cost.configuration import Configuration, configuration_of
from deployment.cost.example import example
from deployment.cost.invoice import Invoice
from deployment.cost.lines import invoice
from deployment.cost.measured import measured
from deployment.cost.prices import PriceList, PriceUnknown
from deployment.cost.server import compared
from deployment.cost.usage import Assumptions, AssumptionUnknown, Measured, Usage
from deployment.environment import Environment, environment_of
from deployment.errors import DeploymentError
from deployment.progress import say
from deployment.terraform.program import TerraformUnusable
from deployment.tune.deployed import Deployed, deployed
from deployment.tune.reports import reports

_TRAFFIC = "10000,100000,1000000"
_WIDTH = 200


def main(arguments: list[str], environ: Mapping[str, str]) -> int:
    """Print what it costs; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    traffic = _traffic(parser, options.traffic)
    given = _given(parser, options.assume)
    if options.days < 1:
        parser.error("--days is 1 at least")
    try:
        environment = environment_of(environ)
        found = _Found.of(environment, environ, options)
        told = _cost(found, traffic, Assumptions(given), options.region)
    except (DeploymentError, TerraformUnusable, PriceUnknown, AssumptionUnknown, OSError) as error:
        say(sys.stderr, f"cost: {error}")
        return 1
    if options.json:
        say(sys.stdout, json.dumps(report.written(told), indent=2))
    elif options.markdown:
        say(sys.stdout, report.markdown(told).rstrip("\n"))
    else:
        console = Console()
        if not console.is_terminal:
            console.width = _WIDTH
        report.show(console, told)
    return 0


@dataclass
class _Found:
    """What was found out about the deployment, with a sentence for each."""

    configuration: Configuration
    measured: Mapping[str, Measured] = field(default_factory=dict)
    provenance: Sequence[str] = ()

    @classmethod
    def of(cls, environment: Environment, environ: Mapping[str, str], options: argparse.Namespace) -> "_Found":
        """Look at what is deployed, where anybody may; else at the file of reports, else at nothing."""
        there, why = (None, "") if options.offline else _deployed(environment, environ)
        state: Mapping[str, Any] | None = there.state if there else None
        configuration = configuration_of(environment, state)
        said = [f"Nothing deployed was looked at: {why or 'asked not to'}."] if there is None else []
        if options.log:
            found, sentence = _of_file(options.log, configuration)
        elif there is not None:
            found, sentence = _of_logs(there, options.days)
            if environ.get("AWS_ENDPOINT_URL"):
                said.append("AWS_ENDPOINT_URL is set: a local AWS measures this machine, and no real model.")
        else:
            found, sentence = {}, "Durations are assumed, not measured: see the assumptions (--json lists them all)."
        return cls(configuration, found, [*said, sentence])


def _deployed(environment: Environment, environ: Mapping[str, str]) -> tuple[Deployed | None, str]:
    try:
        return deployed(environment, environ), ""
    except DeploymentError as error:
        return None, str(error).splitlines()[0]


def _of_logs(there: Deployed, days: int) -> tuple[dict[str, Measured], str]:
    found = {function.name: there.reports(function, days) for function in there.functions}
    told = {name: measured(lines) for name, lines in found.items() if lines}
    sentence = f"Durations are those Lambda reported in the last {days} days of: {', '.join(told) or 'nothing'}."
    silent = [name for name in found if name not in told]
    return told, sentence + (f" Assumed: {', '.join(silent)}." if silent else "")


def _of_file(path: Path, configuration: Configuration) -> tuple[dict[str, Measured], str]:
    lines = list(reports(path.read_text(errors="replace").splitlines()))
    if not lines:
        return {}, f"{path} has no REPORT line: durations are assumed."
    told = {function.name: measured(lines) for function in configuration.functions}
    return told, f"Durations are those of the {len(lines)} REPORT lines of {path.name}, the same for every function."


def _cost(found: _Found, traffic: Sequence[int], assumptions: Assumptions, region: str | None) -> report.Cost:
    prices = PriceList(region or found.configuration.region)

    def invoice_of(requests: int) -> Invoice:
        return invoice(found.configuration, Usage(requests, assumptions, found.measured), prices)

    invoices = [invoice_of(requests) for requests in traffic]
    return report.Cost(
        configuration=found.configuration,
        invoices=invoices,
        comparisons=[compared(one, invoice_of, prices) for one in invoices],
        example=example(prices),
        provenance=found.provenance,
        assumptions=assumptions.listed(),
        retrieved=prices.retrieved,
    )


def _traffic(parser: argparse.ArgumentParser, text: str) -> list[int]:
    try:
        levels = [int(part.replace("_", "")) for part in text.split(",")]
    except ValueError:
        levels = []
    if not levels or min(levels) < 0:
        parser.error(f"--traffic wants requests a month, such as {_TRAFFIC}")
    return levels


def _given(parser: argparse.ArgumentParser, pairs: Sequence[str]) -> dict[str, Decimal]:
    found = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            found[name] = Decimal(value)
        except InvalidOperation:
            parser.error(f"--assume wants NAME=NUMBER, not {pair!r}")
        if not found[name].is_finite() or found[name] < 0:
            parser.error(f"--assume wants a number that is not negative, not {pair!r}")
    return found


def _parser() -> argparse.ArgumentParser:
    usage = 'make cost ENV=dev [TRAFFIC=10000,100000] [REGION=us-east-1] [ARGS="--json ..."]'
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="make cost", usage=usage, description=__doc__, formatter_class=raw)
    parser.add_argument("--traffic", default=_TRAFFIC, help=f"requests a month, by commas ({_TRAFFIC})")
    parser.add_argument("--region", help="whose prices (the environment's)")
    parser.add_argument("--log", type=Path, metavar="FILE", help="a file with REPORT lines")
    parser.add_argument("--days", type=int, default=14, help="how far back to look in the functions' logs (14)")
    parser.add_argument("--offline", action="store_true", help="look at nothing that is deployed")
    parser.add_argument(
        "--assume", action="append", default=[], metavar="NAME=NUMBER", help="instead of the assumption"
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--json", action="store_true", help="everything, for a program")
    how.add_argument("--markdown", action="store_true", help="the table, for a document")
    return parser


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main(sys.argv[1:], os.environ))

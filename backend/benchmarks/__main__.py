"""Measures, prints tables, writes build/bench.json. Machines are noisy: a missed target is said, not raised."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import chat, data, gateway, ingestion, packages, search, starts, throughput
from benchmarks.figures import Section, Target
from benchmarks.image_environment import REPOSITORY, machine

SECTIONS = ("starts", "throughput", "gateway", "chat", "data", "search", "ingestion", "packages")
_WIDTH = 118
_REPORT = REPOSITORY / "build" / "bench.json"


def main() -> None:
    """Run the sections asked for, all by default."""
    arguments = _arguments()
    console = Console()
    if not console.is_terminal:
        console.width = _WIDTH
    measures: dict[str, Callable[[], Section]] = {
        "starts": lambda: starts.measure(arguments.rounds),
        "throughput": lambda: throughput.measure(max(1, arguments.rounds // 2), seconds=arguments.seconds),
        "gateway": lambda: gateway.measure(arguments.rounds, seconds=arguments.seconds),
        "chat": lambda: chat.measure(arguments.rounds, arguments.turns),
        "data": lambda: data.measure(arguments.requests),
        "search": lambda: search.measure(arguments.requests),
        "ingestion": lambda: ingestion.measure(arguments.rounds),
        "packages": packages.measure,
    }
    report: dict[str, Any] = {"machine": machine()}
    targets: list[Target] = []
    console.print("Measured on " + ", ".join(f"{name} {value}" for name, value in report["machine"].items()))
    for name in arguments.only or SECTIONS:
        section = measures[name]()
        _print(console, section)
        report[section.key] = section.figures
        targets += section.targets
    _print_targets(console, targets)
    report["targets"] = [{**asdict(target), "holds": target.holds} for target in targets]
    _REPORT.parent.mkdir(exist_ok=True)
    _REPORT.write_text(json.dumps(report, indent=2, default=_plain) + "\n")
    console.print(f"Written to {_REPORT.relative_to(REPOSITORY)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="how often everything is started (7)")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each throughput run lasts (2)")
    parser.add_argument("--turns", type=int, default=50, help="how many warm chat turns (50)")
    parser.add_argument("--requests", type=int, default=200, help="how many requests of each kind over much data (200)")
    parser.add_argument("--only", action="append", choices=SECTIONS, help="this section; may be repeated")
    return parser.parse_args()


def _print(console: Console, section: Section) -> None:
    table = Table(title=section.title, title_justify="left", title_style="bold", caption=section.note)
    table.caption_justify = "left"
    for index, column in enumerate(section.columns):
        table.add_column(column, justify="left" if index == 0 or column == "why it stays" else "right")
    for row in section.rows:
        table.add_row(*row)
    console.print(table, "")


def _print_targets(console: Console, targets: list[Target]) -> None:
    table = Table(title="Targets", title_justify="left", title_style="bold")
    for column in ("target", "at most", "measured", "holds"):
        table.add_column(column, justify="left" if column == "target" else "right")
    for target in targets:
        unit = f" {target.unit}" if target.unit else ""
        holds = "yes" if target.holds else "no"
        table.add_row(target.name, f"{target.at_most:g}{unit}", f"{target.measured:.2f}{unit}", holds)
    console.print(table, "")


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} has no JSON")


if __name__ == "__main__":
    main()

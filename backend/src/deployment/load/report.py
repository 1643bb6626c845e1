"""A run told: to a person as tables, to a program as JSON."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.table import Table

from deployment.load.plan import Plan
from deployment.load.results import Latency, Results, Threshold
from deployment.load.sender import Sent
from deployment.smoke.client import is_loopback


def written(
    plan: Plan, sent: Sent, thresholds: Sequence[Threshold], *, started_at: datetime, left: Sequence[str]
) -> dict[str, Any]:
    """Return the run for JSON; times are milliseconds, and `left` what could not be removed."""
    results = sent.results
    return {
        "plan": asdict(plan),
        "started_at": started_at.isoformat(timespec="seconds"),
        "stopped_by": sent.stopped_by,
        "requests": len(results.requests),
        "failed": results.failed,
        "unfinished": results.unfinished,
        "error_percent": round(results.error_percent, 4),
        "requests_per_second": round(results.requests_per_second, 2),
        "latency": asdict(Latency.of(results.requests)) if results.requests else None,
        "failures": [asdict(failure) for failure in results.failures()],
        "operations": [asdict(operation) for operation in results.operations()],
        "thresholds": [threshold.written() for threshold in thresholds],
        "timeline": [asdict(second) for second in results.timeline()],
        "left_behind": list(left),
        "machine": {"cores": os.cpu_count(), "load_average_1_minute": round(os.getloadavg()[0], 2)},
    }


def show(console: Console, plan: Plan, sent: Sent, thresholds: Sequence[Threshold]) -> None:
    """Print the run's tables."""
    results = sent.results
    _show_operations(console, results)
    if results.failed:
        _show_failures(console, results)
    console.print(_summary(results, sent.stopped_by))
    for threshold in thresholds:
        verdict = "holds" if threshold.holds else "DOES NOT HOLD"
        console.print(f"  {threshold.name}: {threshold.measured:g}, at most {threshold.at_most:g}: {verdict}")
    if is_loopback(plan.url):
        console.print(
            f"  Here sender and server shared {os.cpu_count()} cores with whatever else runs"
            f" (load average {os.getloadavg()[0]:.1f}): times are this machine's, not AWS's."
        )


def _summary(results: Results, stopped_by: str) -> str:
    if not results.requests:
        return "load: no request was answered or refused"
    latency = Latency.of(results.requests)
    unfinished = f", {results.unfinished} of unknown end" if results.unfinished else ""
    stopped = f", stopped by {stopped_by}" if stopped_by else ""
    return (
        f"load: {len(results.requests)} requests in {results.seconds:.1f} s ({results.requests_per_second:.1f}/s),"
        f" {results.failed} failed ({results.error_percent:.2f} %){unfinished},"
        f" p50 {latency.p50_ms:.0f} ms, p95 {latency.p95_ms:.0f} ms, p99 {latency.p99_ms:.0f} ms{stopped}"
    )


def _show_operations(console: Console, results: Results) -> None:
    table = Table(title="Operations", title_justify="left", title_style="bold")
    for column in ("operation", "requests", "failed", "p50 ms", "p95 ms", "p99 ms", "max ms"):
        table.add_column(column, justify="left" if column == "operation" else "right")
    for one in results.operations():
        times = (one.latency.p50_ms, one.latency.p95_ms, one.latency.p99_ms, one.latency.max_ms)
        table.add_row(one.name, str(one.requests), str(one.failed), *(f"{ms:.0f}" for ms in times))
    console.print(table)


def _show_failures(console: Console, results: Results) -> None:
    table = Table(title="Failures", title_justify="left", title_style="bold")
    for column in ("operation", "status", "kind", "count", "first at s", "last at s"):
        table.add_column(column, justify="left" if column in {"operation", "kind"} else "right")
    for one in results.failures():
        status = str(one.status) if one.status else "none"
        moments = (f"{one.first_at_seconds:.1f}", f"{one.last_at_seconds:.1f}")
        table.add_row(one.name, status, one.kind, str(one.count), *moments)
    console.print(table)

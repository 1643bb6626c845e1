"""REPORT lines: what Lambda writes to a function's log of each invocation.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_NUMBER = re.compile(r"([\d.]+) MB|([\d.]+) ms")
_IS_REPORT = "REPORT RequestId: "


@dataclass(frozen=True)
class Report:
    """One invocation.

    Args:
        duration_ms: of the handler.
        billed_ms: what is paid for, a start included.
        memory_mb: what the function had.
        used_mb: the most its instance had used by then.
        start_ms: how long its instance took to start, or to be restored; None where it was there.
    """

    duration_ms: float
    billed_ms: float
    memory_mb: int
    used_mb: int
    start_ms: float | None


def reports(lines: Iterable[str]) -> Iterator[Report]:
    """Yield what REPORT lines say, whatever stands before them on their line; other lines are passed over."""
    for line in lines:
        _, is_there, rest = line.partition(_IS_REPORT)
        fields = _fields(rest) if is_there else {}
        if {"Duration", "Billed Duration", "Memory Size", "Max Memory Used"} <= fields.keys():
            start = fields.get("Init Duration", fields.get("Restore Duration"))
            yield Report(
                duration_ms=float(fields["Duration"]),
                billed_ms=float(fields["Billed Duration"]),
                memory_mb=int(fields["Memory Size"]),
                used_mb=int(fields["Max Memory Used"]),
                start_ms=None if start is None else float(start),
            )


def _fields(rest: str) -> dict[str, str]:
    """Return the numbers of a line, by their names: between tabs stands `Name: number unit`."""
    parts = (part.partition(": ") for part in rest.strip().split("\t"))
    found = ((name, _NUMBER.fullmatch(value.strip())) for name, _, value in parts)
    return {name: number[1] or number[2] for name, number in found if number}


@dataclass(frozen=True)
class Summary:
    """Invocations with one memory size; percentiles are of the handler's duration, by nearest rank."""

    memory_mb: int
    invocations: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    mean_billed_ms: float
    most_used_mb: int
    starts: int
    mean_start_ms: float | None

    @classmethod
    def of(cls, found: Sequence[Report]) -> "Summary":
        """Return the summary of these, of which there is at least one, all with the same memory."""
        durations = sorted(report.duration_ms for report in found)
        starts = [report.start_ms for report in found if report.start_ms is not None]
        return cls(
            memory_mb=found[0].memory_mb,
            invocations=len(found),
            p50_ms=_percentile(durations, 50),
            p95_ms=_percentile(durations, 95),
            p99_ms=_percentile(durations, 99),
            mean_billed_ms=sum(report.billed_ms for report in found) / len(found),
            most_used_mb=max(report.used_mb for report in found),
            starts=len(starts),
            mean_start_ms=sum(starts) / len(starts) if starts else None,
        )


def summaries(found: Sequence[Report]) -> list[Summary]:
    """Return a summary for each memory size, the least first."""
    sizes = sorted({report.memory_mb for report in found})
    return [Summary.of([report for report in found if report.memory_mb == size]) for size in sizes]


def _percentile(ordered: Sequence[float], percent: int) -> float:
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]

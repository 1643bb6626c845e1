"""What the functions' logs tell: how they started and how much they took, and why they failed."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import boto3

_REPORT = re.compile(
    r"REPORT RequestId: \S+\tDuration: (?P<duration>[\d.]+) ms\t.*?Memory Size: (?P<size>\d+) MB\t"
    r"Max Memory Used: (?P<used>\d+) MB(?:\tInit Duration: (?P<init>[\d.]+) ms)?(?:\tStatus: (?P<status>\w+))?"
    r"(?:\tError Type: (?P<kind>\S+))?"
)
_OUT_OF_MEMORY = re.compile(r"signal: killed|MemoryError|Cannot allocate memory|failed to map segment")
_HANDLER = re.compile(r"Runtime\.(?:ImportModuleError|HandlerNotFound|MalformedHandlerName)\W+(.*)")
_CONFIGURATION = re.compile(r"ConfigurationError: (.*(?:\n\s+\w+: .*)*)")
_TIMEOUT = re.compile(r"Task timed out after ([\d.]+) seconds")
_LINES = 8


@dataclass(frozen=True)
class Report:
    """One REPORT line; `init_ms` is None for a warm start, `status` empty for a good end."""

    duration_ms: float
    memory_size_mb: int
    memory_used_mb: int
    init_ms: float | None
    status: str
    error_type: str


def reports_of(lines: Sequence[str]) -> list[Report]:
    """Return the REPORT lines among `lines`."""
    return [
        Report(
            float(found["duration"]),
            int(found["size"]),
            int(found["used"]),
            float(found["init"]) if found["init"] else None,
            found["status"] or "",
            found["kind"] or "",
        )
        for found in map(_REPORT.search, lines)
        if found
    ]


def logged(session: boto3.Session, aws_url: str, since_ms: int = 0) -> dict[str, list[str]]:
    """Return the lines of every function's log since then, by the function's name, oldest first."""
    client = session.client("logs", endpoint_url=aws_url)
    prefix = "/aws/lambda/"
    groups = client.describe_log_groups(logGroupNamePrefix=prefix)["logGroups"]
    names = [group["logGroupName"] for group in groups]
    return {name.removeprefix(prefix): list(_messages(client, name, since_ms)) for name in names}


def _messages(client: Any, group: str, since_ms: int) -> Iterator[str]:
    for page in client.get_paginator("filter_log_events").paginate(logGroupName=group, startTime=since_ms):
        for event in page["events"]:
            yield str(event["message"])


def summary(name: str, lines: Sequence[str]) -> str:
    """Return one line on how a function did: its starts, its time and its memory."""
    reports = reports_of(lines)
    if not reports:
        return f"{name}: never ran, or its logs did not arrive"
    starts = [report.init_ms for report in reports if report.init_ms is not None]
    used, size = max(report.memory_used_mb for report in reports), reports[-1].memory_size_mb
    cold = f", {_counted(len(starts), 'cold start')} (init {median(starts):.0f} ms)" if starts else ""
    duration = median(report.duration_ms for report in reports)
    return f"{name}: {_counted(len(reports), 'invocation')}{cold}, {duration:.1f} ms p50, at most {used} of {size} MB"


def explanations(logs: Mapping[str, Sequence[str]]) -> list[str]:
    """Return what went wrong in each function, in words where its log allows them, else the end of its log."""
    return [f"{name}: {words}" for name, lines in logs.items() for words in [_explanation(lines)] if words]


def _explanation(lines: Sequence[str]) -> str:
    reports = reports_of(lines)
    text = "\n".join(lines)
    if found := _HANDLER.search(text):
        return f"its handler cannot be loaded: {found[1].strip()}"
    if reports and _OUT_OF_MEMORY.search(text):  # an application may catch it, and answer
        return f"it ran out of its {reports[-1].memory_size_mb} MB of memory; give it more (memory_mb)"
    if found := _CONFIGURATION.search(text):
        return f"it refuses its configuration: {found[1]}"
    if found := _TIMEOUT.search(text):
        remedy = "give it more (timeout_seconds), or find what it waited for"
        return f"it ran into its timeout of {float(found[1]):g} s; {remedy}:\n{_last(lines)}"
    is_ill = any(report.status for report in reports) or _errors(lines)
    return f"it failed:\n{_last(lines)}" if is_ill else ""


def _last(lines: Sequence[str]) -> str:
    telling = [line for line in lines if line.strip() and not line.startswith(("START ", "END ", "REPORT "))]
    return "\n".join(f"  {line}" for line in list(dict.fromkeys(_errors(telling) or telling))[-_LINES:])


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _errors(lines: Sequence[str]) -> list[str]:
    return [line for line in lines if _level(line) in {"ERROR", "CRITICAL"}]


def _level(line: str) -> str:
    try:
        found = json.loads(line)
    except ValueError:
        return "ERROR" if line.startswith("[ERROR]") else ""
    return str(found.get("level", "")) if isinstance(found, dict) else ""

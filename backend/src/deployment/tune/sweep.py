"""A sweep: versions with several memory sizes are published, invoked a number of times, and deleted again.

The alias `live` is not touched, and $LATEST gets its memory back; callers never meet these versions.
"""

import base64
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from deployment.account import Account, credentials_problem
from deployment.errors import StepFailed
from deployment.tune.reports import Report, Summary, reports

_STEP = "Sweeping"
_NOTE = "make tune: to be deleted"


class SweepFailed(StepFailed):
    """The sweep ended early; the message says why, and what is left behind."""


@dataclass(frozen=True)
class Sweep:
    """What to measure.

    Args:
        function_name: of the function.
        sizes_mb: the memory sizes.
        rounds: how often each is invoked once it has started.
        payload: the event.
    """

    function_name: str
    sizes_mb: Sequence[int]
    rounds: int
    payload: bytes


def swept(account: Account, sweep: Sweep, hear: Callable[[str], None]) -> list[Summary]:
    """Return a summary for each size, without the invocation that started its instance.

    Raises:
        SweepFailed: Lambda refused, or the function answered with an error, which would measure nothing.
    """
    client = account.client("lambda")
    found = []
    try:
        with _restored(client, sweep.function_name):
            for size in sweep.sizes_mb:
                hear(f"{sweep.function_name}: {size} MB ...")
                with _published(client, sweep.function_name, size) as version:
                    found.append(_measured(client, sweep, version))
    except (BotoCoreError, ClientError, WaiterError) as error:
        raise credentials_problem(error) or SweepFailed(_STEP, str(error)) from error
    return found


@contextmanager
def _restored(client: Any, function_name: str) -> Iterator[None]:
    """Give $LATEST its memory back at the end, whatever happens."""
    before = int(client.get_function_configuration(FunctionName=function_name)["MemorySize"])
    try:
        yield
    finally:
        _set_memory(client, function_name, before)


@contextmanager
def _published(client: Any, function_name: str, memory_mb: int) -> Iterator[str]:
    """Yield a version with this memory, deleted at the end unless it was there before."""
    known = _versions(client, function_name)
    _set_memory(client, function_name, memory_mb)
    version = str(client.publish_version(FunctionName=function_name, Description=_NOTE)["Version"])
    try:
        client.get_waiter("published_version_active").wait(FunctionName=function_name, Qualifier=version)
        yield version
    finally:
        if version not in known:  # nothing had changed since the last version: Lambda returns that one
            client.delete_function(FunctionName=function_name, Qualifier=version)


def _versions(client: Any, function_name: str) -> set[str]:
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=function_name)
    return {one["Version"] for page in pages for one in page["Versions"]}


def _set_memory(client: Any, function_name: str, memory_mb: int) -> None:
    client.update_function_configuration(FunctionName=function_name, MemorySize=memory_mb)
    client.get_waiter("function_updated").wait(FunctionName=function_name)


def _measured(client: Any, sweep: Sweep, version: str) -> Summary:
    found = [_report(client, sweep, version) for _ in range(sweep.rounds + 1)]
    return Summary.of(found[1:])


def _report(client: Any, sweep: Sweep, version: str) -> Report:
    answer = client.invoke(FunctionName=sweep.function_name, Qualifier=version, Payload=sweep.payload, LogType="Tail")
    said = answer["Payload"].read().decode(errors="replace")
    if "FunctionError" in answer:
        raise SweepFailed(_STEP, f"version {version} answered {answer['FunctionError']}: {said[:300]}")
    lines = base64.b64decode(answer.get("LogResult", "")).decode(errors="replace").splitlines()
    report = next(reports(lines), None)
    if report is None:
        raise SweepFailed(_STEP, f"version {version} left no REPORT line in the tail of its log")
    return report

"""Turns the record of what roles were denied, and did not use, into lines for people; pure."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

_STREAM = re.compile(r":log-stream:.*")


def summary_of(report: Mapping[str, Any]) -> list[str]:
    """Return a line for each denial, one below it with the statement it would need, and one for each idle permission.

    Nothing to say is no lines. Statements are written as `terraform/functions.tf` names them.

    Args:
        report: as `LocalAws.authorization` returns it.
    """
    denials: Counter[tuple[str, str, str, str]] = Counter()
    for one in report["denied"]:
        # a log stream has another name each time, and no statement names it
        resource = _STREAM.sub(":*", one["resource"])
        denials[one["role"], one["action"], resource, one["denied_by"] or ""] += one["count"]
    denied = [line for denial, count in sorted(denials.items()) for line in _denied(*denial, count)]
    return denied + [_unused(one) for one in report["unused"]] + [_idle(one) for one in report["idle"]]


def _denied(role: str, action: str, resource: str, denied_by: str, count: int) -> list[str]:
    times = "" if count == 1 else f" ({count} times)"
    remedy = (
        f"  {denied_by} denies it, which no other statement outweighs"
        if denied_by
        else f"  it would need: {action.partition(':')[2]} = {_statement([action], [resource])}"
    )
    return [f"denied: {role} may not {action} on {resource}{times}", remedy]


def _unused(one: Mapping[str, Any]) -> str:
    document = one["statement"]
    actions, resources = (_list(document.get(key, document.get(f"Not{key}"))) for key in ("Action", "Resource"))
    return f"never used: {one['role']}, {one['policy']}: {one['sid']} = {_statement(actions, resources)}"


def _idle(one: Mapping[str, Any]) -> str:
    return f"never used: {one['role']}, {one['policy']}: {one['sid']}, of which {one['action']}"


def _statement(actions: Sequence[str], resources: Sequence[str]) -> str:
    return f"{{ actions = {json.dumps(actions)}, resources = {json.dumps(resources)} }}"


def _list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)

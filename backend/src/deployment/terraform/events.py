"""What Terraform says in lines of JSON: how far it is, and what it complains of.

Source: https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_SHOWN = 5

ProgressCallback = Callable[[int, int, str], None]
"""Is told how many changes are done, how many are planned, and what is at work."""


class ApplyProgress:
    """Hears Terraform's lines of JSON.

    Args:
        hear: is told of every step.
        planned: how many changes there will be, where that is known before.
    """

    def __init__(self, hear: ProgressCallback, planned: int = 0) -> None:
        self._hear = hear
        self._planned = planned
        self._done = 0
        self._running: dict[str, None] = {}
        self.added = self.changed = self.removed = 0

    def __call__(self, line: str) -> None:
        """Take one line."""
        try:
            said = json.loads(line)
        except ValueError:
            return
        hook = said.get("hook", {})
        if hook.get("action") == "read":  # of data, while it applies: no change
            return
        address = hook.get("resource", {}).get("addr", "")
        match said.get("type"):
            case "change_summary":
                self._sum_up(said["changes"])
            case "apply_start":
                self._running[address] = None
            case "apply_complete":
                self._running.pop(address, None)
                self._done += 1
            case _:
                return
        self._hear(self._done, self._planned, next(iter(self._running), ""))

    def _sum_up(self, changes: Mapping[str, Any]) -> None:
        if changes["operation"] == "plan":
            self._planned = changes["add"] + changes["change"] + changes["remove"]
        else:
            self.added, self.changed, self.removed = changes["add"], changes["change"], changes["remove"]

    @property
    def summary(self) -> str:
        """What was done: `57 added, 4 changed`, or that there was nothing to do."""
        counts = {"added": self.added, "changed": self.changed, "removed": self.removed}
        return ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nothing to change"


def progress_notes(note: Callable[[str], None]) -> ProgressCallback:
    """Return what notes `12 of 48, aws_lambda_function.this`."""

    def hear(done: int, planned: int, at_work: str) -> None:
        note(f"{done} of {planned}{f', {at_work}' if at_work else ''}")

    return hear


def error_diagnostics(said: str) -> str:
    """Return the errors among lines of JSON, or what was said as it is."""
    found = list(_error_diagnostics(said))
    more = [f"and {len(found) - _SHOWN} complaints more"] if len(found) > _SHOWN else []
    return "\n\n".join([*found[:_SHOWN], *more]) or said


def _error_diagnostics(said: str) -> Iterator[str]:
    for line in said.splitlines():
        try:
            diagnostic = json.loads(line).get("diagnostic")
        except (ValueError, AttributeError):
            continue
        if diagnostic and diagnostic.get("severity") == "error":
            where = diagnostic.get("address") or (diagnostic.get("range") or {}).get("filename", "")
            yield f"{diagnostic['summary']} ({where})\n{diagnostic.get('detail', '')}".strip()

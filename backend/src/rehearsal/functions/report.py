"""The lines Lambda itself writes to a function's log.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime

from rehearsal.runtime import Invocation

_OF_LAMBDA = {"Runtime.ExitError", "Runtime.OutOfMemory", "Sandbox.Timedout"}


def start_line(request_id: str, version: str) -> str:
    """Return the line before the handler's own."""
    return f"START RequestId: {request_id} Version: {version}"


@dataclass(frozen=True)
class Start:
    """How long an environment took to be there: `restore_ms` is None where it did not begin from a snapshot."""

    init_ms: float
    restore_ms: float | None = None

    @property
    def waited_ms(self) -> float:
        """What the first event waited for on Lambda, which takes the snapshot when the version is published."""
        return self.init_ms if self.restore_ms is None else self.restore_ms

    @property
    def before_seconds(self) -> float:
        """What it waits for here alone."""
        return 0.0 if self.restore_ms is None else self.init_ms / 1000


def snapshot_line(init_ms: float) -> str:
    """Return the line that tells what the start before the snapshot took.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-monitoring.html
    """
    return f"INIT_REPORT Init Duration: {init_ms:.2f} ms\tPhase: init\tStatus: success"


def restore_failure_line(error_type: str) -> str:
    """Return the line of a copy that did not wake."""
    return f"RESTORE_REPORT Status: error\tError Type: {error_type}"


def end_lines(invocation: Invocation, memory_mb: int, start: Start | None) -> list[str]:
    """Return the lines after the handler's own; `start` is None for a warm one.

    The time an environment takes to start is billed, as it has been everywhere since August 2025.
    Source: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
    """
    billed_ms = math.ceil(invocation.duration_ms + (start.waited_ms if start else 0.0))
    fields = [
        f"REPORT RequestId: {invocation.request_id}",
        f"Duration: {invocation.duration_ms:.2f} ms",
        f"Billed Duration: {billed_ms} ms",
        f"Memory Size: {memory_mb} MB",
        f"Max Memory Used: {math.ceil(invocation.max_memory_mb)} MB",
    ]
    if start and start.restore_ms is None:
        fields.append(f"Init Duration: {start.init_ms:.2f} ms")
    elif start:
        fields.append(f"Restore Duration: {start.restore_ms:.2f} ms")
        fields.append(f"Billed Restore Duration: {math.ceil(start.waited_ms)} ms")
    fields += _status(invocation)
    return [*_cause(invocation), f"END RequestId: {invocation.request_id}", "\t".join(fields)]


def _status(invocation: Invocation) -> list[str]:
    if invocation.outcome == "timeout":
        return ["Status: timeout"]
    if invocation.outcome == "response":
        return []
    return ["Status: error", f"Error Type: {json.loads(invocation.payload).get('errorType', 'Unknown')}"]


def _cause(invocation: Invocation) -> list[str]:
    """Only what the runtime client cannot say itself: that it was ended."""
    error = {} if invocation.outcome == "response" else json.loads(invocation.payload)
    if error.get("errorType") not in _OF_LAMBDA:
        return []
    message = error["errorMessage"].rpartition("Error: ")[2]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [f"{now} {invocation.request_id} {message}"]

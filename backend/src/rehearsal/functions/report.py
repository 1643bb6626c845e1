"""The lines Lambda itself writes to a function's log.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
"""

import json
import math
from datetime import UTC, datetime

from rehearsal.runtime import Invocation


def start_line(request_id: str, version: str) -> str:
    """Return the line before the handler's own."""
    return f"START RequestId: {request_id} Version: {version}"


def end_lines(invocation: Invocation, memory_mb: int, init_ms: float | None) -> list[str]:
    """Return the lines after the handler's own; `init_ms` is None for a warm start.

    The time an environment takes to start is billed, as it has been everywhere since August 2025.
    Source: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
    """
    billed_ms = math.ceil(invocation.duration_ms + (init_ms or 0.0))
    fields = [
        f"REPORT RequestId: {invocation.request_id}",
        f"Duration: {invocation.duration_ms:.2f} ms",
        f"Billed Duration: {billed_ms} ms",
        f"Memory Size: {memory_mb} MB",
        f"Max Memory Used: {math.ceil(invocation.max_memory_mb)} MB",
    ]
    if init_ms is not None:
        fields.append(f"Init Duration: {init_ms:.2f} ms")
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
    if invocation.outcome not in {"timeout", "exit"}:
        return []
    message = json.loads(invocation.payload)["errorMessage"].partition("Error: ")[2]
    now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return [f"{now} {invocation.request_id} {message}"]

"""A turn's life: its states, and how long each may last."""

from typing import Literal

OpenState = Literal["queued", "running", "failed", "cancelled"]
"""What a turn without an answer is; the first two end by themselves."""
State = Literal["queued", "running", "done", "failed", "cancelled"]
UNDER_WAY = frozenset({"queued", "running"})

GATEWAY_SECONDS = 29.0
"""Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html (integration timeout)."""
MARGIN_SECONDS = 4.0
"""What starting, storing and answering take beside the work itself."""
LEAST_SECONDS = 1.0
"""With less left no model is asked: the answer would be paid for and not be heard."""
MOST_UNFINISHED = 5
"""How many turns of one caller may be under way at once."""
POLL_SECONDS = 2
"""When to look again at a turn under way."""
_STEP_SECONDS = 15.0
"""What the steps that ask no model take at most, one at a time."""


def budget_seconds(wanted_seconds: float, host_seconds: float | None) -> float:
    """Return how long a request waits for its answer, 0 when it should not wait at all.

    Args:
        wanted_seconds: what the settings allow.
        host_seconds: when Lambda ends the call, which has API Gateway before it; None elsewhere.
    """
    if host_seconds is None:
        return wanted_seconds
    return max(0.0, min(wanted_seconds, GATEWAY_SECONDS - MARGIN_SECONDS, host_seconds - MARGIN_SECONDS))


def lease_seconds(model_seconds: float) -> float:
    """Return after how long without a sign whoever works on a turn counts as gone: longer than any step takes.

    Args:
        model_seconds: how long one call of the model may take, its retries included.
    """
    return model_seconds + _STEP_SECONDS

"""Traces as the Lambda service keeps them of a function with active tracing: what is sampled, and its segments.

Source: https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import time
from typing import Any

from rehearsal.functions.report import Start
from rehearsal.runtime import Invocation

_FIXED_RATE = 0.05


class Sampler:
    """Takes the first request of each second, and 5 % of the others: X-Ray's default rule; safe in several threads.

    Args:
        chance: uniform in [0, 1).
        clock: seconds since 1970.
    """

    def __init__(self, chance: Callable[[], float], clock: Callable[[], float] = time) -> None:
        self._chance = chance
        self._clock = clock
        self._lock = Lock()
        self._second = -1

    def takes_next(self) -> bool:
        """Whether the request that arrives now is traced."""
        second = int(self._clock())
        with self._lock:
            is_first, self._second = second != self._second, second
        return is_first or self._chance() < _FIXED_RATE


@dataclass(frozen=True)
class Span:
    """From when to when something ran, in seconds since 1970."""

    start_seconds: float
    end_seconds: float

    def fields(self) -> dict[str, float]:
        """Return it as segments have it."""
        return {"start_time": self.start_seconds, "end_time": self.end_seconds}


@dataclass(frozen=True)
class Trace:
    """One request's trace: its ids are made with it."""

    is_sampled: bool
    root: str = field(default_factory=lambda: f"1-{int(time()):08x}-{secrets.token_hex(12)}")
    service_segment: str = field(default_factory=lambda: secrets.token_hex(8))
    function_segment: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def header(self) -> str:
        """What the function is told, so that its own segments hang on Lambda's."""
        return f"Root={self.root};Parent={self.function_segment};Sampled={int(self.is_sampled)}"


@dataclass(frozen=True)
class Run:
    """One invocation in time: `init` is None for a warm environment, `work` for one that did not start."""

    arn: str
    request_id: str
    whole: Span
    init: Span | None
    work: Span | None
    is_fault: bool
    init_name: str = "Initialization"

    @classmethod
    def of(cls, arn: str, invocation: Invocation, whole: Span, start: Start | None, *, has_started: bool) -> "Run":
        """Return what is known of an invocation that took `whole`, at first to start the environment, if it had to."""
        ready = whole.start_seconds + (start.waited_ms if start else 0.0) / 1000
        init = Span(whole.start_seconds, ready) if start else None
        work = Span(ready, ready + invocation.duration_ms / 1000) if has_started else None
        name = "Restore" if start and start.restore_ms is not None else cls.init_name
        return cls(arn, invocation.request_id, whole, init, work, invocation.outcome != "response", name)

    def segments(self, trace: Trace) -> list[dict[str, Any]]:
        """Return the two segments of an invocation: the service's, and the function's with its phases."""
        account, name = self.arn.split(":")[4], self.arn.split(":")[6]
        shared = {"trace_id": trace.root, "name": name, **self.whole.fields(), **self._flags()}
        service = {
            "id": trace.service_segment,
            **shared,
            "origin": "AWS::Lambda",
            "resource_arn": self.arn,
            "aws": {"request_id": self.request_id},
            "http": {"response": {"status": 200}},
        }
        function = {
            "id": trace.function_segment,
            "parent_id": trace.service_segment,
            **shared,
            "origin": "AWS::Lambda::Function",
            "aws": {"account_id": account, "function_arn": self.arn, "request_id": self.request_id},
            "subsegments": self._phases(),
        }
        return [service, function]

    def _phases(self) -> list[dict[str, Any]]:
        overhead = Span(self.work.end_seconds, self.whole.end_seconds) if self.work else None
        phases = {self.init_name: self.init, "Invocation": self.work, "Overhead": overhead}
        return [
            {"id": secrets.token_hex(8), "name": name, **span.fields(), "aws": {"function_arn": self.arn}}
            for name, span in phases.items()
            if span
        ]

    def _flags(self) -> dict[str, bool]:
        return {"fault": True} if self.is_fault else {}

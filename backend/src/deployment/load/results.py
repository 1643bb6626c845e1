"""What came of the requests: counted exactly, with percentiles of every answer's time."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Request:
    """One request that has ended: when it began, how long it took, its status (0: no answer), its failure's kind."""

    at_seconds: float
    ms: float
    name: str
    status: int
    kind: str

    @property
    def is_failed(self) -> bool:
        """Whether it failed."""
        return bool(self.kind)


@dataclass(frozen=True)
class Latency:
    """How long answers took, in milliseconds; percentiles are of all values, by nearest rank."""

    p50_ms: float
    p90_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float

    @classmethod
    def of(cls, requests: Sequence[Request]) -> "Latency":
        """Return the latency of these, of which there is at least one."""
        times = sorted(request.ms for request in requests)
        return cls(*(percentile(times, percent) for percent in (50, 90, 95, 99, 100)))


@dataclass(frozen=True)
class Operation:
    """The requests of one method and path."""

    name: str
    requests: int
    failed: int
    latency: Latency


@dataclass(frozen=True)
class Failure:
    """The failed requests of one operation that failed in one way, with when the first and the last began."""

    name: str
    status: int
    kind: str
    count: int
    first_at_seconds: float
    last_at_seconds: float


@dataclass(frozen=True)
class Second:
    """One second of the run: requests that began in it, those of them that failed, and users there were."""

    at: int
    requests: int
    failed: int
    users: int
    p50_ms: float | None
    p95_ms: float | None


class Results:
    """Requests as they end, and users as they come."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.begun = 0
        self._users: dict[int, int] = {}

    def add(self, request: Request) -> None:
        """Count a request."""
        self.requests.append(request)

    def beat(self, at_seconds: float, users: int) -> None:
        """Note how many users there are."""
        self._users[int(at_seconds)] = users

    @property
    def failed(self) -> int:
        """How many requests failed."""
        return sum(request.is_failed for request in self.requests)

    @property
    def unfinished(self) -> int:
        """How many requests were begun, and nothing is known of: 0 unless the sending program was killed."""
        return max(0, self.begun - len(self.requests))

    @property
    def error_percent(self) -> float:
        """The share of requests that failed, or of which nothing is known."""
        total = len(self.requests) + self.unfinished
        return 100 * (self.failed + self.unfinished) / total if total else 0.0

    @property
    def seconds(self) -> float:
        """From the first request's beginning to the last answer's end."""
        if not self.requests:
            return 0.0
        ended = max(request.at_seconds + request.ms / 1000 for request in self.requests)
        return ended - min(request.at_seconds for request in self.requests)

    @property
    def requests_per_second(self) -> float:
        """How many requests were answered in a second, over the whole run."""
        return len(self.requests) / self.seconds if self.seconds else 0.0

    def operations(self) -> list[Operation]:
        """Return what came of each operation, the most frequent first."""
        groups: defaultdict[str, list[Request]] = defaultdict(list)
        for request in self.requests:
            groups[request.name].append(request)
        found = [
            Operation(name, len(group), sum(request.is_failed for request in group), Latency.of(group))
            for name, group in groups.items()
        ]
        return sorted(found, key=lambda operation: (-operation.requests, operation.name))

    def failures(self) -> list[Failure]:
        """Return the failures by operation, status and kind, the most frequent first."""
        counted: Counter[tuple[str, int, str]] = Counter()
        moments: defaultdict[tuple[str, int, str], list[float]] = defaultdict(list)
        for request in self.requests:
            if request.is_failed:
                key = (request.name, request.status, request.kind)
                counted[key] += 1
                moments[key].append(request.at_seconds)
        return [Failure(*key, count, min(moments[key]), max(moments[key])) for key, count in counted.most_common()]

    def timeline(self) -> list[Second]:
        """Return the run second by second, those without a request included."""
        groups: defaultdict[int, list[Request]] = defaultdict(list)
        for request in self.requests:
            groups[int(request.at_seconds)].append(request)
        found, users = [], 0
        for second in range(max([*groups, *self._users], default=-1) + 1):
            users = self._users.get(second, users)
            group = groups.get(second, [])
            latency = Latency.of(group) if group else None
            failed = sum(request.is_failed for request in group)
            middle, high = (latency.p50_ms, latency.p95_ms) if latency else (None, None)
            found.append(Second(second, len(group), failed, users, middle, high))
        return found


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of 100 do not exceed, by nearest rank; `ordered` is not empty, the least first.

    Source: https://en.wikipedia.org/wiki/Percentile#The_nearest-rank_method
    """
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


@dataclass(frozen=True)
class Threshold:
    """What a run must not exceed, and what it came to."""

    name: str
    at_most: float
    measured: float

    @property
    def holds(self) -> bool:
        """Whether it was not exceeded."""
        return self.measured <= self.at_most

    def written(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"name": self.name, "at_most": self.at_most, "measured": self.measured, "holds": self.holds}

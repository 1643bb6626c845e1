"""Rate limits for each user and each address: token buckets in this instance's memory, told in standard headers.

They stop a client that runs away; they are no accounting. Instances do not share them, so a limit holds for each, and
what costs money has a budget in Postgres (docs/adr/0010-rate-limits-live-in-each-instance.md).

Source: draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from threading import Lock
from time import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from coachwork.chassis.errors import TooManyRequests
from coachwork.chassis.http.problems import documented, problem_response
from coachwork.chassis.networks import network_of
from coachwork.chassis.settings import Settings

LIMITED = "/api/"
"""What the limits hold for: the paths that begin so. Liveness and documentation stay free."""

WINDOW_SECONDS = 60
_MOST_SUBJECTS = 10_000
"""How many subjects one instance remembers, some 3 MB; the one seen longest ago is forgotten first."""


@dataclass(frozen=True)
class Standing:
    """How a subject stands after a request: `remaining` more are taken at once, all again in `reset_seconds`.

    `retry_after_seconds` is 0 when this one was taken.
    """

    policy: str
    quota: int
    remaining: int
    reset_seconds: int
    retry_after_seconds: int


class TokenBuckets:
    """A bucket for each subject: it holds `quota` requests and fills up evenly, whole in a window.

    Wall-clock time, so that a function that was frozen finds its buckets filled; a clock set back fills nothing.
    """

    def __init__(
        self, policy: str, quota: int, *, most_subjects: int = _MOST_SUBJECTS, clock: Callable[[], float] = time
    ) -> None:
        self.policy = policy
        self.quota = quota
        self._per_second = quota / WINDOW_SECONDS
        self._most_subjects = most_subjects
        self._clock = clock
        self._lock = Lock()
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, subject: str) -> Standing | None:
        """Take one request out of the subject's bucket, if there is one; None where there is no limit."""
        if self.quota == 0:
            return None
        now = self._clock()
        with self._lock:
            level, seen = self._levels.pop(subject, (float(self.quota), now))
            level = min(self.quota, level + max(0.0, now - seen) * self._per_second)
            is_taken = level >= 1
            level -= is_taken
            self._levels[subject] = (level, now)
            if len(self._levels) > self._most_subjects:
                self._levels.popitem(last=False)
        return Standing(
            self.policy,
            self.quota,
            remaining=int(level),
            reset_seconds=ceil((self.quota - level) / self._per_second),
            retry_after_seconds=0 if is_taken else ceil((1 - level) / self._per_second),
        )


class RateLimits:
    """This instance's buckets: for each user, and for each address."""

    def __init__(self, settings: Settings) -> None:
        self.users = TokenBuckets("user", settings.rate_limit_per_user)
        self.addresses = TokenBuckets("address", settings.rate_limit_per_address)

    def take_user(self, scope: Scope, user_id: object) -> None:
        """Count a request for the user who makes it; raises `TooManyRequests`."""
        _note(scope, self.users.take(str(user_id)))


class RateLimitMiddleware:
    """Counts each request for its address, and tells in every answer how its caller stands."""

    def __init__(self, app: ASGIApp, limits: RateLimits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].removeprefix(scope.get("root_path", "")).startswith(LIMITED):
            await self._app(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                _tell(MutableHeaders(scope=message), scope["state"].get("rate_limits", ()))
            await send(message)

        client = scope.get("client")
        try:
            if client and client[0]:
                _note(scope, self._limits.addresses.take(network_of(client[0])))
        except TooManyRequests as refusal:
            await problem_response(scope["state"]["request_id"], refusal)(scope, receive, send_told)
        else:
            await self._app(scope, receive, send_told)


def _note(scope: Scope, standing: Standing | None) -> None:
    if standing is None:
        return
    scope["state"].setdefault("rate_limits", []).append(standing)
    if standing.retry_after_seconds:
        raise TooManyRequests(standing.retry_after_seconds, f"Too many requests of this {standing.policy}: slow down")


def _tell(headers: MutableHeaders, standings: Sequence[Standing]) -> None:
    if standings:
        policies = (f'"{one.policy}";q={one.quota};w={WINDOW_SECONDS}' for one in standings)
        left = (f'"{one.policy}";r={one.remaining};t={one.reset_seconds}' for one in standings)
        # a refusal may tell of a limit of its own: these are lists
        headers["RateLimit-Policy"] = ", ".join([*headers.getlist("RateLimit-Policy"), *policies])
        headers["RateLimit"] = ", ".join([*headers.getlist("RateLimit"), *left])


def document_rate_limits(document: dict[str, Any]) -> None:
    """Add the refusal to each limited operation of an OpenAPI document."""
    refusal = documented(TooManyRequests)[TooManyRequests.status]
    for path, item in document["paths"].items():
        if path.startswith(LIMITED):
            for operation in item.values():
                responses = operation["responses"]
                responses.setdefault(str(TooManyRequests.status), {**refusal})["headers"] = _HEADERS


_HEADERS = {
    "Retry-After": {
        "description": "Seconds until the next request can be taken",
        "schema": {"type": "integer", "minimum": 1},
    },
    "RateLimit": {
        "description": "For each limit: `r` requests left, all again in `t` seconds; on other answers as well",
        "schema": {"type": "string"},
        "example": '"address";r=2999;t=1, "user";r=0;t=60',
    },
}

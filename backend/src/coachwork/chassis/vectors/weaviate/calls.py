"""The gRPC half of Weaviate's client: one deadline for a call with all its tries, and every failure of our kind.

By itself the client tries a server that is away six times over 63 s, and drops the code of a refusal.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import grpc
from weaviate.connect import ConnectionParams

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import VectorIndexUnavailable

_SHORTEST_SECONDS = 0.05
_REFUSED_CREDENTIALS = {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.PERMISSION_DENIED}

_limit: ContextVar[Deadline | float] = ContextVar("limit of the calls to Weaviate")


class WeaviateRefusal(Exception):
    """What a server said instead of doing as asked; the cause of our error, for the log."""


@contextmanager
def bounded(limit: Deadline | float) -> Iterator[None]:
    """Have the gRPC calls inside all end by the deadline, or each after so many seconds."""
    token = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(token)


@contextmanager
def refusals_final(detail: str | None = None) -> Iterator[None]:
    """Turn what the server refuses into our error, where there is nothing else to try."""
    try:
        yield
    except WeaviateRefusal as refusal:
        raise VectorIndexUnavailable(detail) from refusal


class BoundedConnectionParams(ConnectionParams):
    """Where a server is; its gRPC calls are bounded."""

    def _grpc_channel(self, *arguments: Any, **options: Any) -> Any:
        # the client's only seam: it takes no interceptors, and its own time limits are the same for every call
        return grpc.intercept_channel(super()._grpc_channel(*arguments, **options), _Bounded())


class _Bounded(grpc.UnaryUnaryClientInterceptor):  # type: ignore[misc]  # the library has no types
    def intercept_unary_unary(self, continuation: Callable[[Any, Any], Any], details: Any, request: Any) -> Any:
        """Return the call once it is answered."""
        limit = _limit.get()
        ends = limit if isinstance(limit, Deadline) else Deadline(limit)
        call = continuation(_within(ends, details), request)
        if call.code() is grpc.StatusCode.UNAVAILABLE and ends.left_seconds:
            # A connection that was cut while the function was frozen shows at its first use. Every request of ours
            # may be repeated.
            call = continuation(_within(ends, details), request)
        if call.code() is grpc.StatusCode.OK:
            return call
        raise _failure(call.code(), call.details())


def _within(ends: Deadline, details: Any) -> Any:
    return details._replace(timeout=max(_SHORTEST_SECONDS, ends.left_seconds))


def _failure(code: grpc.StatusCode, said: str | None) -> Exception:
    """Return our error; what the server said itself may still mean that the collection is not what it was."""
    if code is grpc.StatusCode.DEADLINE_EXCEEDED:
        return VectorIndexUnavailable("The vector index did not answer in time")
    # a server gives its own refusals of a key no code of their own
    if code in _REFUSED_CREDENTIALS or (said or "").startswith("extract auth"):
        return VectorIndexUnavailable("The vector index refused the credentials")
    if code is grpc.StatusCode.UNAVAILABLE:
        return VectorIndexUnavailable()
    return WeaviateRefusal(f"{code.name}: {said}")

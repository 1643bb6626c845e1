"""Life around a snapshot: all is ready in it, nothing is in it that must not be there twice, and that is anew after it.

A function with SnapStart starts once, when its version is published; every instance begins as a copy of that one
process. AWS's runtime client runs the hooks.

Source: https://docs.aws.amazon.com/lambda/latest/dg/snapstart-runtime-hooks.html
"""

import gc
import random
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from os import urandom
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from coachwork.chassis.errors import CoachworkError
from coachwork.chassis.http.schemas import build_schemas
from coachwork.chassis.observability.logs import logger

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

    from coachwork.chassis.http.services import Service
    from coachwork.chassis.resources import Resources

_ENTROPY_BYTES = 48
_NOBODY: Mapping[str, Any] = {
    "client": None,
    "headers": [],
    "query_string": b"",
    "root_path": "",
    "scheme": "https",
    "server": None,
}


@runtime_checkable
class Prepares(Protocol):
    """A part that imports or reads at its first use."""

    def prepare(self) -> None:
        """Do so now, and connect to nothing."""


def around_snapshot(before: Callable[[], None], after: Callable[[], None]) -> None:
    """Have the runtime call `before` at the end of the start, and `after` in every copy, its randomness its own.

    What `before` raises fails the publication; what `after` raises fails the copy, and its first request.
    """
    from snapshot_restore_py import (  # type: ignore[import-untyped]  # AWS ships no types with it
        register_after_restore,
        register_before_snapshot,
    )

    register_before_snapshot(_timed, "ready for the snapshot", partial(_settle, before))
    register_after_restore(_timed, "restored", partial(_wake, after))


def prepare(resources: "Resources", services: Sequence["Service"]) -> None:
    """Build every part and every handler that requests may ask for, with what they import; connect to nothing.

    A part that cannot be built is left to the request that wants it, and to its answer.
    """
    for build in _parts(resources):
        try:
            part = build()
            if isinstance(part, Prepares):
                part.prepare()
        except CoachworkError as error:
            logger.warning("not prepared", cause=type(error).__name__, detail=error.detail)
    for service in services:
        for load in (*service.tasks.values(), *service.arrivals.values()):
            load()
        if service.erase:
            service.erase()
        if service.prepare:
            service.prepare()()
    build_schemas()


def serve_once(app: "ASGIApp", path: str) -> None:
    """Have the application answer one request for a path that touches nothing, and a thread do nothing."""
    import asyncio

    import anyio.to_thread

    async def receive() -> "Message":
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: "Message") -> None:
        return

    async def serve() -> None:
        await app({"type": "http", "method": "GET", "path": path, **_NOBODY}, receive, send)
        await anyio.to_thread.run_sync(lambda: None)

    asyncio.get_event_loop().run_until_complete(serve())  # the one that Mangum goes on with


def _parts(resources: "Resources") -> Iterator[Callable[[], Any]]:
    yield from (resources.database, resources.identity_provider, resources.token_verifier, resources.login_throttle)
    yield from (resources.chat_model, resources.embedder, resources.tasks)
    yield partial(resources.vector_index, "prepared")
    yield from (partial(resources.blobs, purpose) for purpose, name in resources.settings.bucket_names.items() if name)
    yield from (partial(resources.tables, purpose) for purpose, name in resources.settings.table_names.items() if name)


def _settle(before: Callable[[], None]) -> None:
    before()
    gc.collect()
    gc.freeze()  # what is there now stays: the collector, in every copy, need not look at its pages again


def _wake(after: Callable[[], None]) -> None:
    # The kernel's randomness, behind `secrets`, `uuid4` and `urandom`, is told of a restore. Python's own generator
    # is not; OpenSSL's is on AWS's base image alone.
    random.seed()
    ssl.RAND_add(urandom(_ENTROPY_BYTES), _ENTROPY_BYTES)
    after()


def _timed(done: str, work: Callable[[], None]) -> None:
    started = perf_counter()
    work()
    logger.info(done, duration_ms=round((perf_counter() - started) * 1000, 2))

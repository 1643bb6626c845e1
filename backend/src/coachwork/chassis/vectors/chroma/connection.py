"""Requests to a Chroma server: bounded in time, over connections kept alive, every failure made ours."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from threading import Lock
from typing import Any

import httpx2

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.tls import trusted
from coachwork.chassis.vectors.collections import CollectionMissing

_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 10.0
_SHORTEST_SECONDS = 0.05
_LIMITS = httpx2.Limits(keepalive_expiry=60.0)
_DROPPED = (httpx2.RemoteProtocolError, httpx2.ReadError, httpx2.WriteError)


class CollectionTaken(Exception):
    """There is a collection of that name already."""


class ChromaRefusal(Exception):
    """What a server said instead of doing as asked; the cause of our error, for the log."""


class ChromaConnection:
    """A pool of connections to one server, opened at first use; safe to share by threads.

    Args:
        url: the API's, without a slash at its end.
        headers: sent with every request.
    """

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._url = url
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self._lock = Lock()
        self._pool: httpx2.Client | None = None

    def send(self, method: str, path: str, body: Any = None, *, deadline: Deadline | None = None) -> Any:
        """Return the parsed answer; `path` is already escaped.

        Raises:
            CollectionMissing: it is not there, or no longer.
            CollectionTaken: it is there already.
            VectorIndexUnavailable: whatever else went wrong.
        """
        ends = deadline or Deadline(_ANSWER_SECONDS)
        with _transport_failures():
            try:
                status, content = self._exchange(self._opened(), method, path, body, ends)
            except _DROPPED:
                # A server closes what is idle, and a frozen function does not notice. The pool may hold more of the
                # kind, so the second try has a connection of its own. Every request of ours may be repeated.
                with self._open() as fresh:
                    status, content = self._exchange(fresh, method, path, body, ends)
        return _answer(status, content)

    def close(self) -> None:
        """Close the connections; the next request opens another."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.close()

    def _exchange(self, client: httpx2.Client, method: str, path: str, body: Any, ends: Deadline) -> tuple[int, bytes]:
        """Read the whole answer before the deadline: a time limit alone bounds only the silence between two bytes."""
        left = max(_SHORTEST_SECONDS, ends.left_seconds)
        timeout = httpx2.Timeout(left, connect=min(left, _CONNECT_SECONDS))
        chunks = []
        with client.stream(method, self._url + path, json=body, timeout=timeout) as response:
            for chunk in response.iter_bytes():
                chunks.append(chunk)
                if not ends.left_seconds:
                    raise httpx2.ReadTimeout("The answer took too long", request=response.request)
        return response.status_code, b"".join(chunks)

    def _opened(self) -> httpx2.Client:
        with self._lock:
            if self._pool is None:
                self._pool = self._open()
            return self._pool

    def _open(self) -> httpx2.Client:
        return httpx2.Client(headers=self._headers, limits=_LIMITS, verify=trusted())


@contextmanager
def understanding() -> Iterator[None]:
    """Turn a failure to read an answer into `VectorIndexUnavailable`: something is there, and it is not Chroma."""
    try:
        yield
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise VectorIndexUnavailable("The vector index's address does not answer as Chroma does") from error


@contextmanager
def _transport_failures() -> Iterator[None]:
    try:
        yield
    except httpx2.TimeoutException as error:
        raise VectorIndexUnavailable("The vector index did not answer in time") from error
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        raise VectorIndexUnavailable from error


def _answer(status: int, content: bytes) -> Any:
    if 200 <= status < 300:
        with understanding():
            return json.loads(content)
    kind, refusal = _refusal(status, content)
    if status == 404 and kind == "NotFoundError":  # else the path is unknown there, to a proxy perhaps
        raise CollectionMissing from refusal
    if status == 409:
        raise CollectionTaken from refusal
    refused = status in {401, 403}
    raise VectorIndexUnavailable("The vector index refused the credentials" if refused else None) from refusal


def _refusal(status: int, content: bytes) -> tuple[str | None, ChromaRefusal]:
    """Read Chroma's own form of an error, where it is one."""
    try:
        told = json.loads(content)
        kind, message = str(told["error"]), str(told["message"])
    except (KeyError, TypeError, ValueError):
        return None, ChromaRefusal(f"status {status}, not in Chroma's words")
    return kind, ChromaRefusal(f"status {status}, {kind}: {message}")

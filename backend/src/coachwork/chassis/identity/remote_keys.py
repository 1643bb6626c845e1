"""Keys an issuer publishes: fetched, cached, and fetched again when a token names one we do not know."""

import json
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from time import monotonic
from typing import Any

import httpx
from jwt import PyJWK

from coachwork.chassis.errors import IdentityUnavailable
from coachwork.chassis.identity.keys import match, usable_keys

_MAX_BYTES = 100_000
_FRESH_SECONDS = 600.0
_USABLE_SECONDS = 3_600.0  # past this, an issuer that does not answer may have withdrawn a key
_REFETCH_SECONDS = 30.0
_RETRY_SECONDS = 1.0


class RemoteKeys:
    """The key set at `url`, kept for ten minutes, and for an hour when the issuer does not answer.

    Args:
        url: where the issuer publishes its JSON Web Key Set.
        timeout_seconds: for one fetch, from its first byte to its last.
        clock: seconds that only go forward.
    """

    def __init__(self, url: str, *, timeout_seconds: float = 3.0, clock: Callable[[], float] = monotonic) -> None:
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._lock = Lock()
        self._keys: Sequence[PyJWK] = ()
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")

    def find(self, kid: str | None, algorithm: str) -> PyJWK | None:
        """Return the key; an unknown `kid` fetches the set again, at most once in 30 seconds.

        Raises:
            IdentityUnavailable: the issuer does not answer, and what we know is too old.
        """
        key = match(self._keys, kid, algorithm)
        if key is None or self._age() > _FRESH_SECONDS:
            self._refresh(kid, algorithm)
            key = match(self._keys, kid, algorithm)
        if self._age() > _USABLE_SECONDS:
            raise IdentityUnavailable("The issuer's keys cannot be fetched")
        return key

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _refresh(self, kid: str | None, algorithm: str) -> None:
        with self._lock:
            fresh = self._age() <= _FRESH_SECONDS
            if fresh and match(self._keys, kid, algorithm):
                return  # another thread was here first
            pause = _REFETCH_SECONDS if self._age() <= _USABLE_SECONDS else _RETRY_SECONDS
            if self._clock() - self._tried_at < pause:
                return
            self._tried_at = self._clock()
            try:
                self._keys = usable_keys(self._fetch())
                self._fetched_at = self._clock()
                if not fresh:
                    self._tried_at = float("-inf")  # only fetching for an unknown key is rationed
            except (httpx.HTTPError, ValueError) as error:
                if self._age() > _USABLE_SECONDS:
                    raise IdentityUnavailable("The issuer's keys cannot be fetched") from error

    def _fetch(self) -> Sequence[Mapping[str, Any]]:
        """Return the published keys; raises `ValueError` when the answer is no key set."""
        deadline = monotonic() + self._timeout_seconds
        body = bytearray()
        with httpx.stream("GET", self._url, timeout=self._timeout_seconds) as response:
            response.raise_for_status()
            for chunk in response.iter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES or monotonic() > deadline:
                    raise ValueError("the key set is too large or too slow")
        document = json.loads(bytes(body))
        keys = document.get("keys") if isinstance(document, dict) else None
        if not isinstance(keys, list) or not all(isinstance(key, dict) for key in keys):
            raise ValueError("the answer is no JSON Web Key Set")
        return keys

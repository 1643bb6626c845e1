"""One OpenAI client for chat and embeddings: made at first use, bounded in time, its errors made ours.

The SDK could retry by itself, but it obeys a `Retry-After` of up to two minutes, has no deadline over all attempts, and
bounds the silence between two bytes, not the whole answer. So it is told not to, and the loop is here. Requests go
through the SDK's `post`, not its resources: loading those costs a cold start some 45 ms, for types we do not need.
"""

import random
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import finalize

from pydantic import SecretStr, ValidationError

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models.openai_wire import Wire
from coachwork.chassis.models.patience import Patience

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

Shape = TypeVar("Shape", bound=Wire)

_OPENAI_URL = "https://api.openai.com/v1"


class OpenAIConnection:
    """Sends requests to OpenAI or a server that speaks its protocol. Safe to share between threads.

    Args:
        base_url: None means OpenAI's own.
        patience: how long to wait and how often to ask again.
        clock, sleep, chance: time and randomness (0..1), for tests.
    """

    def __init__(
        self,
        api_key: SecretStr,
        *,
        base_url: str | None = None,
        patience: Patience,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url or _OPENAI_URL
        self._patience = patience
        self._clock = clock
        self._sleep = sleep
        self._chance = chance
        self._lock = Lock()
        self._client: OpenAI | None = None

    def deadline(self) -> Deadline:
        """Return the deadline of a call that starts now."""
        return Deadline(self._patience.total_seconds, self._clock)

    def send(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], *, deadline: Deadline, model_variable: str
    ) -> Shape:
        """Post `body` and return the answer, asking again while that may help and the deadline allows.

        Raises:
            ModelUnavailable: with a detail that is safe to show; `model_variable` names the setting of the model.
        """
        client = self._made()
        import httpx2
        import openai

        from coachwork.chassis.models.openai_failures import failure_of

        attempt = 0
        while True:
            try:
                return shape.model_validate_json(self._attempt(client, path, body, deadline))
            # the SDK translates what happens before the first byte of a body; httpx2's own comes after
            except (openai.OpenAIError, httpx2.RequestError, TimeoutError, ValidationError) as error:
                failure = failure_of(error, model_variable)
                pause = self._patience.pause_seconds(attempt, failure.retry_after_seconds, self._chance())
                worth_it = failure.may_pass and attempt < self._patience.retries
                if not worth_it or pause >= deadline.left_seconds:
                    raise failure.error(failure.detail) from error
            self._sleep(pause)
            attempt += 1

    def _attempt(self, client: "OpenAI", path: str, body: Mapping[str, Any], deadline: Deadline) -> bytes:
        import httpx2
        from openai import Stream, Timeout

        seconds = min(self._patience.attempt_seconds, deadline.left_seconds)
        ends = Deadline(seconds, self._clock)
        timeout = Timeout(seconds, connect=min(self._patience.connect_seconds, seconds))
        response = client.post(
            path,
            cast_to=httpx2.Response,
            body=body,
            options={"timeout": timeout, "security": {"bearer_auth": True}},
            stream=True,
            stream_cls=Stream[Any],
        )
        chunks = []
        # asked for the transport's response, the SDK gives it unread, whatever its types say
        with closing(cast("httpx2.Response", response)) as unread:
            for chunk in unread.iter_bytes():
                chunks.append(chunk)
                if not ends.left_seconds:
                    raise TimeoutError
        return b"".join(chunks)

    def _made(self) -> "OpenAI":
        with self._lock:
            if self._client is None:
                self._client = self._make()
            return self._client

    def _make(self) -> "OpenAI":
        from openai import DefaultHttpxClient, OpenAI

        from coachwork.chassis.tls import trusted

        key = self._api_key.get_secret_value()
        if not (key.isascii() and key.isprintable()):
            raise ModelUnavailable("OPENAI_API_KEY holds characters that no key has")
        http_client = DefaultHttpxClient(verify=trusted())
        finalize(self, http_client.close)  # the SDK closes only a client of its own making
        return OpenAI(api_key=key, base_url=self._base_url, max_retries=0, http_client=http_client)

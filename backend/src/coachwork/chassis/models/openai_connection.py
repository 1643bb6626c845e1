"""One OpenAI client for chat and embeddings: made at first use, bounded in time, its errors made ours.

The SDK could retry by itself, but it obeys a `Retry-After` of up to two minutes, has no deadline over all attempts, and
bounds the silence between two bytes, not the whole answer. So it is told not to, and the loop is here. Requests go
through the SDK's `post`, not its resources: loading those costs a cold start some 45 ms, for types we do not need.
"""

import random
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar, cast
from weakref import finalize

from pydantic import SecretStr, ValidationError

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import ModelUnavailable, OutOfTime
from coachwork.chassis.models.openai_wire import Completion, CompletionChunk, Wire
from coachwork.chassis.models.patience import Patience

if TYPE_CHECKING:
    import httpx2
    from openai import OpenAI

    from coachwork.chassis.models.port import Heard

Result = TypeVar("Result")
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

    def prepare(self) -> None:
        """Import and make what the first request wants; connect to nothing."""
        import_module("coachwork.chassis.models.openai_failures")
        import_module("coachwork.chassis.models.openai_stream")
        self._made()

    def close(self) -> None:
        """Close the connections; the next request opens others."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    def deadline(self, callers: Deadline | None = None) -> Deadline:
        """Return the deadline of a call that starts now; it does not outlast the caller's own."""
        return Deadline(self._patience.total_seconds, self._clock, within=callers)

    def send(
        self, path: str, body: Mapping[str, Any], shape: type[Shape], *, deadline: Deadline, model_variable: str
    ) -> Shape:
        """Post `body` and return the answer, asking again while that may help and the deadline allows.

        Raises:
            OutOfTime: the caller's deadline came first.
            ModelUnavailable: with a detail that is safe to show; `model_variable` names the setting of the model.
        """
        client = self._made()
        return self._persist(
            lambda: shape.model_validate_json(self._attempt(client, path, body, deadline)), deadline, model_variable
        )

    def hear(
        self, path: str, body: Mapping[str, Any], heard: "Heard", *, deadline: Deadline, model_variable: str
    ) -> Completion:
        """Do the same for a completion that is streamed; `heard` follows it, from the start again at each attempt.

        An attempt may take all the time there is as long as its silences are no longer than `attempt_seconds`.
        """
        client = self._made()
        streamed = {**body, "stream": True, "stream_options": {"include_usage": True}}
        return self._persist(
            lambda: self._attempt_to_hear(client, path, streamed, heard, deadline), deadline, model_variable
        )

    def _persist(self, attempt_once: Callable[[], Result], deadline: Deadline, model_variable: str) -> Result:
        import httpx2
        import openai

        from coachwork.chassis.models.openai_failures import failure_of

        attempt = 0
        while True:
            try:
                return attempt_once()
            # the SDK translates what happens before the first byte of a body; httpx2's own comes after
            except (openai.OpenAIError, httpx2.RequestError, TimeoutError, ValidationError) as error:
                failure = failure_of(error, model_variable)
                pause = self._patience.pause_seconds(attempt, failure.retry_after_seconds, self._chance())
                is_last = attempt >= self._patience.retries
                if failure.may_pass and deadline.is_cut_short and deadline.left_seconds <= (0 if is_last else pause):
                    raise OutOfTime from error
                if not failure.may_pass or is_last or pause >= deadline.left_seconds:
                    raise failure.error(failure.detail) from error
            self._sleep(pause)
            attempt += 1

    def _attempt(self, client: "OpenAI", path: str, body: Mapping[str, Any], deadline: Deadline) -> bytes:
        seconds = min(self._patience.attempt_seconds, deadline.left_seconds)
        ends = Deadline(seconds, self._clock)
        chunks = []
        with self._posted(client, path, body, seconds) as unread:
            for chunk in unread.iter_bytes():
                chunks.append(chunk)
                if not ends.left_seconds:
                    raise TimeoutError
        return b"".join(chunks)

    def _attempt_to_hear(
        self, client: "OpenAI", path: str, body: Mapping[str, Any], heard: "Heard", deadline: Deadline
    ) -> Completion:
        from coachwork.chassis.models.openai_stream import StreamedCompletion, events

        streamed, rest = StreamedCompletion(heard), b""
        patience_seconds = min(self._patience.attempt_seconds, deadline.left_seconds)
        silence = Deadline(patience_seconds, self._clock, within=deadline)
        with self._posted(client, path, body, patience_seconds) as unread:
            for chunk in unread.iter_bytes():
                *lines, rest = (rest + chunk).split(b"\n")
                for event in events(lines):
                    streamed.add(CompletionChunk.model_validate_json(event))
                    silence = Deadline(self._patience.attempt_seconds, self._clock, within=deadline)
                if not silence.left_seconds:
                    raise TimeoutError
        return streamed.whole()

    def _posted(
        self, client: "OpenAI", path: str, body: Mapping[str, Any], seconds: float
    ) -> "closing[httpx2.Response]":
        """Return the response, unread; `seconds` bound the connecting and each silence."""
        import httpx2
        from openai import Stream, Timeout

        response = client.post(
            path,
            cast_to=httpx2.Response,
            body=body,
            options={
                "timeout": Timeout(seconds, connect=min(self._patience.connect_seconds, seconds)),
                "security": {"bearer_auth": True},
            },
            stream=True,
            stream_cls=Stream[Any],
        )
        # asked for the transport's response, the SDK gives it unread, whatever its types say
        return closing(cast("httpx2.Response", response))

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

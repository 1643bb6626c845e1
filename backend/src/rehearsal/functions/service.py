"""Lambda's invocations, synchronous and asynchronous, over the functions of a deployment."""

import json
import random
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Self
from uuid import uuid4

from rehearsal.children import Children
from rehearsal.functions.configuration import LATEST, DeployedFunction, Place
from rehearsal.functions.errors import InvalidRequestContent, RequestTooLarge, ResourceNotFound
from rehearsal.functions.events import RETRY_DELAYS_SECONDS, EventQueue, QueuedEvent
from rehearsal.functions.fleet import Fleet
from rehearsal.functions.instance import Instance
from rehearsal.functions.port import Answer, DeadLetters, Logs

# Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
REQUEST_LIMIT_BYTES = 6 * 1024 * 1024
EVENT_LIMIT_BYTES = 1024 * 1024
ACCOUNT_CONCURRENCY = 10
"""What a new account may run at once; an old one's 1,000 would not fit a laptop."""

_NAME = re.compile(r"(?:arn:aws:lambda:[^:]+:\d+:function:)?([A-Za-z0-9_-]+)(?::([A-Za-z0-9_$-]+))?")


class LambdaService:
    """Invokes deployed functions; a context manager that leaves no process and no file behind.

    Args:
        place: where they run on this machine.
        logs: receives their log streams.
        dead_letters: receives asynchronous events given up; thrown away when None.
        retry_delays_seconds: the waits before the retries of an asynchronous event.
        chance: uniform in [0, 1); decides between the versions of a weighted alias.
    """

    def __init__(
        self,
        functions: Iterable[DeployedFunction],
        place: Place,
        logs: Logs,
        *,
        dead_letters: DeadLetters | None = None,
        retry_delays_seconds: Sequence[float] = RETRY_DELAYS_SECONDS,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._place = place
        self._logs = logs
        self._chance = chance
        self._guardian = Children()
        self._folder = TemporaryDirectory(prefix="rehearsal-functions-")
        self._events = EventQueue(dead_letters, retry_delays_seconds)
        self._functions: dict[str, DeployedFunction] = {}
        self._fleets: dict[str, Fleet] = {}
        for function in functions:
            self.deploy(function)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def deploy(self, function: DeployedFunction) -> None:
        """Add the function, or replace its configuration; environments of the old one end."""
        old = self._fleets.get(function.name)
        reserved = function.reserved_concurrency
        limit = ACCOUNT_CONCURRENCY if reserved is None else reserved
        self._functions[function.name] = function
        self._fleets[function.name] = Fleet(limit, lambda version: self._instance(function, version))
        if old:
            old.close()

    def deployed(self, function: str, qualifier: str | None = None) -> DeployedFunction:
        """Return the function's configuration.

        Raises:
            ResourceNotFound: there is none of that name, or it has no such version or alias.
        """
        found, qualifier = self._find(function, qualifier)
        found.resolve(qualifier or LATEST, 0.0)
        return found

    def invoke(self, function: str, payload: bytes, qualifier: str | None = None) -> Answer:
        """Run the function on one event and wait for its answer.

        Args:
            function: its name or ARN, which may end in a version or alias.
            qualifier: a version or alias, when `function` names none.

        Raises:
            FunctionsError: refused; no environment has seen the event.
        """
        deployed, qualifier = self._find(function, qualifier)
        _require_event(payload, REQUEST_LIMIT_BYTES)
        return self._run(deployed, qualifier, payload, str(uuid4()))

    def invoke_later(self, function: str, payload: bytes, qualifier: str | None = None) -> str:
        """Accept one event to be run in the background, and return its request id.

        Raises:
            FunctionsError: not accepted.
        """
        deployed, qualifier = self._find(function, qualifier)
        _require_event(payload, EVENT_LIMIT_BYTES)
        request_id = str(uuid4())
        self._events.put(
            QueuedEvent(
                f"{deployed.arn}:{qualifier or LATEST}",
                request_id,
                payload,
                deployed.asynchronous,
                lambda: self._run(deployed, qualifier, payload, request_id),
            )
        )
        return request_id

    def settle(self) -> None:
        """Return when every asynchronous event has been answered or given up."""
        self._events.join()

    def close(self) -> None:
        """End every environment; asynchronous events that wait for a retry are dropped."""
        for fleet in self._fleets.values():
            fleet.close()
        self._events.close()
        self._guardian.close()
        self._folder.cleanup()

    def _find(self, function: str, qualifier: str | None) -> tuple[DeployedFunction, str | None]:
        match = _NAME.fullmatch(function)
        deployed = self._functions.get(match[1]) if match else None
        if match is None or deployed is None:
            raise ResourceNotFound(f"Function not found: {function}")
        return deployed, qualifier or match[2]

    def _run(self, deployed: DeployedFunction, qualifier: str | None, payload: bytes, request_id: str) -> Answer:
        version = deployed.resolve(qualifier or LATEST, self._chance())
        arn = f"{deployed.arn}:{qualifier}" if qualifier else deployed.arn
        with self._fleets[deployed.name].borrow(version) as instance:
            return instance.answer(payload, request_id, arn)

    def _instance(self, function: DeployedFunction, version: str) -> Instance:
        return Instance(
            function, version, self._place, self._logs, folder=Path(self._folder.name), guardian=self._guardian
        )


def _require_event(payload: bytes, limit_bytes: int) -> None:
    if len(payload) > limit_bytes:
        raise RequestTooLarge(f"Request must be smaller than {limit_bytes} bytes for the InvokeFunction operation")
    try:
        json.loads(payload)
    except ValueError as error:
        raise InvalidRequestContent(f"Could not parse request body into json: {error}") from error

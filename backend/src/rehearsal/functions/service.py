"""Lambda's invocations, synchronous and asynchronous, over the functions of a deployment."""

import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from types import TracebackType
from typing import Self
from uuid import uuid4

from deployment.children import Children
from rehearsal.functions.configuration import LATEST, CodeLocations, DeployedFunction
from rehearsal.functions.environment_pool import EnvironmentPool
from rehearsal.functions.errors import InvalidRequestContent, RequestTooLarge, ResourceNotFound
from rehearsal.functions.events import RETRY_DELAYS_SECONDS, EventQueue, QueuedEvent
from rehearsal.functions.instance import Instance
from rehearsal.functions.invocation_metrics import InvocationMetrics, Invoked
from rehearsal.functions.metrics import Metrics
from rehearsal.functions.port import Answer, DeadLetters, Logs, Traces
from rehearsal.functions.traces import Sampler, Trace

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
        traces: receives the segments of functions with active tracing; thrown away when None.
        metrics: is told how often functions were invoked, how long they took and how they failed; nobody when None.
        dead_letters: receives asynchronous events given up; thrown away when None.
        retry_delays_seconds: the waits before the retries of an asynchronous event.
        chance: uniform in [0, 1); decides between the versions of a weighted alias, and what is traced.
        work: where it keeps what it needs until it is left; the system's temporary folder when None.
    """

    def __init__(
        self,
        functions: Iterable[DeployedFunction],
        place: CodeLocations,
        logs: Logs,
        *,
        traces: Traces | None = None,
        metrics: Metrics | None = None,
        dead_letters: DeadLetters | None = None,
        retry_delays_seconds: Sequence[float] = RETRY_DELAYS_SECONDS,
        chance: Callable[[], float] = random.random,
        work: Path | None = None,
    ) -> None:
        self._place = place
        self._logs = logs
        self._traces = traces
        self._meter = InvocationMetrics(metrics)
        self._chance = chance
        self._lock = Lock()
        self._guardian = Children()
        self._folder = TemporaryDirectory(prefix="rehearsal-functions-", dir=work)
        self._events = EventQueue(dead_letters, retry_delays_seconds, self._meter.dropped, self._meter.undelivered)
        self._functions: dict[str, DeployedFunction] = {}
        self._pools: dict[str, EnvironmentPool] = {}
        self._samplers: defaultdict[str, Sampler] = defaultdict(lambda: Sampler(chance))
        for function in functions:
            self.deploy(function)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def deploy(self, function: DeployedFunction) -> None:
        """Add the function, or replace its configuration.

        Environments of versions that are gone or changed end, busy ones after their event; the others stay warm.
        """
        reserved = function.reserved_concurrency
        limit = ACCOUNT_CONCURRENCY if reserved is None else reserved

        def make(version: str) -> Instance:
            return self._instance(function, version)

        with self._lock:
            old = self._functions.get(function.name)
            self._functions[function.name] = function
            if old:
                self._pools[function.name].renew(limit, make, lambda version: function.serves_as(old, version))
            else:
                self._pools[function.name] = EnvironmentPool(limit, make)

    def deploy_all(self, functions: Iterable[DeployedFunction]) -> None:
        """Deploy what differs from what is deployed, and remove what is not among `functions`."""
        wanted = {function.name: function for function in functions}
        for function in wanted.values():
            if function != self._functions.get(function.name):
                self.deploy(function)
        for name in self._functions.keys() - wanted.keys():
            self.remove(name)

    def remove(self, name: str) -> None:
        """Forget a function; its environments end."""
        with self._lock:
            del self._functions[name]
            pool = self._pools.pop(name)
        pool.close()

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
        return self._run(deployed.name, qualifier, payload, str(uuid4()))

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
                next(iter(deployed.versions.values())).credentials,  # all versions have one role
                lambda: self._run(deployed.name, qualifier, payload, request_id),
            )
        )
        return request_id

    def settle(self) -> None:
        """Return when every asynchronous event has been answered or given up, and every segment sent."""
        self._events.join()
        self._drain()

    def abandon(self) -> None:
        """Return when what runs is done; asynchronous events that wait for a retry are dropped."""
        self._events.abandon()
        self._drain()

    def close(self) -> None:
        """End every environment; asynchronous events that wait for a retry are dropped."""
        for pool in self._pools.values():
            pool.close()
        self._events.close()
        self._drain()
        self._guardian.close()
        self._folder.cleanup()

    def _drain(self) -> None:
        self._meter.drain()
        if self._traces:
            self._traces.drain()

    def _find(self, function: str, qualifier: str | None) -> tuple[DeployedFunction, str | None]:
        match = _NAME.fullmatch(function)
        deployed = self._functions.get(match[1]) if match else None
        if match is None or deployed is None:
            raise ResourceNotFound(f"Function not found: {function}")
        return deployed, qualifier or match[2]

    def _run(self, name: str, qualifier: str | None, payload: bytes, request_id: str) -> Answer:
        with ExitStack() as borrowed:
            with self._lock:  # the configuration and the environment it is for
                deployed = self._functions.get(name)
                if deployed is None:
                    raise ResourceNotFound(f"Function not found: {name}")
                version = deployed.resolve(qualifier or LATEST, self._chance())
                invoked = Invoked(name, qualifier, version, is_alias=qualifier in deployed.aliases)
                with self._meter.throttles(invoked):
                    instance = borrowed.enter_context(self._pools[name].borrow(version))
                self._meter.begun(invoked, self._pools[name].busy)
            is_sampled = deployed.versions[version].is_traced and self._samplers[name].takes_next()
            arn = f"{deployed.arn}:{qualifier}" if qualifier else deployed.arn
            answer = instance.answer(payload, request_id, arn, Trace(is_sampled))
            self._meter.ended(invoked, answer)
            return answer

    def _instance(self, function: DeployedFunction, version: str) -> Instance:
        return Instance(
            function,
            version,
            self._place,
            self._logs,
            traces=self._traces,
            folder=Path(self._folder.name),
            guardian=self._guardian,
        )


def _require_event(payload: bytes, limit_bytes: int) -> None:
    if len(payload) > limit_bytes:
        raise RequestTooLarge(f"Request must be smaller than {limit_bytes} bytes for the InvokeFunction operation")
    try:
        json.loads(payload)
    except ValueError as error:
        raise InvalidRequestContent(f"Could not parse request body into json: {error}") from error

"""Functions as a front end reaches them: HTTP, the rehearsal's gateway, execution environments behind it."""

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from urllib.parse import urlsplit

from benchmarks.image_environment import BACKEND, interpreter
from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import Api, Gateway, GatewayServer, Integration, Route, Stage
from rehearsal.runtime import Function

CONCURRENCY = 2
"""How many environments each function may have, and how many clients load it: one more would be refused."""
_STAGE = "production"
_TIMEOUT_SECONDS = 60


class Caller:
    """A client with one kept connection to a front; a context manager."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
        self._headers = dict(headers or {})

    def __enter__(self) -> "Caller":
        self._connection.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def call_ms(self, path: str, body: Any = None) -> float:
        """Ask (POST with a body, else GET), and return the time until the whole answer was read.

        Raises:
            RuntimeError: refused; a figure of something that failed is worse than none.
        """
        started = perf_counter()
        if body is None:
            self._connection.request("GET", f"/{_STAGE}{path}", headers=self._headers)
        else:
            sent = {**self._headers, "Content-Type": "application/json"}
            self._connection.request("POST", f"/{_STAGE}{path}", json.dumps(body), sent)
        response = self._connection.getresponse()
        answer = response.read()
        took_ms = (perf_counter() - started) * 1000
        if response.status not in {200, 201}:
            raise RuntimeError(f"{path} answered {response.status}: {answer[:500]!r}")
        return took_ms


@dataclass(frozen=True)
class Front:
    """A deployed function behind its gateway, on a port of this machine."""

    service: LambdaService
    deployed: DeployedFunction
    port: int

    def end_environments(self) -> None:
        """Let the next request find none, as after a deployment."""
        self.service.remove(self.deployed.name)
        self.service.deploy(self.deployed)

    def caller(self, headers: Mapping[str, str] | None = None) -> Caller:
        """Return a client that sends these headers."""
        return Caller(self.port, headers)

    def rate(self, path: str, seconds: float) -> float:
        """Return the requests a second of `CONCURRENCY` clients at once, each waiting for its answer."""
        started = perf_counter()
        with ThreadPoolExecutor(CONCURRENCY) as pool:
            counts = list(pool.map(lambda _: self._served(path, started + seconds), range(CONCURRENCY)))
        return sum(counts) / (perf_counter() - started)

    def _served(self, path: str, deadline: float) -> int:
        served = 0
        with self.caller() as caller:
            while perf_counter() < deadline:
                caller.call_ms(path)
                served += 1
        return served


@contextmanager
def fronts(functions: Mapping[str, Function]) -> Iterator[dict[str, Front]]:
    """Yield each function behind a gateway of its own; leave no process and no file behind."""
    deployed = {name: _deployed(f"bench-{number}", one) for number, (name, one) in enumerate(functions.items())}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="cw-bench-")))
        location = CodeLocation(interpreter().python, BACKEND)
        service = stack.enter_context(LambdaService(deployed.values(), location, FolderLogs(folder)))
        ports = {}
        for name, one in deployed.items():
            server = stack.enter_context(GatewayServer(Gateway(_api(one), service)))
            ports[name] = urlsplit(server.url).port or 0
        yield {name: Front(service, one, ports[name]) for name, one in deployed.items()}


def _deployed(name: str, function: Function) -> DeployedFunction:
    version = Version(
        function.handler,
        environment=function.environment,
        memory_mb=function.memory_mb,
        timeout_seconds=function.timeout_seconds,
    )
    return DeployedFunction(name, {"1": version}, {"live": Alias("1")}, reserved_concurrency=CONCURRENCY)


def _api(function: DeployedFunction) -> Api:
    """Return the REST API that Terraform makes: everything to the alias `live`."""
    integration = Integration(f"{function.arn}:live")
    routes = [Route("ANY", path, integration) for path in ("/", "/{proxy+}")]
    return Api("rest", function.name, routes, {_STAGE: Stage(_STAGE)})

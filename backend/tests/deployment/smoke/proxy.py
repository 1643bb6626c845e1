"""A server before the real application that hands everything on, but for what a test wants broken."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv4Address
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from rehearsal.vendors.serving import StandInServer

_FRAMING = {"connection", "content-length", "date", "server", "transfer-encoding"}


@dataclass(frozen=True)
class Request:
    """What was asked."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Answer:
    """What the application answered; a test may change it. Header names are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


Break = Callable[[Request, Answer], object]
"""Changes an answer in place."""


class Proxy:
    """Stands before `upstream`, as at `stage`; comes from a loopback address of its own, as a run of the test does."""

    def __init__(self, upstream: str, breaking: Break, stage: str) -> None:
        self._stage = stage
        self._host = urlsplit(upstream).netloc
        self._breaking = breaking
        self._source = str(IPv4Address("127.0.0.0") + 256 + secrets.randbelow(2**24 - 512))
        self.requests: list[Request] = []
        self.url = ""

    def forward(self, request: Request) -> Answer:
        """Return the application's answer, broken."""
        self.requests.append(request)
        connection = HTTPConnection(self._host, timeout=60, source_address=(self._source, 0))
        try:
            path = request.path.removeprefix(self._stage)
            connection.request(request.method, path, request.body, dict(request.headers))
            response = connection.getresponse()
            headers = {name.lower(): value for name, value in response.getheaders()}
            answer = Answer(response.status, headers, response.read())
        finally:
            connection.close()
        self._breaking(request, answer)
        return answer


class _Server(StandInServer):
    def __init__(self, proxy: Proxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Connection)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each body waits 40 ms for the headers' acknowledgement
    server: _Server

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def log_message(self, *_: object) -> None:
        """Print nothing."""

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kept = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "connection"}}
        answer = self.server.proxy.forward(Request(self.command, self.path, kept, body))
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            if name not in _FRAMING:
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)


@contextmanager
def broken(upstream: str, breaking: Break, *, stage: str = "") -> Iterator[Proxy]:
    """Serve on a free port until the end."""
    server = _Server(Proxy(upstream, breaking, stage))
    server.proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

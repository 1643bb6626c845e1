"""A small server that speaks Lambda's protocol to the real SDK: one function, its versions, and what it reports."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

FUNCTION = "coachwork-dev-api"
_PATH = re.compile(r"/[\d-]+/functions/(?P<name>[^/?]+)(?P<rest>/[^?]*)?(?:\?(?P<query>.*))?$")


class Lambda:
    """The function: its memory, its versions with theirs, and how long an invocation takes by memory."""

    def __init__(self, duration_ms: Callable[[int], float]) -> None:
        self.url = ""
        self.memory_mb = 1024
        self.versions = {"7": 1024}
        self.invoked: list[str] = []
        self.fails_at_mb = 0
        self._duration_ms = duration_ms
        self._next = 8

    def answer(self, method: str, rest: str, query: str, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        """Return the status, the body and headers of a call."""
        if rest == "/configuration" and method == "PUT":
            self.memory_mb = body["MemorySize"]
        if rest == "/versions":
            return self._versions(method)
        if rest == "/invocations":
            return self._invoke(query.partition("Qualifier=")[2])
        if method == "DELETE":
            del self.versions[query.partition("Qualifier=")[2]]
            return 204, None, {}
        return 200, self._told("$LATEST", self.memory_mb), {}

    def _versions(self, method: str) -> tuple[int, Any, dict[str, str]]:
        if method == "GET":
            return 200, {"Versions": [self._told(*one) for one in self.versions.items()]}, {}
        newest = max(self.versions, key=int)
        if self.versions[newest] != self.memory_mb:
            newest = str(self._next)
            self._next += 1
            self.versions[newest] = self.memory_mb
        return 201, self._told(newest, self.memory_mb), {}

    def _invoke(self, version: str) -> tuple[int, Any, dict[str, str]]:
        memory_mb = self.versions[version]
        self.invoked.append(version)
        if memory_mb == self.fails_at_mb:
            return 200, {"errorMessage": "out of memory"}, {"X-Amz-Function-Error": "Unhandled"}
        ms = self._duration_ms(memory_mb)
        report = (
            f"REPORT RequestId: 1\tDuration: {ms:.2f} ms\tBilled Duration: {ms:.0f} ms\t"
            f"Memory Size: {memory_mb} MB\tMax Memory Used: 180 MB"
        )
        return 200, {"statusCode": 200}, {"X-Amz-Log-Result": base64.b64encode(report.encode()).decode()}

    @staticmethod
    def _told(version: str, memory_mb: int) -> dict[str, Any]:
        state = {"State": "Active", "LastUpdateStatus": "Successful"}
        return {"FunctionName": FUNCTION, "Version": version, "MemorySize": memory_mb, **state}


@contextmanager
def serving(duration_ms: Callable[[int], float]) -> Iterator[Lambda]:
    """Yield Lambda, answering on a free port of 127.0.0.1."""
    function = Lambda(duration_ms)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            content = self.rfile.read(int(self.headers.get("content-length", 0)))
            found = _PATH.match(self.path)
            assert found, self.path
            body = json.loads(content) if content else {}
            status, told, headers = function.answer(self.command, found["rest"] or "", found["query"] or "", body)
            sent = b"" if told is None else json.dumps(told).encode()
            self.send_response(status)
            for name, value in {"content-length": str(len(sent)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(sent)

        do_GET = do_POST = do_PUT = do_DELETE = _do  # noqa: N815  the standard library's names

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    function.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield function
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

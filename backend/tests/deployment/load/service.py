"""A small service on this machine that counts what it is asked, and fails as it is told."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

Failing = Callable[[str, int], tuple[int, dict[str, Any]] | None]
"""Returns how the request of this name that comes as the so-manieth fails, or None when it does not."""

_ANSWERS: dict[str, tuple[int, dict[str, Any]]] = {
    "POST /api/v1/users/register": (201, {}),
    "POST /api/v1/users/login": (200, {"access_token": "token"}),
    "POST /api/v1/workouts-db/logs": (201, {"id": "7"}),
    "POST /api/v1/documents": (202, {"document": {"id": "3"}}),
    "POST /api/v1/chat/send": (200, {"thread_id": "5"}),
}


class Service:
    """What the service was asked, by method and path."""

    def __init__(self, failing: Failing) -> None:
        self.asked: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        self.url = ""
        self._failing = failing
        self._lock = Lock()

    def answer(self, name: str) -> tuple[int, dict[str, Any]]:
        """Count a request and return its answer; status 0 is none at all."""
        with self._lock:
            self.asked[name] += 1
            failure = self._failing(name, self.asked[name])
            self.failed[name] += failure is not None
        return failure or _ANSWERS.get(name, (200, {"items": []}))


@contextmanager
def serving(failing: Failing = lambda _, __: None) -> Iterator[Service]:
    """Yield a service that answers on a free port of 127.0.0.1."""
    service = Service(failing)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            status, body = service.answer(f"{self.command} {self.path.partition('?')[0]}")
            if not status:
                self.close_connection = True
                return
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = _do  # noqa: N815  the standard library's names

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""Chroma Cloud's door: a proxy that wants the API key in `x-chroma-token`, before an open Chroma server."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from threading import Thread
from urllib.parse import urlsplit

from rehearsal.vendors.serving import StandInServer

_REFUSAL = b'{"error":"AuthError","message":"Unauthorized"}'
_HOP_HEADERS = {"connection", "content-length", "host", "transfer-encoding"}


@contextmanager
def running_chroma_cloud(server_url: str, api_key: str) -> Iterator[str]:
    """Yield the URL of a proxy that lets through to `server_url` who brings `api_key`; stop it afterwards."""
    upstream = urlsplit(server_url).netloc

    class Door(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write a response

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("x-chroma-token") == api_key:
                self._reply(*_forward(upstream, self, body))
            else:
                self._reply(401, _REFUSAL)

        do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815  the library's names

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

        def _reply(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()

    door = StandInServer(("127.0.0.1", 0), Door)
    thread = Thread(target=door.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{door.server_port}"
    finally:
        door.shutdown()
        door.server_close()
        thread.join()


def _forward(upstream: str, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
    headers = {name: value for name, value in request.headers.items() if name.lower() not in _HOP_HEADERS}
    connection = HTTPConnection(upstream, timeout=30)
    try:
        connection.request(request.command, request.path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()

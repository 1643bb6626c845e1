"""Servers that answer as they are told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from threading import Thread

from rehearsal.vendors.serving import StandInServer


@contextmanager
def answering(handle: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Yield the URL of a server that answers every request with `handle`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # one write a response

        def do_GET(self) -> None:
            handle(self)

        do_POST = do_DELETE = do_GET  # noqa: N815  the library's name

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = StandInServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(status: int, content_type: str, body: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Return a handler that always says the same."""

    def handle(request: BaseHTTPRequestHandler) -> None:
        request.rfile.read(int(request.headers["content-length"] or 0))
        request.send_response(status)
        request.send_header("content-type", content_type)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body.encode())
        request.wfile.flush()

    return handle

"""A front door on a port of 127.0.0.1."""

from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Protocol, Self

from rehearsal.gateway.failures import REQUEST_LIMIT_BYTES
from rehearsal.gateway.message import Request, Response

_STOP_SECONDS = 0.02
_PIECE_BYTES = 64 * 1024
_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")


class Front(Protocol):
    """What answers requests: a `Gateway`, or Lambda's own API."""

    def handle(self, request: Request) -> Response:
        """Answer one request; called from several threads."""

    def refuse_body(self, request: Request) -> Response:
        """Answer a request whose body was too large to be kept."""


class GatewayServer:
    """Serves a front door, one thread a connection; a context manager.

    Args:
        port: 0 is any that is free.
    """

    def __init__(self, front: Front, port: int = 0) -> None:
        self._server = _Server(front, port)
        self._thread = Thread(target=self._server.serve_forever, args=(_STOP_SECONDS,), daemon=True)

    @property
    def url(self) -> str:
        """Where it answers, without a stage and without a slash at the end."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, front: Front, port: int) -> None:
        self.front = front
        super().__init__(("127.0.0.1", port), _Connection)


class _UnreadableBody(Exception):
    """The body's framing is broken."""


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def __getattr__(self, name: str) -> object:
        """Serve every method API Gateway knows the same way."""
        if name.removeprefix("do_") in _METHODS:
            return self._serve
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it so
        """Print nothing: requests are the access log's business."""

    def _serve(self) -> None:
        try:
            body = self._body()
        except (_UnreadableBody, ValueError):
            self.close_connection = True
            self._write(Response(400, [("Content-Type", "application/json")], b'{"message":"Bad Request"}'))
            return
        request = Request(
            self.command,
            self.path,
            list(self.headers.items()),
            body or b"",
            str(self.client_address[0]),
            self.server.server_port,
        )
        front = self.server.front
        try:
            self._write(front.refuse_body(request) if body is None else front.handle(request))
        except ConnectionError:
            self.close_connection = True  # the client has left

    def _body(self) -> bytes | None:
        """Return the body; None for one over the limit, read and thrown away so the client hears the answer."""
        chunked = "chunked" in self.headers.get("Transfer-Encoding", "").lower()
        pieces = self._chunks() if chunked else self._pieces(int(self.headers.get("Content-Length", 0)))
        size_bytes, kept = 0, []
        for piece in pieces:
            size_bytes += len(piece)
            if size_bytes <= REQUEST_LIMIT_BYTES:
                kept.append(piece)
        return b"".join(kept) if size_bytes <= REQUEST_LIMIT_BYTES else None

    def _pieces(self, length: int) -> Iterator[bytes]:
        while length > 0:
            piece = self.rfile.read(min(length, _PIECE_BYTES))
            if not piece:
                raise _UnreadableBody
            length -= len(piece)
            yield piece

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(32).partition(b";")[0], 16):
            yield from self._pieces(size)
            self.rfile.readline(4)
        while self.rfile.readline(_PIECE_BYTES) not in {b"\r\n", b"\n", b""}:
            pass

    def _write(self, response: Response) -> None:
        """Send the whole response in one write, or a delayed ACK would cost 40 ms."""
        bodiless = self.command == "HEAD" or response.status in {204, 304}
        lines = [f"HTTP/1.1 {response.status} {_reason(response.status)}"]
        lines += [f"{name}: {value}" for name, value in response.headers]
        lines.append(f"Date: {self.date_time_string()}")
        if response.status != HTTPStatus.NO_CONTENT:
            lines.append(f"Content-Length: {len(response.body)}")
        lines.append("Connection: close" if self.close_connection else "Connection: keep-alive")
        head = "\r\n".join([*lines, "\r\n"]).encode("latin-1", errors="replace")
        self.wfile.write(head if bodiless else head + response.body)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""

"""What goes wrong between the application and a Chroma server comes out as one type, soon, and without secrets."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.chroma import ChromaConnection, ChromaIndex

HTML, JSON = "text/html", "application/json"


@contextmanager
def answering(handle: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[str]:
    """Yield the URL of a server that answers every request with `handle`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            handle(self)

        do_POST = do_GET  # noqa: N815  the library's name

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
        request.send_response(status)
        request.send_header("content-type", content_type)
        request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body.encode())

    return handle


@contextmanager
def index_at(url: str, token: str | None = None) -> Iterator[ChromaIndex]:
    """Yield an index on a server."""
    with closing(ChromaConnection.http(url, token)) as connection:
        yield ChromaIndex(connection, "passages", embedder="compass-1", dimensions=2)


class TestBrokenServer:
    """Whatever is answered, the caller sees `VectorIndexUnavailable`."""

    @pytest.mark.parametrize(
        ("status", "content_type", "body"),
        [
            (500, HTML, "<h1>Oops</h1>"),
            (502, JSON, "[]"),
            (503, JSON, "not json"),
            (500, JSON, '{"error": "InternalError", "message": "disk"}'),
            (429, JSON, '{"error": "RateLimitError", "message": "slow down"}'),
            (200, HTML, "<h1>Welcome</h1>"),
            (200, JSON, "{}"),
        ],
    )
    def test_is_one_type_of_failure(self, status: int, content_type: str, body: str) -> None:
        """Errors of Chroma, of a proxy, and of something that is not Chroma at all."""
        with answering(reply(status, content_type, body)) as url, index_at(url) as index:
            for call in (index.count, index.ids, lambda: index.search([1.0, 0.0], limit=1)):
                with pytest.raises(VectorIndexUnavailable):
                    call()
            with pytest.raises(VectorIndexUnavailable):
                index.upsert([Item("a", "", [1.0, 0.0])])

    def test_that_is_not_there(self) -> None:
        """A refused connection."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            with (
                index_at(f"http://127.0.0.1:{listener.getsockname()[1]}") as index,
                pytest.raises(VectorIndexUnavailable),
            ):
                index.count()

    def test_that_hangs_up(self) -> None:
        """A connection cut before the answer."""
        with (
            answering(lambda request: request.connection.shutdown(socket.SHUT_RDWR)) as url,
            index_at(url) as index,
            pytest.raises(VectorIndexUnavailable),
        ):
            index.count()


class TestHangingServer:
    """A server that takes the request and never answers."""

    def test_fails_the_health_check_in_time(self) -> None:
        """`count` gives up by itself; without a limit it would wait, and then see a cut connection."""
        done = Event()
        with answering(lambda _: bool(done.wait(30))) as url, index_at(url) as index:
            with pytest.raises(VectorIndexUnavailable, match="in time"):
                index.count()
            done.set()


class TestCredentials:
    """A server that checks tokens."""

    def test_sends_the_token_in_both_headers(self) -> None:
        """Proxies look for one or the other."""
        seen: list[tuple[str | None, str | None]] = []

        def handle(request: BaseHTTPRequestHandler) -> None:
            seen.append((request.headers["x-chroma-token"], request.headers["authorization"]))
            reply(401, JSON, "{}")(request)

        with (
            answering(handle) as url,
            index_at(url, "secret") as index,
            pytest.raises(VectorIndexUnavailable, match="refused the credentials"),
        ):
            index.count()
        assert [("secret", "Bearer secret")] == seen

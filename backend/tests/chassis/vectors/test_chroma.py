"""What goes wrong between the application and a Chroma server comes out as one type, soon, and without secrets."""

import json
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler
from threading import Event

import pytest
from tests.stub_server import answering, reply

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.chroma import ChromaIndex, RestChroma

HTML, JSON = "text/html", "application/json"
OURS = {"embedder": "compass-1", "dimensions": 2}


@contextmanager
def index_at(url: str, token: str | None = None) -> Iterator[ChromaIndex]:
    """Yield an index on a server."""
    with closing(RestChroma.http(url, token)) as chroma:
        yield ChromaIndex(chroma, "passages", embedder="compass-1", dimensions=2)


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
            (200, JSON, '{"id": "1", "metadata": 7}'),
            (302, HTML, ""),
            (404, HTML, "<h1>No such page</h1>"),
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


class TestMovedCollection:
    """A collection that another process made anew."""

    def test_is_looked_up_again(self) -> None:
        """Its old id is remembered until the server says that it is gone."""
        collections = {"old": 1}

        def handle(request: BaseHTTPRequestHandler) -> None:
            name = request.path.rpartition("/collections/")[2].removesuffix("/count")
            if name == "passages":
                (collection,) = collections
                reply(200, JSON, json.dumps({"id": collection, "metadata": OURS}))(request)
            elif name in collections:
                reply(200, JSON, str(collections[name]))(request)
            else:
                reply(404, JSON, '{"error": "NotFoundError", "message": "gone"}')(request)

        with answering(handle) as url, index_at(url) as index:
            assert 1 == index.count()
            collections.clear()
            collections["new"] = 2
            assert 2 == index.count()


class TestSmallServer:
    """A server that takes few items at a time."""

    def test_gets_as_many_as_it_takes(self) -> None:
        """An upsert is split by what the server says of itself."""
        sizes: list[int] = []

        def handle(request: BaseHTTPRequestHandler) -> None:
            if request.path.endswith("/upsert"):
                body = request.rfile.read(int(request.headers["content-length"]))
                sizes.append(len(json.loads(body)["ids"]))
                del request.headers["content-length"]
                reply(200, JSON, "{}")(request)
            elif request.path.endswith("/pre-flight-checks"):
                reply(200, JSON, '{"max_batch_size": 2}')(request)
            else:
                reply(200, JSON, json.dumps({"id": "1", "metadata": OURS}))(request)

        with answering(handle) as url, index_at(url) as index:
            index.upsert([Item(str(number), "", [1.0, 0.0]) for number in range(5)])
        assert [2, 2, 1] == sizes


class TestIdleConnection:
    """A connection kept alive, of a function that was frozen meanwhile."""

    def test_that_was_dropped_is_replaced(self) -> None:
        """The server answers one request a connection, and hangs up at the next without having said so."""
        served: set[object] = set()

        def handle(request: BaseHTTPRequestHandler) -> None:
            if request.connection in served:
                request.close_connection = True
                return
            served.add(request.connection)
            body = "3" if request.path.endswith("/count") else json.dumps({"id": "1", "metadata": OURS})
            reply(200, JSON, body)(request)

        with answering(handle) as url, index_at(url) as index:
            assert [3, 3, 3] == [index.count() for _ in range(3)]


class TestHangingServer:
    """A server that takes the request and never answers."""

    def test_fails_the_health_check_in_time(self) -> None:
        """`count` gives up by itself; without a limit it would wait, and then see a cut connection."""
        done = Event()
        with answering(lambda _: bool(done.wait(30))) as url, index_at(url) as index:
            with pytest.raises(VectorIndexUnavailable, match="in time"):
                index.count()
            done.set()

    def test_that_drips_fails_the_health_check_too(self) -> None:
        """An answer of one byte now and then never ends by itself, and no silence in it is long."""
        done = Event()

        def handle(request: BaseHTTPRequestHandler) -> None:
            request.send_response(200)
            request.send_header("content-length", "1000000")
            request.end_headers()
            with suppress(OSError):
                while not done.wait(0.05):
                    request.wfile.write(b" ")
                    request.wfile.flush()

        with answering(handle) as url, index_at(url) as index:
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

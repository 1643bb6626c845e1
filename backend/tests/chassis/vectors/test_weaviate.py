"""Weaviate's own ways: addresses, names and types; what goes wrong comes out as one type, soon, and without secrets."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from textwrap import dedent
from threading import Event, Thread
from typing import Any

import pytest
from weaviate.classes.config import Configure, VectorDistances

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.collections import EmbedderMismatch
from coachwork.chassis.vectors.weaviate.addresses import grpc_url_of
from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate
from rehearsal.vendors.weaviate_server import RunningWeaviate, running_weaviate

API_KEY = "key-of-the-tests"
EAST, NORTH = (1.0, 0.0), (0.0, 1.0)
SOURCE = Path(__file__).parents[3] / "src"


@pytest.fixture
def server() -> Iterator[RunningWeaviate]:
    """Start the stand-in; at the end it was asked for nothing that it was not taught."""
    with running_weaviate(API_KEY) as started:
        yield started
    assert [] == started.untaught


@pytest.fixture
def weaviate(server: RunningWeaviate) -> Iterator[Weaviate]:
    """Yield the way to it."""
    with closing(Weaviate(server.url, grpc_url=server.grpc_url, api_key=API_KEY)) as opened:
        yield opened


@pytest.fixture
def index(weaviate: Weaviate) -> WeaviateIndex:
    """Return an index on a collection that is not there yet."""
    return index_on(weaviate)


def index_on(weaviate: Weaviate, embedder: str = "compass-1") -> WeaviateIndex:
    """Return an index on the one collection."""
    return WeaviateIndex(weaviate, "passages", embedder=embedder, dimensions=2)


def free_port() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class TestAddresses:
    """Where the gRPC API is."""

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://weaviate:8080", "http://weaviate:50051"),
            ("https://weaviate.example.com", "https://weaviate.example.com:50051"),
            ("http://[::1]:8080", "http://[::1]:50051"),
            ("https://x1.c0.europe-west3.gcp.weaviate.cloud", "https://grpc-x1.c0.europe-west3.gcp.weaviate.cloud:443"),
            ("https://mine.weaviate.network", "https://mine.grpc.weaviate.network:443"),
        ],
    )
    def test_is_the_vendors_choice(self, url: str, expected: str) -> None:
        """Beside the server; in Weaviate Cloud on a host of its own."""
        assert expected == grpc_url_of(url)


class TestNames:
    """What a collection and a metadata key may be called."""

    @pytest.mark.parametrize("name", ["", "fitness-rag", "1st", "naïve", "a" * 256])
    def test_that_weaviate_does_not_take_are_refused(self, weaviate: Weaviate, name: str) -> None:
        """At once, not at the first request."""
        with pytest.raises(ValueError, match="a letter, then letters, digits and underscores"):
            WeaviateIndex(weaviate, name, embedder="compass-1", dimensions=2)

    def test_of_keys_are_the_callers_own(self, index: WeaviateIndex) -> None:
        """Names that Weaviate keeps for itself are as good as any."""
        metadata = {"id": "x", "vector": "y", "text": "z", "item_id": "w", "Upper": 1}
        index.upsert([Item("a", "", EAST, metadata)])

        assert metadata == index.get(["a"])[0].metadata
        assert ["a"] == index.ids({"vector": "y", "id": "x", "Upper": 1})

    def test_of_keys_with_other_characters_are_refused(self, index: WeaviateIndex) -> None:
        """Nothing is stored under another name than the caller's."""
        with pytest.raises(ValueError, match="letters, digits and underscores: 'page number'"):
            index.upsert([Item("a", "", EAST, {"page number": 1})])


class TestTypes:
    """Metadata has one type a key."""

    def test_are_kept(self, index: WeaviateIndex) -> None:
        """Texts, whole numbers, numbers and truths come back as they went."""
        metadata = {"name": "N", "page": 3, "weight": 0.5, "on_map": True}
        index.upsert([Item("a", "", EAST, metadata)])

        kept = index.get(["a"])[0].metadata
        assert (metadata, {key: type(value) for key, value in metadata.items()}) == (
            kept,
            {key: type(value) for key, value in kept.items()},
        )

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ({"weight": 1}, ["b"]),
            ({"weight": [1, 0.5, "x"]}, ["a", "b"]),
            ({"on_map": [True]}, ["a"]),
            ({"on_map": 1}, []),
            ({"page": "3"}, []),
            ({"page": [3.0]}, []),
            ({"name": "a"}, ["a"]),
            ({"never": "heard"}, []),
        ],
    )
    def test_are_compared(self, index: WeaviateIndex, where: dict[str, Any], expected: list[str]) -> None:
        """A value of another type equals nothing; a stop word is a value like any other."""
        index.upsert([Item("a", "", EAST, {"name": "a", "page": 3, "weight": 0.5, "on_map": True})])
        index.upsert([Item("b", "", EAST, {"name": "of the", "page": 4, "weight": 1, "on_map": False})])

        assert expected == index.ids(where)
        assert expected == sorted(hit.id for hit in index.search(EAST, limit=5, where=where))

    def test_that_clash_are_refused(self, index: WeaviateIndex) -> None:
        """A key's first value settles what it holds."""
        index.upsert([Item("a", "", EAST, {"page": 3})])

        with pytest.raises(VectorIndexUnavailable, match="passages keeps int as page, not text"):
            index.upsert([Item("b", "", EAST, {"page": "three"})])

    def test_learned_by_several_at_once_are_all_known(self, index: WeaviateIndex) -> None:
        """Writers that race to teach a collection new keys lose nothing."""
        index.upsert([Item("first", "", EAST)])
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: index.upsert([Item(str(n), "", EAST, {f"key_{n % 3}": n})]), range(12)))

        assert [{f"key_{n % 3}": n} for n in range(12)] == [
            item.metadata for item in index.get([str(n) for n in range(12)])
        ]


class TestIds:
    """More than a query of Weaviate's returns."""

    def test_are_listed_whole(self, index: WeaviateIndex) -> None:
        """Beyond 10,000, filtered or not, they are read by the cursor."""
        items = [Item(f"{n:05}", "", EAST, {"kind": "many"}) for n in range(10_001)]
        index.upsert([Item("other", "", EAST, {"kind": "other"}), *items])

        assert [item.id for item in items] == index.ids({"kind": ["many", "more"]})
        assert 10_002 == len(index.ids())


class TestCollections:
    """A collection that others change, too."""

    def test_made_anew_by_another_embedder_is_noticed(self, weaviate: Weaviate) -> None:
        """What is remembered of it is asked for again when the server refuses."""
        ours, theirs = index_on(weaviate), WeaviateIndex(weaviate, "passages", embedder="other-2", dimensions=3)
        ours.upsert([Item("a", "", EAST)])
        ours.delete(["a"])
        theirs.upsert([Item("a", "", (1.0, 0.0, 0.0))])

        with pytest.raises(EmbedderMismatch, match=r"other-2 \(3 dimensions\)"):
            ours.search(EAST, limit=1)

    def test_that_is_gone_is_empty(self, index: WeaviateIndex, weaviate: Weaviate) -> None:
        """Whoever removed it removed its items."""
        index.upsert([Item("a", "", EAST)])
        with weaviate.use() as client:
            client.collections.delete("Passages")

        assert ([], 0) == (index.get(["a"]), index.count())

    def test_of_somebody_else_is_refused(self, index: WeaviateIndex, weaviate: Weaviate) -> None:
        """One that says nothing of an embedder may hold anything."""
        with weaviate.use() as client:
            client.collections.create(
                "Passages",
                vector_config=Configure.Vectors.self_provided(
                    name="default",
                    vector_index_config=Configure.VectorIndex.hnsw(distance_metric=VectorDistances.COSINE),
                ),
            )

        with pytest.raises(EmbedderMismatch, match="an unknown embedder"):
            index.search(EAST, limit=1)


class TestRefusedObjects:
    """Items that the server does not store."""

    def test_fail_and_are_not_logged(self, index: WeaviateIndex, caplog: pytest.LogCaptureFixture) -> None:
        """The client would write every such object, text and all, into the log."""
        index.upsert([Item("a", "", EAST)])
        odd = Item("b", "what nobody should read", (1.0, 0.0, 0.0))

        with pytest.raises(VectorIndexUnavailable) as caught:
            index.upsert([Item("c", "", EAST), odd])
        assert "a vector with length 3" in str(caught.value.__cause__)
        assert "nobody" not in caplog.text


class TestCredentials:
    """A server that checks keys."""

    @pytest.mark.parametrize("key", ["key-wrong", None])
    def test_refuses_others(self, server: RunningWeaviate, key: str | None) -> None:
        """The error says what is wrong without the key."""
        with (
            closing(Weaviate(server.url, grpc_url=server.grpc_url, api_key=key)) as opened,
            pytest.raises(VectorIndexUnavailable, match="refused the credentials") as caught,
        ):
            index_on(opened).count()
        assert "key-wrong" not in caught.value.detail

    def test_are_checked_by_the_other_api_too(self, server: RunningWeaviate) -> None:
        """A key that the REST API takes, and the gRPC API does not."""
        with (
            running_weaviate("another key") as other,
            closing(Weaviate(server.url, grpc_url=other.grpc_url, api_key=API_KEY)) as opened,
            pytest.raises(VectorIndexUnavailable, match="refused the credentials"),
        ):
            index_on(opened).upsert([Item("a", "", EAST)])


class TestUnreachable:
    """A server that is not there, or not whole."""

    def test_is_told_at_once(self) -> None:
        """A refused connection."""
        with closing(Weaviate(f"http://127.0.0.1:{free_port()}")) as opened, pytest.raises(VectorIndexUnavailable):
            index_on(opened).count()

    def test_grpc_is_told_at_once(self, server: RunningWeaviate) -> None:
        """By itself the client would try for a minute."""
        away = f"http://127.0.0.1:{free_port()}"
        with (
            closing(Weaviate(server.url, grpc_url=away, api_key=API_KEY)) as opened,
            pytest.raises(VectorIndexUnavailable),
        ):
            index_on(opened).upsert([Item("a", "", EAST)])

    def test_grpc_that_hangs_fails_the_health_check_in_time(
        self, server: RunningWeaviate, index: WeaviateIndex
    ) -> None:
        """A connection that is taken and never answered."""
        index.upsert([Item("a", "", EAST)])
        with socket.create_server(("127.0.0.1", 0)) as silent:
            hanging = f"http://127.0.0.1:{silent.getsockname()[1]}"
            with (
                closing(Weaviate(server.url, grpc_url=hanging, api_key=API_KEY)) as opened,
                pytest.raises(VectorIndexUnavailable, match="in time"),
            ):
                index_on(opened).count()

    def test_rest_that_hangs_is_given_up(self) -> None:
        """Its answer has a limit as well."""
        done = Event()
        with (
            answering(lambda _: bool(done.wait(30))) as url,
            closing(Weaviate(url, answer_seconds=0.2)) as opened,
        ):
            with pytest.raises(VectorIndexUnavailable, match="in time"):
                index_on(opened).count()
            done.set()


class TestStranger:
    """Something answers, and it is not Weaviate."""

    @pytest.mark.parametrize(
        ("status", "content_type", "body"),
        [
            (200, "text/html", "<h1>Welcome</h1>"),
            (200, "application/json", "{}"),
            (200, "application/json", "[]"),
            (200, "application/json", '{"version": "1.20.0"}'),
            (302, "text/html", ""),
            (404, "text/html", "<h1>No such page</h1>"),
            (500, "text/html", "<h1>Oops</h1>"),
            (503, "application/json", '{"error": [{"message": "shutting down"}]}'),
        ],
    )
    def test_is_one_type_of_failure(self, status: int, content_type: str, body: str) -> None:
        """Whatever it says, for reading as for writing."""
        with answering(reply(status, content_type, body)) as url, closing(Weaviate(url)) as opened:
            index = index_on(opened)
            for call in (index.count, index.ids, lambda: index.search(EAST, limit=1)):
                with pytest.raises(VectorIndexUnavailable):
                    call()
            with pytest.raises(VectorIndexUnavailable):
                index.upsert([Item("a", "", EAST)])


class TestIdleConnection:
    """Connections kept alive, of a function that was frozen meanwhile."""

    def test_that_was_dropped_is_replaced(self, server: RunningWeaviate) -> None:
        """The first request afterwards finds out, and is made again."""
        with (
            Cutter(server.grpc_url) as cutter,
            closing(Weaviate(server.url, grpc_url=cutter.url, api_key=API_KEY)) as opened,
        ):
            index = index_on(opened)
            index.upsert([Item("a", "", EAST)])
            cutter.cut()

            assert 1 == index.count()

    def test_that_was_closed_is_opened_again(self, weaviate: Weaviate, index: WeaviateIndex) -> None:
        """Closing is for the moment."""
        index.upsert([Item("a", "", EAST)])
        weaviate.close()

        assert 1 == index.count()


class TestQuiet:
    """Nobody else hears of it."""

    def test_the_client_connects_to_nobody_else(self, server: RunningWeaviate) -> None:
        """It asks no package registry whether it is old, and tells no vendor that it is used."""
        program = f"""
            import sys
            seen = set()
            def hook(event, arguments):
                if event == "socket.connect":
                    seen.add(arguments[1][0])
                elif event == "socket.getaddrinfo":
                    seen.add(arguments[0])
            sys.addaudithook(hook)
            from coachwork.chassis.vectors import Item
            from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
            from coachwork.chassis.vectors.weaviate.server import Weaviate
            weaviate = Weaviate({server.url!r}, grpc_url={server.grpc_url!r}, api_key={API_KEY!r})
            index = WeaviateIndex(weaviate, "quiet", embedder="compass-1", dimensions=2)
            index.upsert([Item("a", "", (1.0, 0.0))])
            print(index.count(), index.search((1.0, 0.0), limit=1)[0].id, sorted(seen))
            weaviate.close()
        """
        assert "1 a ['127.0.0.1']" == run(program)

    def test_it_is_not_even_imported_for_chroma(self) -> None:
        """Its second and its megabytes are paid by who uses it."""
        program = """
            import sys
            from coachwork.bootstrap import bootstrap
            from coachwork.chassis.settings import Settings
            settings = Settings.load({
                "ENVIRONMENT": "development", "DATABASE_URL": "postgresql://u:p@h:5432/d",
                "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----", "CHROMA_HTTP_URL": "http://127.0.0.1:1",
            })
            bootstrap(settings).vector_index("passages")
            print([name for name in ("weaviate", "grpc") if name in sys.modules])
        """
        assert "[]" == run(program)

    def test_warnings_are_shown_as_before(self, server: RunningWeaviate) -> None:
        """Importing the client changes that for the whole process, unless it is put back."""
        program = f"""
            import warnings
            before = list(warnings.filters)
            from coachwork.bootstrap import bootstrap
            from coachwork.chassis.settings import Settings
            settings = Settings.load({{
                "ENVIRONMENT": "development", "DATABASE_URL": "postgresql://u:p@h:5432/d",
                "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----", "WEAVIATE_URL": {server.url!r},
                "WEAVIATE_GRPC_URL": {server.grpc_url!r}, "WEAVIATE_API_KEY": {API_KEY!r},
            }})
            count = bootstrap(settings).vector_index("passages").count()
            print(count, before == list(warnings.filters))
        """
        assert "0 True" == run(program)


class Cutter:
    """A TCP proxy that can cut the connections through it."""

    def __init__(self, target_url: str) -> None:
        self._target = int(target_url.rpartition(":")[2])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._sockets: list[socket.socket] = []
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> "Cutter":
        Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Drop every connection."""
        sockets, self._sockets = self._sockets, []
        for one in sockets:
            with suppress(OSError):  # the other side may have hung up
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._target))
            self._sockets += [near, far]
            for source, target in ((near, far), (far, near)):
                Thread(target=_copy, args=(source, target), daemon=True).start()


def _copy(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def run(program: str) -> str:
    """Return what a Python program of its own prints."""
    environ = {"PYTHONPATH": str(SOURCE)}
    asked = [sys.executable, "-c", dedent(program)]
    return subprocess.run(asked, env=environ, capture_output=True, text=True, check=True).stdout.strip()


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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
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

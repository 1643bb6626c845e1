"""What goes wrong between the application and Weaviate comes out as one type, soon, and without secrets."""

import socket
from contextlib import closing, suppress
from threading import Event, Thread

import pytest
from tests.chassis.vectors.weaviate.stage import API_KEY, EAST, index_on
from tests.stub_server import answering, reply

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate
from rehearsal.vendors.weaviate_server import RunningWeaviate, running_weaviate


def free_port() -> int:
    """Return a port where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


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

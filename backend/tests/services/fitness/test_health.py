"""Readiness: over HTTP with real parts, with parts that are down, and with parts that hang."""

import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event
from threading import enumerate as threads

import pytest
from starlette.testclient import TestClient

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.resources import Resources
from coachwork.chassis.sql.database import Database
from coachwork.chassis.vectors import VectorIndex
from coachwork.services.fitness.service.health import Prober

HEALTH = "/api/v1/health/"


class CountedIndex(VectorIndex):
    """A vector index whose count is whatever `count` does; nothing else is asked of it here."""

    def __init__(self, count: Callable[[], int]) -> None:
        self._count = count

    def count(self) -> int:
        """Return the items there are."""
        return self._count()


def _unreachable() -> int:
    raise VectorIndexUnavailable


def _broken() -> int:
    raise RuntimeError("not a failure we expected")


@pytest.fixture
def silent_database() -> Iterator[Database]:
    """Yield a database behind a port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        host, port = listener.getsockname()
        silent = Database(
            f"postgresql://user:password@{host}:{port}/silent",
            pool_size=2,
            timeout_seconds=2,
            require_safe_login=False,
        )
        yield silent
        silent.close()


@pytest.fixture
def dead_database() -> Iterator[Database]:
    """Yield a database behind a port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    dead = Database(
        f"postgresql://user:password@127.0.0.1:{port}/dead",
        pool_size=2,
        timeout_seconds=2,
        require_safe_login=False,
    )
    yield dead
    dead.close()


def _threads_of(part: str) -> int:
    return sum(thread.name == f"health-{part}" for thread in threads())


class TestHealth:
    """GET /health/."""

    @pytest.mark.parametrize("path", [HEALTH, HEALTH.rstrip("/")])
    def test_everything_answers(
        self, resources: Resources, client_for: Callable[[Resources], TestClient], path: str
    ) -> None:
        """With every part as it should be it is exactly this, with and without the slash."""
        client = client_for(replace(resources, vector_index=lambda _name: CountedIndex(lambda: 80)))
        response = client.get(path)
        assert (200, {"status": "ok", "database": "connected", "rag": "initialized"}) == (
            response.status_code,
            response.json(),
        )

    @pytest.mark.parametrize(
        ("count", "rag"), [(lambda: 0, "empty"), (_unreachable, "unreachable"), (_broken, "unreachable")]
    )
    def test_the_knowledge_is_missing(
        self,
        resources: Resources,
        client_for: Callable[[Resources], TestClient],
        count: Callable[[], int],
        rag: str,
    ) -> None:
        """An empty index and one that fails are told apart, with the same keys."""
        client = client_for(replace(resources, vector_index=lambda _name: CountedIndex(count)))
        response = client.get(HEALTH)
        assert (503, {"status": "unavailable", "database": "connected", "rag": rag}) == (
            response.status_code,
            response.json(),
        )

    def test_the_database_is_down(
        self, resources: Resources, client_for: Callable[[Resources], TestClient], dead_database: Database
    ) -> None:
        """A database nobody answers for is unreachable; the knowledge is still told of."""
        parts = replace(resources, database=lambda: dead_database, vector_index=lambda _name: CountedIndex(lambda: 80))
        response = client_for(parts).get(HEALTH)
        assert (503, {"status": "unavailable", "database": "unreachable", "rag": "initialized"}) == (
            response.status_code,
            response.json(),
        )

    def test_the_database_hangs(
        self, resources: Resources, client_for: Callable[[Resources], TestClient], silent_database: Database
    ) -> None:
        """A database that takes the connection and says nothing is unreachable."""
        parts = replace(
            resources, database=lambda: silent_database, vector_index=lambda _name: CountedIndex(lambda: 80)
        )
        assert "unreachable" == client_for(parts).get(HEALTH).json()["database"]

    def test_a_part_that_hangs_costs_one_thread(
        self, resources: Resources, client_for: Callable[[Resources], TestClient]
    ) -> None:
        """Asking again and again while a part hangs answers each time and starts no further thread."""
        release = Event()

        def hang() -> int:
            release.wait(30)
            return 80

        client = client_for(replace(resources, vector_index=lambda _name: CountedIndex(hang)))
        try:
            answers = [client.get(HEALTH).json()["rag"] for _ in range(5)]
            assert (["unreachable"] * 5, 1) == (answers, _threads_of("rag"))
        finally:
            release.set()


class TestProber:
    """Probing parts, with a clock of the test's own."""

    def test_recovers_when_the_part_does(self) -> None:
        """Once a check that hung has ended, the next probe asks again."""
        release, calls = Event(), []

        def check() -> str:
            calls.append(1)
            release.wait(30)
            return "fine"

        prober = Prober({"part": check})
        assert {"part": None} == prober.probe(0.01)
        assert {"part": None} == prober.probe(0.01)
        assert 1 == len(calls)
        release.set()
        while prober.probe(1) != {"part": "fine"}:
            pass
        assert {"part": "fine"} == prober.probe(10)

    def test_late_comers_do_not_wait_again(self) -> None:
        """A check past its deadline is not waited for: the answer comes while it still hangs."""
        release, now = Event(), [0.0]
        prober = Prober({"part": lambda: str(release.wait(30))}, clock=lambda: now[0])
        assert {"part": None} == prober.probe(0.01)
        now[0] = 60.0
        assert {"part": None} == prober.probe(30)
        release.set()

"""Whether the parts the coach stands on answer, found out at once and without waiting for one that hangs."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, wait
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic
from typing import Literal

from coachwork.chassis.resources import Resources
from coachwork.services.fitness.domain.knowledge import COLLECTION

DEADLINE_SECONDS = 1.5

Check = Callable[[], str]
"""Returns the word for a part that answers; raises when it does not."""


@dataclass(frozen=True)
class Health:
    """The state of each part, and `ok` only when every part is as it should be."""

    status: Literal["ok", "unavailable"]
    database: Literal["connected", "unreachable"]
    rag: Literal["initialized", "empty", "unreachable"]


class Prober:
    """Runs each check in a thread of its own, at most one at a time for each part.

    A check that hangs is waited for until its deadline by whoever started it; whoever comes later does not wait
    again and starts no second thread, so a dead part costs one thread however often it is asked after.
    """

    def __init__(self, checks: Mapping[str, Check], clock: Callable[[], float] = monotonic) -> None:
        self._checks = checks
        self._clock = clock
        self._lock = Lock()
        self._running: dict[str, tuple[float, Future[str]]] = {}

    def probe(self, deadline_seconds: float) -> dict[str, str | None]:
        """Return each check's word within the time; None for one that failed or has not answered."""
        runs = {name: self._run(name) for name in self._checks}
        for started, future in runs.values():
            wait([future], timeout=max(0.0, started + deadline_seconds - self._clock()))
        return {name: _word(future) for name, (_, future) in runs.items()}

    def _run(self, name: str) -> tuple[float, Future[str]]:
        with self._lock:
            running = self._running.get(name)
            if running is None or running[1].done():
                running = self._running[name] = (self._clock(), _in_a_thread(name, self._checks[name]))
            return running


def prober_of(resources: Resources) -> Prober:
    """Return the prober of the parts the coach stands on."""
    return Prober(
        {
            "database": lambda: _database(resources),
            "rag": lambda: _rag(resources),
        }
    )


def check_health(prober: Prober) -> Health:
    """Return what answers, within `DEADLINE_SECONDS`."""
    words = prober.probe(DEADLINE_SECONDS)
    healthy = words == {"database": "connected", "rag": "initialized"}
    return Health(
        status="ok" if healthy else "unavailable",
        database="connected" if words["database"] else "unreachable",
        rag=_rag_state(words["rag"]),
    )


def _database(resources: Resources) -> str:
    resources.database().ping(DEADLINE_SECONDS)
    return "connected"


def _rag(resources: Resources) -> str:
    return "initialized" if resources.vector_index(COLLECTION).count() else "empty"


def _rag_state(word: str | None) -> Literal["initialized", "empty", "unreachable"]:
    if word == "initialized":
        return "initialized"
    return "empty" if word == "empty" else "unreachable"


def _in_a_thread(name: str, check: Check) -> Future[str]:
    future: Future[str] = Future()

    def run() -> None:
        try:
            future.set_result(check())
        except Exception as error:  # noqa: BLE001  the thread's outermost boundary: any failure means "not healthy"
            future.set_exception(error)

    # a daemon: a check that hangs must not keep the process from ending
    Thread(target=run, name=f"health-{name}", daemon=True).start()
    return future


def _word(future: Future[str]) -> str | None:
    return future.result() if future.done() and future.exception() is None else None

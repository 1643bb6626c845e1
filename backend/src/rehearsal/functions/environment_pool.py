"""The execution environments of one function: from none up to its concurrency, reused while warm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

from rehearsal.functions.errors import TooManyRequests
from rehearsal.functions.instance import Instance


class EnvironmentPool:
    """Lends environments out, one event at a time each; safe to use from several threads."""

    def __init__(self, limit: int, make: Callable[[str], Instance]) -> None:
        self._limit = limit
        self._make = make
        self._lock = Lock()
        self._idle: list[Instance] = []
        self._busy: set[Instance] = set()
        self._outdated: set[Instance] = set()
        self._closed = False

    @property
    def busy(self) -> int:
        """How many environments serve at this moment."""
        with self._lock:
            return len(self._busy)

    @contextmanager
    def borrow(self, version: str) -> Iterator[Instance]:
        """Lend a warm environment of `version`, or a new one.

        Raises:
            TooManyRequests: as many as may run, do.
        """
        instance = self._take(version)
        try:
            yield instance
        finally:
            self._give_back(instance)

    def renew(self, limit: int, make: Callable[[str], Instance], keeps: Callable[[str], bool]) -> None:
        """Go on with another configuration; environments of versions it does not keep end, busy ones when done."""
        with self._lock:
            self._limit, self._make = limit, make
            ending = [instance for instance in self._idle if not keeps(instance.version)]
            self._idle = [instance for instance in self._idle if keeps(instance.version)]
            self._outdated |= {instance for instance in self._busy if not keeps(instance.version)}
        for instance in ending:
            instance.stop()

    def close(self) -> None:
        """End every environment; the busy ones are killed under their events."""
        with self._lock:
            self._closed = True
            ending = [*self._idle, *self._busy]
            self._idle.clear()
        for instance in ending:
            instance.stop()

    def _take(self, version: str) -> Instance:
        with self._lock:
            if self._closed or len(self._busy) >= self._limit:
                raise TooManyRequests("Rate Exceeded.")
            warm = next((instance for instance in reversed(self._idle) if instance.version == version), None)
            if warm:
                self._idle.remove(warm)
            instance = warm or self._make(version)
            self._busy.add(instance)
            crowded = self._crowded()
        if crowded:
            crowded.stop()
        return instance

    def _crowded(self) -> Instance | None:
        """Return the environment that has been idle longest if there is no room for it: a version's gone by, mostly."""
        return self._idle.pop(0) if self._idle and len(self._idle) + len(self._busy) > self._limit else None

    def _give_back(self, instance: Instance) -> None:
        with self._lock:
            self._busy.discard(instance)
            keep = instance.alive and not self._closed and instance not in self._outdated
            self._outdated.discard(instance)
            if keep:
                self._idle.append(instance)
        if not keep:
            instance.stop()

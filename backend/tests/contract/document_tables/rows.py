"""Documents to store, and threads that store them at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from coachwork.chassis.documents import Key, NotAsExpected, Put, Table

KEY = Key("OWNER#1", "DOC#1")
OTHER = Key("OWNER#1", "DOC#2")
ATTRIBUTES: dict[str, Any] = {"name": "Lease.pdf", "status": "queued", "size": 12, "tags": ["a", "b"]}


def together(count: int, work: Callable[[int], object]) -> list[object]:
    """Do something in so many threads at once; return what came of each, its error where it failed."""

    def attempt(number: int) -> object:
        try:
            return work(number)
        except NotAsExpected as refusal:
            return refusal

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(attempt, range(count)))


def fill(table: Table, sorts: Sequence[str], partition: str = "OWNER#1", **attributes: Any) -> None:
    """Store a document under each sort key."""
    for sort in sorts:
        table.write(Put(Key(partition, sort), {"sort": sort, **attributes}))

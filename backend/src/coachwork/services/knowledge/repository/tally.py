"""How much an owner has, counted where each making of a thing passes: limits hold however many come at once."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import uniform
from time import sleep
from typing import TypeVar
from uuid import UUID

from coachwork.chassis.documents.port import ABSENT, Expected, NotAsExpected, Put, Table, Update
from coachwork.chassis.identity.errors import AccountGone
from coachwork.services.knowledge.errors import BusyElsewhere
from coachwork.services.knowledge.repository.rows import tally_key

Result = TypeVar("Result")

_TRIES = 40
_MOST_WAIT_SECONDS = 0.05


@dataclass(frozen=True)
class Tally:
    """What is counted of an owner; `documents` may count some that expired meanwhile. `revision` 0: nothing yet."""

    owner_id: UUID
    documents: int = 0
    collections: int = 0
    revision: int = 0

    def put(self) -> Put:
        """Return the write that stores it, provided that it was not changed since it was read."""
        before = Expected(attributes={"revision": self.revision}) if self.revision else ABSENT
        counts = {"documents": self.documents, "collections": self.collections, "revision": self.revision + 1}
        return Put(tally_key(self.owner_id), counts, before)

    def with_documents(self, documents: int) -> "Tally":
        """Return it with so many documents."""
        return replace(self, documents=documents)

    def with_collections(self, collections: int) -> "Tally":
        """Return it with so many collections."""
        return replace(self, collections=collections)


def read_tally(table: Table, owner_id: UUID) -> Tally:
    """Return the tally; raises `AccountGone` when the owner's account was deleted."""
    stored = table.get(tally_key(owner_id))
    if stored is None:
        return Tally(owner_id)
    if stored.attributes.get("is_closed"):
        raise AccountGone
    counted = stored.attributes
    return Tally(owner_id, counted["documents"], counted["collections"], counted["revision"])


def fewer(owner_id: UUID, what: str) -> Update:
    """Return the write that counts one less."""
    return Update(tally_key(owner_id), add={what: -1, "revision": 1})


def tried(attempt: Callable[[], Result]) -> Result:
    """Return what an attempt does, made again while others write to the same; raises `BusyElsewhere`."""
    for number in range(_TRIES):
        try:
            return attempt()
        except NotAsExpected:
            sleep(uniform(0, min(_MOST_WAIT_SECONDS, 0.002 * (number + 1))))  # noqa: S311  no secret
    raise BusyElsewhere

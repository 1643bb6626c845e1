"""All rows of an owner's."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachwork.chassis.documents.port import Attributes, Delete, Expected, Key, NotAsExpected, Put, Table
from coachwork.services.knowledge.errors import BusyElsewhere
from coachwork.services.knowledge.repository.rows import COLLECTION, DOCUMENT, partition_of, seconds, tally_key

_PAGE = 500
_TRIES = 20


@dataclass(frozen=True)
class Rows:
    """How many there were."""

    documents: int
    collections: int


def erase_rows(table: Table, owner_id: UUID) -> Rows:
    """Remove every row of an owner's but the one that says the account was deleted; return what they were.

    What is made meanwhile is removed as well: the tally, which each making of a thing changes, goes last, and only as
    it was before nothing else was found.

    Raises:
        BusyElsewhere: there was always something new.
    """
    kinds: Counter[str] = Counter()
    tally = tally_key(owner_id)
    for _ in range(_TRIES):
        counted = table.get(tally)
        if keys := [key for key in _keys(table, owner_id) if key != tally]:
            table.delete_many(keys)
            kinds.update(_kind(key) for key in keys)
        elif counted is None or counted.attributes.get("is_closed") or _is_gone(table, tally, counted.attributes):
            return Rows(kinds[DOCUMENT], kinds[COLLECTION])
    raise BusyElsewhere


def close(table: Table, owner_id: UUID, until: datetime) -> None:
    """Let nothing be made for this owner any more, until their last token has expired."""
    table.write(Put(tally_key(owner_id), {"is_closed": True, "expires_at": seconds(until)}))


def _keys(table: Table, owner_id: UUID) -> list[Key]:
    keys: list[Key] = []
    after = None
    while True:
        page = table.query(partition_of(owner_id), after=after, limit=_PAGE)
        keys += [one.key for one in page.documents]
        after = page.next_after
        if after is None:
            return keys


def _is_gone(table: Table, tally: Key, counted: Attributes) -> bool:
    """Remove the tally, unless something was counted since it was read; return whether it is removed."""
    try:
        table.write(Delete(tally, Expected(attributes={"revision": counted["revision"]})))
    except NotAsExpected:
        return False
    return True


def _kind(key: Key) -> str:
    return key.sort.partition("#")[0] + "#"

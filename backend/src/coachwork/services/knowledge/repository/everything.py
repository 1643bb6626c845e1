"""All rows of an owner's."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachwork.chassis.documents.port import Key, Put, Table
from coachwork.services.knowledge.repository.rows import COLLECTION, DOCUMENT, partition_of, seconds, tally_key

_PAGE = 500


@dataclass(frozen=True)
class Rows:
    """How many there were."""

    documents: int
    collections: int


def erase_rows(table: Table, owner_id: UUID) -> Rows:
    """Remove every row of an owner's but the one that says the account was deleted; return what they were."""
    kinds: Counter[str] = Counter()
    after = None
    while True:
        page = table.query(partition_of(owner_id), after=after, limit=_PAGE)
        keys = [one.key for one in page.documents if not one.attributes.get("is_closed")]
        table.delete_many(keys)
        kinds.update(_kind(key) for key in keys)
        after = page.next_after
        if after is None:
            return Rows(kinds[DOCUMENT], kinds[COLLECTION])


def close(table: Table, owner_id: UUID, until: datetime) -> None:
    """Let nothing be made for this owner any more, until their last token has expired."""
    table.write(Put(tally_key(owner_id), {"is_closed": True, "expires_at": seconds(until)}))


def _kind(key: Key) -> str:
    return key.sort.partition("#")[0] + "#"

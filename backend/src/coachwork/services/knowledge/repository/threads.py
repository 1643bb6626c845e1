"""Threads, the newest first, and the links by which their owners share them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from coachwork.chassis.documents import ABSENT, PRESENT, Check, Delete, Document, Key, NotAsExpected, Put, Table
from coachwork.services.knowledge.repository.rows import partition_of, seconds
from coachwork.services.knowledge.repository.turn_rows import OPEN, THREAD, TURN, thread_key

_SHARE = "SHARE"
_BATCH = 500


@dataclass(frozen=True)
class Thread:
    """A conversation: how many turns it has, and when it is forgotten."""

    id: UUID
    title: str
    turns: int
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class Share:
    """A link to a thread, which whoever has it may read."""

    id: UUID
    thread_id: UUID
    created_at: datetime
    expires_at: datetime


class Threads:
    """The threads of every owner, each under the owner's partition."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def find(self, owner_id: UUID, thread_id: UUID, now: datetime) -> Thread | None:
        """Return the owner's thread; None when there is none."""
        found = self._table.get(thread_key(owner_id, thread_id))
        return _thread(found) if found and found.attributes["expires_at"] > now.timestamp() else None

    def page(self, owner_id: UUID, limit: int, after: str | None, now: datetime) -> tuple[list[Thread], str | None]:
        """Return a page of the owner's threads, the newest first, and where the next begins."""
        page = self._table.query(partition_of(owner_id), prefix=THREAD, descending=True, after=after, limit=limit)
        threads = [_thread(found) for found in page.documents]
        return [thread for thread in threads if thread.expires_at > now], page.next_after

    def all(self, owner_id: UUID, now: datetime) -> list[Thread]:
        """Return the owner's threads, the newest first."""
        found, after = self.page(owner_id, _BATCH, None, now)
        while after:
            more, after = self.page(owner_id, _BATCH, after, now)
            found += more
        return found

    def delete(self, owner_id: UUID, thread_id: UUID) -> bool:
        """Remove a thread, its links and its turns; False when nothing of it is there.

        The thread goes first, so that nobody reads half of it; after a failure the same call removes the rest.
        """
        try:
            self._table.write(Delete(thread_key(owner_id, thread_id), PRESENT))
            was_there = True
        except NotAsExpected:
            was_there = False
        for share in self.shares(owner_id, thread_id):
            self.unshare(owner_id, thread_id, share.id)
        removed = self._delete_all(partition_of(owner_id), f"{TURN}{thread_id}#", with_questions=True)
        return was_there or removed > 0

    def delete_everything(self, owner_id: UUID) -> int:
        """Remove all that an owner ever asked, and return how many documents that were."""
        partition, removed = partition_of(owner_id), 0
        after = None
        while True:
            page = self._table.query(partition, prefix=f"{_SHARE}#", after=after, limit=_BATCH)
            self._table.delete_many([Key(found.attributes["link"], _SHARE) for found in page.documents])
            after = page.next_after
            if after is None:
                break
        removed += self._delete_all(partition, "")
        return removed

    def share(self, owner_id: UUID, share: Share, token: str) -> bool:
        """Store a link to a thread by its token; False when there is no such thread."""
        partition, link = partition_of(owner_id), _link(token)
        times = {"created_at": share.created_at.isoformat(), "expires_at": seconds(share.expires_at)}
        try:
            self._table.transact(
                [
                    Check(thread_key(owner_id, share.thread_id), PRESENT),
                    Put(
                        Key(link, _SHARE),
                        {
                            **times,
                            "owner_id": str(owner_id),
                            "thread_id": str(share.thread_id),
                            "share_id": str(share.id),
                        },
                        ABSENT,
                    ),
                    Put(Key(partition, f"{_SHARE}#{share.thread_id}#{share.id}"), {**times, "link": link}, ABSENT),
                ]
            )
        except NotAsExpected:
            return False
        return True

    def shares(self, owner_id: UUID, thread_id: UUID, now: datetime | None = None) -> list[Share]:
        """Return the links to a thread, the newest first; those that work still, when it is `now`."""
        prefix = f"{_SHARE}#{thread_id}#"
        page = self._table.query(partition_of(owner_id), prefix=prefix, descending=True, limit=_BATCH)
        shares = [_share(thread_id, found) for found in page.documents]
        return [share for share in shares if now is None or share.expires_at > now]

    def unshare(self, owner_id: UUID, thread_id: UUID, share_id: UUID) -> bool:
        """Make a link work no longer; False when there is none."""
        mine = Key(partition_of(owner_id), f"{_SHARE}#{thread_id}#{share_id}")
        found = self._table.get(mine)
        if found is None:
            return False
        self._table.transact([Delete(Key(found.attributes["link"], _SHARE)), Delete(mine)])
        return True

    def shared(self, token: str, now: datetime) -> tuple[UUID, Share, Thread] | None:
        """Return whose thread a token opens, the link and the thread; None when it opens nothing, or no longer."""
        found = self._table.get(Key(_link(token), _SHARE))
        if found is None or found.attributes["expires_at"] <= now.timestamp():
            return None
        kept = found.attributes
        owner_id, thread_id = UUID(kept["owner_id"]), UUID(kept["thread_id"])
        thread = self.find(owner_id, thread_id, now)
        if thread is None:
            return None
        made_at = datetime.fromisoformat(kept["created_at"])
        return owner_id, Share(UUID(kept["share_id"]), thread_id, made_at, _moment(kept["expires_at"])), thread

    def _delete_all(self, partition: str, prefix: str, *, with_questions: bool = False) -> int:
        """Remove what lies under a prefix, and with answers the questions that are found by their ids alone."""
        removed = 0
        while True:
            page = self._table.query(partition, prefix=prefix, limit=_BATCH)
            keys = [found.key for found in page.documents]
            if with_questions:
                keys += [Key(partition, f"{OPEN}{key.sort.rpartition('#')[2]}") for key in keys]
            self._table.delete_many(keys)
            removed += len(page.documents)
            if page.next_after is None:
                return removed


def _link(token: str) -> str:
    """Return where a link lies: who reads the table cannot make links of it."""
    return f"{_SHARE}#{sha256(token.encode()).hexdigest()}"


def _thread(found: Document) -> Thread:
    attributes = found.attributes
    return Thread(
        UUID(found.key.sort.removeprefix(THREAD)),
        attributes["title"],
        attributes["turns"],
        datetime.fromisoformat(attributes["created_at"]),
        datetime.fromisoformat(attributes["updated_at"]),
        _moment(attributes["expires_at"]),
    )


def _share(thread_id: UUID, found: Document) -> Share:
    attributes = found.attributes
    share_id = UUID(found.key.sort.rpartition("#")[2])
    created_at = datetime.fromisoformat(attributes["created_at"])
    return Share(share_id, thread_id, created_at, _moment(attributes["expires_at"]))


def _moment(epoch_seconds: int) -> datetime:
    return datetime.fromtimestamp(epoch_seconds, UTC)

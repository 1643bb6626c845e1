"""Turns: questions under way, by their own id, and answered ones, in the order of their thread.

Whoever works on a question holds an attempt, a number that whoever takes the question up raises: a write of an older
attempt is refused, so that no question is answered twice. See docs/adr/0012, and docs/knowledge.md for the keys.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from coachwork.chassis.documents import ABSENT, Expected, NotAsExpected, Put, Table, Update
from coachwork.services.knowledge.domain.turns import OpenTurn, Turn, title_of
from coachwork.services.knowledge.repository.rows import partition_of, seconds
from coachwork.services.knowledge.repository.turn_rows import (
    OPEN,
    TURN,
    open_attributes,
    open_key,
    open_turn_of,
    thread_key,
    turn_attributes,
    turn_key,
    turn_of,
)


class Turns:
    """The turns of every owner, each under the owner's partition."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def begin(self, owner_id: UUID, turn: OpenTurn) -> None:
        """Store a new question."""
        self._table.write(Put(open_key(owner_id, turn.turn_id), open_attributes(turn), ABSENT))

    def find(self, owner_id: UUID, turn_id: UUID, now: datetime) -> OpenTurn | None:
        """Return the owner's turn by its id, for `OPEN_DAYS`; None when there is none."""
        found = self._table.get(open_key(owner_id, turn_id))
        if found is None or found.attributes["expires_at"] <= now.timestamp():
            return None
        return open_turn_of(turn_id, found)

    def under_way(self, owner_id: UUID, most: int, now: datetime) -> int:
        """Return how many of the owner's questions are under way, `most` at most."""
        counted = 0
        for state in ("queued", "running"):
            page = self._table.query(partition_of(owner_id), prefix=OPEN, limit=1_000, where={"state": state})
            counted += sum(
                not open_turn_of(UUID(found.key.sort.removeprefix(OPEN)), found).is_overdue(now)
                for found in page.documents
            )
        return min(counted, most)

    def unanswered(
        self, owner_id: UUID, limit: int, after: str | None, now: datetime
    ) -> tuple[list[OpenTurn], str | None]:
        """Return those of the last `OPEN_DAYS` that have no answer, the newest first, and where the next page begins.

        A page looks at `limit` questions, so it may have fewer, or none.
        """
        page = self._table.query(partition_of(owner_id), prefix=OPEN, descending=True, after=after, limit=limit)
        turns = [
            open_turn_of(UUID(found.key.sort.removeprefix(OPEN)), found)
            for found in page.documents
            if found.attributes["expires_at"] > now.timestamp()
        ]
        return [turn for turn in turns if turn.state != "done"], page.next_after

    def change(self, owner_id: UUID, turn: OpenTurn, **changes: Any) -> OpenTurn | None:
        """Return the question with these fields changed; None when it is no longer as `turn` says, and stays so."""
        changed = replace(turn, **changes)
        attributes = {
            name: value for name, value in open_attributes(changed).items() if name not in {"question", "created_at"}
        }
        update = Update(open_key(owner_id, turn.turn_id), set=attributes, expected=_held(turn))
        try:
            self._table.write(update)
        except NotAsExpected:
            return None
        return changed

    def finish(self, owner_id: UUID, open_turn: OpenTurn, done: Turn, expires_at: datetime) -> bool:
        """Store an answer with its thread, all or nothing; False when the question is no longer this attempt's.

        Raises:
            NotAsExpected: its thread was deleted meanwhile.
        """
        key = thread_key(owner_id, done.thread_id)
        moment = done.created_at.isoformat()
        if open_turn.thread_id is None:
            thread: Put | Update = Put(
                key,
                {
                    "title": title_of(done.question),
                    "turns": 1,
                    "created_at": moment,
                    "updated_at": moment,
                    "expires_at": seconds(expires_at),
                },
                ABSENT,
            )
        else:
            thread = Update(key, set={"updated_at": moment, "expires_at": seconds(expires_at)}, add={"turns": 1})
        state = {"state": "done", "thread_id": str(done.thread_id), "partial_text": "", "updated_at": moment}
        try:
            self._table.transact(
                [
                    Update(open_key(owner_id, done.turn_id), set=state, expected=_held(open_turn)),
                    thread,
                    Put(
                        turn_key(owner_id, done.thread_id, done.turn_id),
                        {**turn_attributes(done), "expires_at": seconds(expires_at)},
                    ),
                ]
            )
        except NotAsExpected as error:
            if error.index == 0:
                return False
            raise
        return True

    def read(self, owner_id: UUID, thread_id: UUID, turn_id: UUID) -> Turn | None:
        """Return an answered turn; None when there is none."""
        found = self._table.get(turn_key(owner_id, thread_id, turn_id))
        return turn_of(found) if found else None

    def page(
        self, owner_id: UUID, thread_id: UUID | None, limit: int, after: str | None, now: datetime
    ) -> tuple[list[Turn], str | None]:
        """Return a page of a thread's answered turns, or of all the owner's, and where the next begins.

        A thread's are in order, the newest first; those of all are so within their threads.
        """
        prefix = f"{TURN}{thread_id}#" if thread_id else TURN
        page = self._table.query(partition_of(owner_id), prefix=prefix, descending=True, after=after, limit=limit)
        there = [found for found in page.documents if found.attributes["expires_at"] > now.timestamp()]
        return [turn_of(found) for found in there], page.next_after

    def withhold(self, owner_id: UUID, document_ids: Collection[UUID], now: datetime) -> int:
        """Take the excerpts of deleted documents out of the owner's answers; return how many answers cited any."""
        after, changed = None, 0
        while True:
            turns, after = self.page(owner_id, None, 500, after, now)
            for turn in turns:
                if any(citation.document_id in document_ids for citation in turn.citations):
                    changed += 1
                    kept = [
                        replace(citation, excerpt=None) if citation.document_id in document_ids else citation
                        for citation in turn.citations
                    ]
                    self._rewrite(owner_id, replace(turn, citations=kept))
            if after is None:
                return changed

    def _rewrite(self, owner_id: UUID, turn: Turn) -> None:
        key = turn_key(owner_id, turn.thread_id, turn.turn_id)
        try:
            self._table.write(Update(key, set={"citations": turn_attributes(turn)["citations"]}))
        except NotAsExpected:
            return  # its thread was deleted meanwhile


def _held(turn: OpenTurn) -> Expected:
    return Expected(attributes={"attempt": turn.attempt, "state": turn.state})

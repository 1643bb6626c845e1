"""Conversations with one's documents: listed, read, searched, shared and deleted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from coachwork.chassis.ids import uuid7
from coachwork.chassis.resources import Resources
from coachwork.chassis.turns.errors import ThreadNotFound
from coachwork.services.knowledge.domain.turns import Turn
from coachwork.services.knowledge.errors import ShareNotFound, TooManyShares
from coachwork.services.knowledge.repository.threads import Share, Thread, Threads
from coachwork.services.knowledge.service.pages import cursor_of, position_of
from coachwork.services.knowledge.service.turns import current, turns_in

_MOST_SHARES = 20
_TOKEN_BYTES = 32
_READ_AT_ONCE = 200
_MOST_READ = 2_000
"""How many turns one search looks through."""


@dataclass(frozen=True)
class Shared:
    """A thread as whoever has its link reads it."""

    title: str
    turns: Sequence[Turn]
    next_cursor: str | None


def list_threads(
    resources: Resources, owner_id: UUID, limit: int, cursor: str | None
) -> tuple[Sequence[Thread], str | None]:
    """Return a page of the caller's threads, the newest first."""
    found, after = _threads(resources).page(owner_id, limit, position_of(cursor), datetime.now(UTC))
    return found, cursor_of(after)


def read_thread(
    resources: Resources, owner_id: UUID, thread_id: UUID, limit: int, cursor: str | None
) -> tuple[Thread, Sequence[Turn], str | None]:
    """Return a thread and a page of its turns, the newest first; raises `ThreadNotFound`."""
    now = datetime.now(UTC)
    thread = _threads(resources).find(owner_id, thread_id, now)
    if thread is None:
        raise ThreadNotFound
    turns, after = turns_in(resources).page(owner_id, thread_id, limit, position_of(cursor), now)
    return thread, current(resources, owner_id, turns), cursor_of(after)


def delete_thread(resources: Resources, owner_id: UUID, thread_id: UUID) -> None:
    """Remove a thread, its turns and its links; raises `ThreadNotFound`."""
    if not _threads(resources).delete(owner_id, thread_id):
        raise ThreadNotFound


def search_history(resources: Resources, owner_id: UUID, query: str, limit: int) -> tuple[Sequence[Turn], bool]:
    """Return the caller's latest turns that hold every word of a query, and whether all turns were looked through."""
    words, now = query.casefold().split(), datetime.now(UTC)
    found: list[Turn] = []
    after, read = None, 0
    while read < _MOST_READ:
        turns, after = turns_in(resources).page(owner_id, None, _READ_AT_ONCE, after, now)
        read += _READ_AT_ONCE
        found += [turn for turn in turns if _holds(turn, words)]
        if after is None:
            break
    found.sort(key=lambda turn: turn.created_at, reverse=True)
    return current(resources, owner_id, found[:limit]), after is None and len(found) <= limit


def share_thread(resources: Resources, owner_id: UUID, thread_id: UUID, days: int) -> tuple[Share, str]:
    """Return a new link to a thread and the secret that opens it, of which only a digest is kept.

    Raises:
        ThreadNotFound: there is no such thread.
        TooManyShares: it has as many links as there can be.
    """
    threads, now = _threads(resources), datetime.now(UTC)
    if len(threads.shares(owner_id, thread_id, now)) >= _MOST_SHARES:
        raise TooManyShares(_MOST_SHARES)
    share = Share(uuid7(), thread_id, now, now + timedelta(days=days))
    token = token_urlsafe(_TOKEN_BYTES)
    if not threads.share(owner_id, share, token):
        raise ThreadNotFound
    return share, token


def list_shares(resources: Resources, owner_id: UUID, thread_id: UUID) -> Sequence[Share]:
    """Return the links to a thread that work, the newest first; raises `ThreadNotFound`."""
    threads, now = _threads(resources), datetime.now(UTC)
    if threads.find(owner_id, thread_id, now) is None:
        raise ThreadNotFound
    return threads.shares(owner_id, thread_id, now)


def unshare_thread(resources: Resources, owner_id: UUID, thread_id: UUID, share_id: UUID) -> None:
    """Make a link work no longer; raises `ShareNotFound`."""
    if not _threads(resources).unshare(owner_id, thread_id, share_id):
        raise ShareNotFound


def read_shared(resources: Resources, token: str, limit: int, cursor: str | None) -> tuple[Share, Shared]:
    """Return the link and the thread it opens, a page of its turns; raises `ShareNotFound`."""
    now = datetime.now(UTC)
    found = _threads(resources).shared(token, now)
    if found is None:
        raise ShareNotFound
    owner_id, share, thread = found
    turns, after = turns_in(resources).page(owner_id, thread.id, limit, position_of(cursor), now)
    return share, Shared(thread.title, current(resources, owner_id, turns), cursor_of(after))


def forget_documents(resources: Resources, owner_id: UUID, document_ids: Collection[UUID]) -> int:
    """Take deleted documents' words out of the citations of their owner's turns; return how many turns had any."""
    return turns_in(resources).withhold(owner_id, document_ids, datetime.now(UTC))


def delete_history(resources: Resources, owner_id: UUID) -> int:
    """Remove everything the caller ever asked, their links as well; return how many entries there were."""
    return _threads(resources).delete_everything(owner_id)


def _threads(resources: Resources) -> Threads:
    return Threads(resources.tables("chat-history"))


def _holds(turn: Turn, words: Sequence[str]) -> bool:
    text = f"{turn.question} {turn.answer}".casefold()
    return all(word in text for word in words)

"""What the coach remembers about the caller."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachwork.chassis.sql.session import Session


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Something the caller said, and the turn it was said in; none when it was written down by hand."""

    id: UUID
    text: str
    turn_id: UUID | None
    version: int
    created_at: datetime
    updated_at: datetime


def hold(session: Session) -> int:
    """Let nobody else add to the caller's memories until the session ends; return how many there are."""
    session.execute("select pg_advisory_xact_lock(hashtextextended('memories of ' || auth.uid(), 0))")
    count: int = session.value("select count(*) from memories")
    return count


def find(session: Session, memory_id: UUID) -> Memory | None:
    """Return the caller's memory, or None."""
    return session.one(
        Memory,
        "select id, text, turn_id, version, created_at, updated_at from memories where id = %(id)s",
        {"id": memory_id},
    )


def lock(session: Session, memory_id: UUID) -> int | None:
    """Hold the caller's memory until the session ends; return its version, or None when there is none."""
    version: int | None = session.value("select version from memories where id = %(id)s for update", {"id": memory_id})
    return version


def page(session: Session, limit: int, after: tuple[datetime, UUID] | None) -> list[Memory]:
    """Return the caller's memories, the newest first, after a position."""
    return session.all(
        Memory,
        """
        select id, text, turn_id, version, created_at, updated_at from memories
        where %(at)s::timestamptz is null or (created_at, id) < (%(at)s::timestamptz, %(id)s::uuid)
        order by created_at desc, id desc limit %(limit)s
        """,
        {"at": after and after[0], "id": after and after[1], "limit": limit},
    )


def add(session: Session, text: str, turn_id: UUID | None) -> Memory | None:
    """Remember something; None when it is remembered already, whatever its capitals."""
    return session.one(
        Memory,
        """
        insert into memories (text, turn_id, created_at, updated_at)
        select %(text)s, %(turn_id)s::uuid, moment, moment from clock_timestamp() as moment
        on conflict (user_id, lower(text)) do nothing
        returning id, text, turn_id, version, created_at, updated_at
        """,
        {"text": text, "turn_id": turn_id},
    )


def correct(session: Session, memory_id: UUID, text: str) -> Memory | None:
    """Change what is remembered; return it, or None when there is none."""
    return session.one(
        Memory,
        """
        update memories set text = %(text)s, updated_at = clock_timestamp() where id = %(id)s
        returning id, text, turn_id, version, created_at, updated_at
        """,
        {"id": memory_id, "text": text},
    )


def delete(session: Session, memory_id: UUID) -> None:
    """Forget something."""
    session.execute("delete from memories where id = %(id)s", {"id": memory_id})

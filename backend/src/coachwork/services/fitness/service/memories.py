"""What the coach remembers about the caller: listed, added to, corrected, forgotten."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from coachwork.chassis.errors import Conflict, NotFound
from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.memories import MOST_MEMORIES, is_said_in, tidy
from coachwork.services.fitness.repository import memories
from coachwork.services.fitness.repository.memories import Memory
from coachwork.services.fitness.service.pages import cut, position_of


class MemoryNotFound(NotFound):
    """There is no such memory, or it is somebody else's."""

    slug = "memory-not-found"
    title = "There is no memory with this id"


class MemoryKnown(Conflict):
    """The coach remembers this already."""

    slug = "memory-known"
    title = "This is remembered already"


class TooManyMemories(Conflict):
    """The coach remembers as much about the caller as it can."""

    slug = "too-many-memories"
    title = f"{MOST_MEMORIES} things are remembered already: forget one first"


def list_memories(
    database: Database, principal: Principal, limit: int, cursor: str | None
) -> tuple[Sequence[Memory], str | None]:
    """Return a page of what is remembered, the newest first."""
    with database.session(principal) as session:
        found = memories.page(session, limit + 1, position_of(cursor))
    return cut(found, limit, lambda one: (one.created_at, one.id))


def read_memory(database: Database, principal: Principal, memory_id: UUID) -> Memory:
    """Return one memory; raises `MemoryNotFound`."""
    with database.session(principal) as session:
        found = memories.find(session, memory_id)
    if found is None:
        raise MemoryNotFound
    return found


def create_memory(database: Database, principal: Principal, text: str) -> Memory:
    """Remember something; raises `MemoryKnown` and `TooManyMemories`."""
    with database.session(principal) as session:
        if memories.hold(session) >= MOST_MEMORIES:
            raise TooManyMemories
        made = memories.add(session, tidy(text), None)
    if made is None:
        raise MemoryKnown
    return made


def replace_memory(
    database: Database, principal: Principal, memory_id: UUID, text: str, expected: int | None
) -> Memory:
    """Correct a memory; raises `MemoryNotFound`, `PreconditionFailed`, and `Conflict` when another says the same."""
    with database.session(principal) as session:
        _hold(session, memory_id, expected)
        corrected = memories.correct(session, memory_id, tidy(text))
    if corrected is None:
        raise MemoryNotFound
    return corrected


def delete_memory(database: Database, principal: Principal, memory_id: UUID, expected: int | None) -> None:
    """Forget something; raises `MemoryNotFound` and `PreconditionFailed`."""
    with database.session(principal) as session:
        _hold(session, memory_id, expected)
        memories.delete(session, memory_id)


def to_remember(session: Session, text: str, message: str) -> tuple[str | None, str]:
    """Return what of a proposed memory is to be kept, None when nothing is, and what to say of it."""
    text = tidy(text)
    if not is_said_in(text, message):
        return None, "I remember only what you just said yourself."
    if memories.hold(session) >= MOST_MEMORIES:
        return None, f"I remember {MOST_MEMORIES} things about you already: have me forget one first."
    return text, f"I will remember: {text}"


def keep_remembered(session: Session, tool_runs: Sequence[Mapping[str, Any]], turn_id: UUID) -> None:
    """Store what a turn's tools chose to remember, in the transaction that stores the turn."""
    texts = [run["result"]["remembered"] for run in tool_runs if run["result"].get("remembered")]
    room = MOST_MEMORIES - memories.hold(session) if texts else 0
    for text in texts[: max(0, room)]:
        memories.add(session, text, turn_id)


def _hold(session: Session, memory_id: UUID, expected: int | None) -> None:
    version = memories.lock(session, memory_id)
    if version is None:
        raise MemoryNotFound
    require_version(expected, version)

"""Turns that have no answer. Whoever works on one holds an attempt: an update of any other attempt touches nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from coachwork.chassis.sql.session import Session
from coachwork.chassis.turns.limits import OpenState
from coachwork.chassis.turns.state import BegunTurn

Json = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class OpenTurn(BegunTurn):
    """A turn without an answer; `is_overdue` when whoever had it is gone."""

    is_overdue: bool
    evidence: dict[str, Any] | None


def count_unfinished(session: Session) -> int:
    """Return how many of the caller's turns are under way."""
    found: int = session.value(
        "select count(*) from open_turns where state in ('queued', 'running') and due_at > now()"
    )
    return found


def create(session: Session, question: str, thread_id: UUID | None, state: OpenState, due_seconds: float) -> OpenTurn:
    """Store a question; a running turn is the caller's first attempt."""
    created = session.one(
        OpenTurn,
        """
        insert into open_turns (question, thread_id, state, attempt, due_at)
        values (%(question)s, %(thread_id)s, %(state)s, (%(state)s = 'running')::integer,
                now() + make_interval(secs => %(due)s))
        returning id as turn_id, thread_id, question, state, attempt, false as is_overdue, partial_text, evidence,
                  problem, created_at, updated_at
        """,
        {"question": question, "thread_id": thread_id, "state": state, "due": due_seconds},
    )
    assert created is not None  # noqa: S101  an insert returns its row
    return created


def find(session: Session, turn_id: UUID) -> OpenTurn | None:
    """Return the caller's turn, or None when there is none or it is answered."""
    return session.one(
        OpenTurn,
        """
        select id as turn_id, thread_id, question, state, attempt,
               state in ('queued', 'running') and due_at < now() as is_overdue, partial_text, evidence, problem,
               created_at, updated_at
        from open_turns where id = %(id)s
        """,
        {"id": turn_id},
    )


def page(session: Session, limit: int, after: tuple[datetime, UUID] | None) -> list[OpenTurn]:
    """Return the caller's open turns, the newest first, after a position."""
    return session.all(
        OpenTurn,
        """
        select id as turn_id, thread_id, question, state, attempt,
               state in ('queued', 'running') and due_at < now() as is_overdue, partial_text, evidence, problem,
               created_at, updated_at
        from open_turns
        where %(at)s::timestamptz is null or (created_at, id) < (%(at)s::timestamptz, %(id)s::uuid)
        order by created_at desc, id desc limit %(limit)s
        """,
        {"at": after and after[0], "id": after and after[1], "limit": limit},
    )


def take(session: Session, turn_id: UUID, due_seconds: float) -> OpenTurn | None:
    """Take up a turn that waits, or whose attempt was abandoned; None when there is nothing to do.

    Of any number of callers at once one gets it, with an attempt of its own.
    """
    return _begin(session, turn_id, "running", due_seconds, from_failed=False)


def begin_again(session: Session, turn_id: UUID, state: OpenState, due_seconds: float) -> OpenTurn | None:
    """Take a failed turn up again, or queue it; None when it is not failed."""
    return _begin(session, turn_id, state, due_seconds, from_failed=True)


def _begin(
    session: Session, turn_id: UUID, state: OpenState, due_seconds: float, *, from_failed: bool
) -> OpenTurn | None:
    return session.one(
        OpenTurn,
        """
        update open_turns set state = %(state)s, attempt = attempt + 1, problem = null, partial_text = '',
               updated_at = now(), due_at = now() + make_interval(secs => %(due)s)
        where id = %(id)s and case when %(from_failed)s then state = 'failed'
            else state = 'queued' or (state = 'running' and due_at < now()) end
        returning id as turn_id, thread_id, question, state, attempt, false as is_overdue, partial_text, evidence,
                  problem, created_at, updated_at
        """,
        {"id": turn_id, "state": state, "due": due_seconds, "from_failed": from_failed},
    )


def hold(session: Session, turn_id: UUID, attempt: int, due_seconds: float, partial_text: str) -> bool:
    """Show a sign of life and what is written so far; return whether the attempt still has the turn."""
    touched = session.execute(
        """
        update open_turns set partial_text = %(text)s, updated_at = now(),
               due_at = now() + make_interval(secs => %(due)s)
        where id = %(id)s and attempt = %(attempt)s and state = 'running'
        """,
        {"id": turn_id, "attempt": attempt, "due": due_seconds, "text": partial_text},
    )
    return touched > 0


def keep_evidence(session: Session, turn_id: UUID, attempt: int, evidence: Json) -> bool:
    """Keep what the answer is written from; return whether the attempt still has the turn."""
    touched = session.execute(
        """
        update open_turns set evidence = %(evidence)s, updated_at = now()
        where id = %(id)s and attempt = %(attempt)s and state = 'running'
        """,
        {"id": turn_id, "attempt": attempt, "evidence": json.dumps(evidence)},
    )
    return touched > 0


def release(session: Session, turn_id: UUID, attempt: int, due_seconds: float) -> OpenTurn | None:
    """Put a turn back for somebody else to take up; None when the attempt no longer has it."""
    return session.one(
        OpenTurn,
        """
        update open_turns set state = 'queued', updated_at = now(), due_at = now() + make_interval(secs => %(due)s)
        where id = %(id)s and attempt = %(attempt)s and state = 'running'
        returning id as turn_id, thread_id, question, state, attempt, false as is_overdue, partial_text, evidence,
                  problem, created_at, updated_at
        """,
        {"id": turn_id, "attempt": attempt, "due": due_seconds},
    )


def fail(session: Session, turn_id: UUID, attempt: int, problem: Json) -> bool:
    """Say why a turn has no answer; return whether it was the attempt's to say. Old failures are forgotten."""
    touched = session.execute(
        """
        update open_turns set state = 'failed', problem = %(problem)s, updated_at = now()
        where id = %(id)s and attempt = %(attempt)s and state in ('queued', 'running')
        """,
        {"id": turn_id, "attempt": attempt, "problem": json.dumps(problem)},
    )
    session.execute(
        """
        delete from open_turns
        where state in ('failed', 'cancelled') and updated_at < now() - interval '30 days'
        """
    )
    return touched > 0


def cancel(session: Session, turn_id: UUID) -> bool:
    """Cancel a turn under way, whoever has it; return whether there was one."""
    touched = session.execute(
        """
        update open_turns set state = 'cancelled', attempt = attempt + 1, updated_at = now()
        where id = %(id)s and state in ('queued', 'running')
        """,
        {"id": turn_id},
    )
    return touched > 0


def close(session: Session, turn_id: UUID, attempt: int) -> bool:
    """Remove the turn, for its answer is stored in the same transaction; False when the attempt no longer has it."""
    touched = session.execute(
        "delete from open_turns where id = %(id)s and attempt = %(attempt)s and state = 'running'",
        {"id": turn_id, "attempt": attempt},
    )
    return touched > 0

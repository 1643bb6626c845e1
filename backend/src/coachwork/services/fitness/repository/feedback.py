"""Feedback on answers: the caller's own, and, without its author, what was shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from coachwork.chassis.sql.session import Session


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """What the caller thinks of an answer, with the passages the answer cites."""

    turn_id: UUID
    verdict: Literal["up", "down"]
    reason: str
    is_shared: bool
    passages: Sequence[dict[str, Any]]
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, kw_only=True)
class SharedFeedback:
    """A case for an evaluation; there is no telling whose it is."""

    export_id: UUID
    verdict: Literal["up", "down"]
    reason: str
    question: str
    answer: str
    model: str
    passages: Sequence[dict[str, Any]]


def find(session: Session, turn_id: UUID) -> Feedback | None:
    """Return the caller's feedback on a turn, locked until the session ends, or None."""
    return session.one(
        Feedback,
        """
        select turn_id, verdict, reason, is_shared, passages, version, created_at, updated_at
        from turn_feedback where turn_id = %(id)s for update
        """,
        {"id": turn_id},
    )


def put(session: Session, turn_id: UUID, verdict: str, reason: str, *, is_shared: bool) -> Feedback | None:
    """Store feedback on a turn, with what it is about; None when the caller has no such answered turn."""
    return session.one(
        Feedback,
        """
        insert into turn_feedback (turn_id, verdict, reason, is_shared, question, answer, model, passages)
        select id, %(verdict)s, %(reason)s, %(is_shared)s, question, answer, model,
               coalesce((select jsonb_agg(jsonb_build_object('passage_id', cited -> 'passage_id',
                                                             'title', cited -> 'title'))
                         from jsonb_array_elements(citations) as cited), '[]')
        from chat_turns where id = %(id)s
        on conflict (turn_id) do update set verdict = excluded.verdict, reason = excluded.reason,
            is_shared = excluded.is_shared, updated_at = now()
        returning turn_id, verdict, reason, is_shared, passages, version, created_at, updated_at
        """,
        {"id": turn_id, "verdict": verdict, "reason": reason, "is_shared": is_shared},
    )


def delete(session: Session, turn_id: UUID) -> bool:
    """Remove the caller's feedback on a turn; return whether there was some."""
    return session.execute("delete from turn_feedback where turn_id = %(id)s", {"id": turn_id}) > 0


def shared(session: Session, limit: int, after: UUID | None) -> list[SharedFeedback]:
    """Return what anybody shared, by export id, after one; for a session of the service."""
    return session.all(
        SharedFeedback,
        """
        select export_id, verdict, reason, question, answer, model, passages from public.turn_feedback
        where is_shared and (%(after)s::uuid is null or export_id > %(after)s::uuid)
        order by export_id limit %(limit)s
        """,
        {"after": after, "limit": limit},
    )

"""Conversations: threads and their turns."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from coachwork.chassis.sql.session import Session


@dataclass(frozen=True)
class Thread:
    """A conversation; `summary` is of its oldest `summarised_turns` turns, None where there is none."""

    id: UUID
    title: str
    summary: str | None
    summarised_turns: int
    created_at: datetime
    updated_at: datetime
    version: int


@dataclass(frozen=True, kw_only=True)
class NewTurn:
    """A turn to store, answered and whole."""

    turn_id: UUID
    question: str
    answer: str
    model: str
    safety: dict[str, Any] | None
    citations: Sequence[dict[str, Any]]
    tool_runs: Sequence[dict[str, Any]]
    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, kw_only=True)
class Turn(NewTurn):
    """A stored turn."""

    thread_id: UUID
    created_at: datetime


def find(session: Session, thread_id: UUID) -> Thread | None:
    """Return the caller's thread, or None."""
    return session.one(
        Thread,
        """
        select id, title, nullif(summary, '') as summary, summarised_turns, created_at, updated_at, version
        from chat_threads where id = %(id)s
        """,
        {"id": thread_id},
    )


def lock(session: Session, thread_id: UUID) -> int | None:
    """Hold the caller's thread until the session ends; return its version, or None when there is no such thread."""
    version: int | None = session.value(
        "select version from chat_threads where id = %(id)s for update", {"id": thread_id}
    )
    return version


def page(session: Session, limit: int, after: tuple[datetime, UUID] | None) -> list[Thread]:
    """Return the caller's threads, the last used first, after a position."""
    return session.all(
        Thread,
        """
        select id, title, nullif(summary, '') as summary, summarised_turns, created_at, updated_at, version
        from chat_threads
        where %(at)s::timestamptz is null or (updated_at, id) < (%(at)s::timestamptz, %(id)s::uuid)
        order by updated_at desc, id desc limit %(limit)s
        """,
        {"at": after and after[0], "id": after and after[1], "limit": limit},
    )


def create(session: Session, title: str) -> UUID:
    """Start a thread; return its id."""
    thread_id: UUID = session.value(
        "insert into chat_threads (title) values (%(title)s) returning id", {"title": title}
    )
    return thread_id


def rename(session: Session, thread_id: UUID, title: str) -> Thread | None:
    """Change the title; return the thread, or None when there is none."""
    return session.one(
        Thread,
        """
        update chat_threads set title = %(title)s where id = %(id)s
        returning id, title, nullif(summary, '') as summary, summarised_turns, created_at, updated_at, version
        """,
        {"id": thread_id, "title": title},
    )


def delete(session: Session, thread_id: UUID) -> bool:
    """Remove a thread with its turns; return whether there was one."""
    return session.execute("delete from chat_threads where id = %(id)s", {"id": thread_id}) > 0


def add_turn(session: Session, thread_id: UUID, turn: NewTurn) -> Turn | None:
    """Store a turn under its id and touch its thread, together; None when the thread is gone."""
    touched = session.execute("update chat_threads set updated_at = now() where id = %(id)s", {"id": thread_id})
    if not touched:
        return None
    return session.one(
        Turn,
        """
        insert into chat_turns (id, thread_id, question, answer, model, safety, citations, tool_runs,
                                input_tokens, output_tokens)
        values (%(id)s, %(thread_id)s, %(question)s, %(answer)s, %(model)s, %(safety)s, %(citations)s, %(tool_runs)s,
                %(input_tokens)s, %(output_tokens)s)
        returning id as turn_id, thread_id, question, answer, model, safety, citations, tool_runs, input_tokens,
                  output_tokens, created_at
        """,
        {
            "id": turn.turn_id,
            "thread_id": thread_id,
            "question": turn.question,
            "answer": turn.answer,
            "model": turn.model,
            "safety": None if turn.safety is None else json.dumps(turn.safety),
            "citations": json.dumps(turn.citations),
            "tool_runs": json.dumps(turn.tool_runs),
            "input_tokens": turn.input_tokens,
            "output_tokens": turn.output_tokens,
        },
    )


def find_turn(session: Session, turn_id: UUID) -> Turn | None:
    """Return the caller's answered turn, or None."""
    return session.one(
        Turn,
        """
        select id as turn_id, thread_id, question, answer, model, safety, citations, tool_runs,
               input_tokens, output_tokens, created_at
        from chat_turns where id = %(id)s
        """,
        {"id": turn_id},
    )


def turns(session: Session, thread_id: UUID, limit: int, after: tuple[datetime, UUID] | None) -> list[Turn]:
    """Return a thread's turns, the newest first, before a position."""
    return session.all(
        Turn,
        """
        select id as turn_id, thread_id, question, answer, model, safety, citations, tool_runs,
               input_tokens, output_tokens, created_at
        from chat_turns
        where thread_id = %(thread_id)s
          and (%(at)s::timestamptz is null or (created_at, id) < (%(at)s::timestamptz, %(id)s::uuid))
        order by created_at desc, id desc limit %(limit)s
        """,
        {"thread_id": thread_id, "at": after and after[0], "id": after and after[1], "limit": limit},
    )

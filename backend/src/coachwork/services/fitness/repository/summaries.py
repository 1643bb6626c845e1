"""What is summarised of a conversation, and what is not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from coachwork.chassis.sql.session import Session


@dataclass(frozen=True)
class Recalled:
    """A conversation as the coach reads it: the summary, and the newest turns, the oldest of them first.

    `turns` is how many there are in all, `summarised_turns` of how many the summary is.
    """

    summary: str
    summarised_turns: int
    turns: int
    verbatim: Sequence[dict[str, str]]


@dataclass(frozen=True)
class PastTurn:
    """A turn to be summarised; whether the safety screen answered it."""

    id: UUID
    question: str
    answer: str
    is_safe_answer: bool


def recall(session: Session, thread_id: UUID, kept: int, most: int) -> Recalled | None:
    """Return the caller's conversation with the turns that are not summarised, `kept` at least and `most` at most."""
    return session.one(
        Recalled,
        """
        select thread.summary, thread.summarised_turns, coalesce(max(one.total), 0) as turns,
               coalesce(jsonb_agg(jsonb_build_object('question', one.question, 'answer', one.answer) order by one.place)
                        filter (where one.place is not null), '[]') as verbatim
        from public.chat_threads as thread
        left join lateral (
            select * from (
                select question, answer, row_number() over (order by created_at, id) as place, count(*) over () as total
                from public.chat_turns as turn where turn.thread_id = thread.id) as numbered
            where place > least(thread.summarised_turns, total - %(kept)s)
            order by place desc limit %(most)s) as one on true
        where thread.id = %(id)s
        group by thread.id
        """,
        {"id": thread_id, "kept": kept, "most": most},
    )


def past_turns(session: Session, thread_id: UUID, summarised: int, limit: int) -> list[PastTurn]:
    """Return the oldest turns of a conversation after those that are summarised."""
    return session.all(
        PastTurn,
        """
        select id, question, answer, safety is not null as is_safe_answer from public.chat_turns
        where thread_id = %(id)s order by created_at, id offset %(summarised)s limit %(limit)s
        """,
        {"id": thread_id, "summarised": summarised, "limit": limit},
    )


def store(session: Session, thread_id: UUID, before: Recalled, summary: str, folded: Sequence[UUID]) -> bool:
    """Store a summary of turns more; False when another was stored meanwhile, or any of its turns is gone."""
    session.value("select id from public.chat_threads where id = %(id)s for update", {"id": thread_id})
    parameters: dict[str, Any] = {
        "id": thread_id,
        "summary": summary,
        "before": before.summary,
        "summarised": before.summarised_turns,
        "folded": list(folded),
        "count": len(folded),
    }
    touched = session.execute(
        """
        update public.chat_threads set summary = %(summary)s, summarised_turns = %(summarised)s + %(count)s
        where id = %(id)s and summary = %(before)s and summarised_turns = %(summarised)s
          and (select count(*) from public.chat_turns where id = any (%(folded)s)) = %(count)s
        """,
        parameters,
    )
    return touched > 0

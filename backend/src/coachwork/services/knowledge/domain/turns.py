"""Questions under way, and answers with what they lean on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachwork.chassis.turns.limits import UNDER_WAY
from coachwork.chassis.turns.state import BegunTurn


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which of the caller's documents a question is asked of; all, where nothing narrows it."""

    collection_id: UUID | None = None
    document_ids: Sequence[UUID] | None = None
    tags: Sequence[str] = ()


@dataclass(frozen=True)
class Citation:
    """What a marker of an answer names: an excerpt of a page of a document, from `start` up to `end` of its text."""

    marker: int
    document_id: UUID
    document_name: str
    number: int
    page: int
    start: int
    end: int
    excerpt: str | None
    is_deleted: bool = False


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A question and its answer; `model` is None where there was no evidence, so that none was asked."""

    turn_id: UUID
    thread_id: UUID
    question: str
    answer: str
    model: str | None
    citations: Sequence[Citation]
    degraded: Sequence[str]
    input_tokens: int
    output_tokens: int
    created_at: datetime


@dataclass(frozen=True, kw_only=True)
class OpenTurn(BegunTurn):
    """A question that was begun. `state` is "done" once `thread_id` has its answer."""

    scope: Scope
    due_at: datetime

    def is_overdue(self, now: datetime) -> bool:
        """Whether whoever had it is gone."""
        return self.state in UNDER_WAY and self.due_at < now


def title_of(question: str) -> str:
    """Return what a thread is called: the beginning of its first question."""
    line = " ".join(question.split())
    return line if len(line) <= 80 else line[:79].rsplit(" ", 1)[0] + "…"

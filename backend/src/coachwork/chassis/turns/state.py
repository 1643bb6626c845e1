"""Turns that were begun, and how far they have come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from coachwork.chassis.turns.limits import State

Answered = TypeVar("Answered")


@dataclass(frozen=True, kw_only=True)
class BegunTurn:
    """A question that was begun; whoever works on it holds an `attempt`, and `problem` is why there is no answer."""

    turn_id: UUID
    thread_id: UUID | None
    question: str
    state: State
    attempt: int
    partial_text: str
    problem: Mapping[str, Any] | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class TurnState(Generic[Answered]):
    """A turn and how far it has come."""

    turn_id: UUID
    thread_id: UUID | None
    state: State
    question: str
    partial_text: str
    result: Answered | None
    problem: Mapping[str, Any] | None
    created_at: datetime
    updated_at: datetime


def state_of(turn: BegunTurn, result: Answered | None = None, answer: str | None = None) -> TurnState[Answered]:
    """Return how far a turn has come; `answer` is the text of its result, where it has one."""
    return TurnState(
        turn.turn_id,
        turn.thread_id,
        turn.state,
        turn.question,
        turn.partial_text if answer is None else answer,
        result,
        turn.problem,
        turn.created_at,
        turn.updated_at,
    )

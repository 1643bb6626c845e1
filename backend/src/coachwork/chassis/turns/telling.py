"""A turn told as it is taken, to whoever listens; whoever stops listening cancels it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import BaseModel, Field

from coachwork.chassis.http.problems import Problem
from coachwork.chassis.http.schemas import ResponseSchema
from coachwork.chassis.turns.errors import TurnFinished, TurnStopped
from coachwork.chassis.turns.limits import State

T = TypeVar("T")


class TurnStateSchema(ResponseSchema, Generic[T]):
    """A turn and how far it has come: `result`, which is a T, once it is done, `problem` once it has failed."""

    turn_id: UUID
    thread_id: UUID | None = Field(description="The conversation; null until a new one has its first answer")
    state: State
    question: str
    partial_text: str = Field(description="The answer as far as it is written: a preview, whose markers may change")
    result: T | None
    problem: Problem | None
    created_at: datetime
    updated_at: datetime


class TokenEvent(ResponseSchema):
    """A piece of an answer that is being written; `begins_anew` says that it replaces all pieces before it."""

    text: str
    begins_anew: bool = False


class Ear(Protocol):
    """Who hears the events."""

    @property
    def are_gone(self) -> bool:
        """Whether nobody listens any more."""

    def tell(self, event: str, data: BaseModel) -> None:
        """Hear an event."""


class Listener:
    """Hears a turn as it is taken; what it raises stops the turn. This one hears nothing."""

    def goes_on(self) -> None:
        """Hear that another step begins."""

    def text(self, text: str) -> None:
        """Hear the answer so far, whole each time."""


class Teller(Listener):
    """Tells an ear what it hears; raises `TurnStopped` when nobody listens any more."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._told = ""

    def goes_on(self) -> None:
        """Stop when nobody listens."""
        if self._ear.are_gone:
            raise TurnStopped

    def text(self, text: str) -> None:
        """Tell what is new; a text that is not what was told before, and more, begins anew."""
        self.goes_on()
        begins_anew = not text.startswith(self._told)
        new = text if begins_anew else text[len(self._told) :]
        if new or begins_anew:
            self._ear.tell("token", TokenEvent(text=new, begins_anew=begins_anew))
        self._told = text

    def done(self, turn: BaseModel, answer: str, citations: Sequence[BaseModel]) -> None:
        """Tell the rest of the answer, what it cites and the turn, which is the last event."""
        self.text(answer)
        for citation in citations:
            self._ear.tell("citation", citation)
        self._ear.tell("done", turn)


@contextmanager
def cancelling(ear: Ear, cancel: Callable[[], object]) -> Iterator[None]:
    """Cancel the turn that is told within, by `cancel`, when it stops because nobody listens any more."""
    try:
        yield
    except TurnStopped:
        if not ear.are_gone:
            raise
        with suppress(TurnFinished):
            cancel()

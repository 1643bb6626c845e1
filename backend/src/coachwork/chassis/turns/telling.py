"""A turn told as it is taken, to whoever listens."""

from typing import Protocol

from pydantic import BaseModel

from coachwork.chassis.http.schemas import ResponseSchema
from coachwork.chassis.turns.errors import TurnStopped


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

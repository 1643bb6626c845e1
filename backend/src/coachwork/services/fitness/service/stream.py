"""A turn told as it is taken; whoever stops listening cancels it."""

from typing import Protocol

from pydantic import BaseModel

from coachwork.services.fitness.agent import ToolRun
from coachwork.services.fitness.errors import TurnFinished, TurnStopped
from coachwork.services.fitness.repository.turns import OpenTurn
from coachwork.services.fitness.schemas.chat import ToolRunResponse, TurnResponse
from coachwork.services.fitness.schemas.turns import TokenEvent, TurnStateResponse
from coachwork.services.fitness.service import attempts, turns
from coachwork.services.fitness.service.turns import Call
from coachwork.services.fitness.service.watch import Listener


class Ear(Protocol):
    """Who hears the events."""

    @property
    def are_gone(self) -> bool:
        """Whether nobody listens any more."""

    def tell(self, event: str, data: BaseModel) -> None:
        """Hear an event."""


def stream(call: Call, turn: OpenTurn, ear: Ear) -> None:
    """Answer a turn that was begun and tell its events; the last is `done`, or `pending` where it was handed over.

    Raises:
        CoachworkError: there is no answer, and the turn says why.
    """
    teller = _Teller(ear)
    try:
        found = attempts.answer(call, turn, teller)
    except TurnStopped:
        if ear.are_gone:
            _cancel(call, turn)
            return
        raise
    if isinstance(found, OpenTurn):
        ear.tell("pending", TurnStateResponse.model_validate(turns.state_of(found)))
        return
    done = TurnResponse.model_validate(found)
    teller.text(done.answer)
    for citation in done.citations:
        ear.tell("citation", citation)
    ear.tell("done", done)


def _cancel(call: Call, turn: OpenTurn) -> None:
    try:
        turns.cancel(call, turn.turn_id)
    except TurnFinished:
        return


class _Teller(Listener):
    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._told = ""

    def goes_on(self) -> None:
        if self._ear.are_gone:
            raise TurnStopped

    def tool(self, run: ToolRun) -> None:
        self._ear.tell("tool", ToolRunResponse.model_validate(run))

    def text(self, text: str) -> None:
        """Tell what is new; a text that is not what was told before, and more, begins anew."""
        self.goes_on()
        begins_anew = not text.startswith(self._told)
        new = text if begins_anew else text[len(self._told) :]
        if new or begins_anew:
            self._ear.tell("token", TokenEvent(text=new, begins_anew=begins_anew))
        self._told = text

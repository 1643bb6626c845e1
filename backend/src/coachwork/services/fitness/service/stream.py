"""A turn told as it is taken; whoever stops listening cancels it."""

from functools import partial

from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.telling import Ear, Teller, cancelling
from coachwork.services.fitness.agent import ToolRun
from coachwork.services.fitness.repository.turns import OpenTurn
from coachwork.services.fitness.schemas.chat import ToolRunResponse
from coachwork.services.fitness.schemas.turns import TurnStateResponse
from coachwork.services.fitness.service import attempts, turns
from coachwork.services.fitness.service.watch import ToolListener


def stream(call: Call, turn: OpenTurn, ear: Ear) -> None:
    """Answer a turn that was begun and tell its events; the last is `done`, or `pending` where it was handed over.

    Raises:
        CoachworkError: there is no answer, and the turn says why.
    """
    teller = _ToolTeller(ear)
    with cancelling(ear, partial(turns.cancel, call, turn.turn_id)):
        found = turns.shown(attempts.answer(call, turn, teller))
        if isinstance(found, TurnStateResponse):
            ear.tell("pending", found)
        else:
            teller.done(found, found.answer, found.citations)


class _ToolTeller(Teller, ToolListener):
    def tool(self, run: ToolRun) -> None:
        self._ear.tell("tool", ToolRunResponse.model_validate(run))

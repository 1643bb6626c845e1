"""A turn told as it is taken; whoever stops listening cancels it."""

from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.errors import TurnFinished, TurnStopped
from coachwork.chassis.turns.telling import Ear, Teller
from coachwork.services.fitness.agent import ToolRun
from coachwork.services.fitness.repository.turns import OpenTurn
from coachwork.services.fitness.schemas.chat import ToolRunResponse, TurnResponse
from coachwork.services.fitness.schemas.turns import TurnStateResponse
from coachwork.services.fitness.service import attempts, turns
from coachwork.services.fitness.service.watch import ToolListener


def stream(call: Call, turn: OpenTurn, ear: Ear) -> None:
    """Answer a turn that was begun and tell its events; the last is `done`, or `pending` where it was handed over.

    Raises:
        CoachworkError: there is no answer, and the turn says why.
    """
    teller = _ToolTeller(ear)
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


class _ToolTeller(Teller, ToolListener):
    def tool(self, run: ToolRun) -> None:
        self._ear.tell("tool", ToolRunResponse.model_validate(run))

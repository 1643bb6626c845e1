"""A turn told as it is taken; whoever stops listening cancels it."""

from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.errors import TurnFinished, TurnStopped
from coachwork.chassis.turns.telling import Ear, Teller
from coachwork.services.knowledge.domain.turns import OpenTurn
from coachwork.services.knowledge.schemas.chat import KnowledgeTurnResponse, KnowledgeTurnStateResponse
from coachwork.services.knowledge.service import attempts, turns


def stream(call: Call, turn: OpenTurn, ear: Ear) -> None:
    """Answer a turn that was begun and tell its events; the last is `done`, or `pending` where it was handed over.

    Raises:
        CoachworkError: there is no answer, and the turn says why.
    """
    teller = Teller(ear)
    try:
        found = attempts.answer(call, turn, teller)
    except TurnStopped:
        if ear.are_gone:
            _cancel(call, turn)
            return
        raise
    if isinstance(found, OpenTurn):
        ear.tell("pending", KnowledgeTurnStateResponse.model_validate(turns.state_of(call, found)))
        return
    done = KnowledgeTurnResponse.model_validate(found)
    teller.text(done.answer)
    for citation in done.citations:
        ear.tell("citation", citation)
    ear.tell("done", done)


def _cancel(call: Call, turn: OpenTurn) -> None:
    try:
        turns.cancel(call, turn.turn_id)
    except TurnFinished:
        return

"""A turn told as it is taken; whoever stops listening cancels it."""

from functools import partial

from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.telling import Ear, Teller, cancelling
from coachwork.services.knowledge.domain.turns import OpenTurn
from coachwork.services.knowledge.schemas.chat import KnowledgeTurnStateResponse
from coachwork.services.knowledge.service import attempts, turns


def stream(call: Call, turn: OpenTurn, ear: Ear) -> None:
    """Answer a turn that was begun and tell its events; the last is `done`, or `pending` where it was handed over.

    Raises:
        CoachworkError: there is no answer, and the turn says why.
    """
    teller = Teller(ear)
    with cancelling(ear, partial(turns.cancel, call, turn.turn_id)):
        found = turns.shown(call, attempts.answer(call, turn, teller))
        if isinstance(found, KnowledgeTurnStateResponse):
            ear.tell("pending", found)
        else:
            teller.done(found, found.answer, found.citations)

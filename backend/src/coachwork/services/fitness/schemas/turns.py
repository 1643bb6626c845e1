"""Turns of the coach and what becomes of them."""

from coachwork.chassis.turns.telling import TurnStateSchema
from coachwork.services.fitness.schemas.chat import TurnResponse


class TurnStateResponse(TurnStateSchema[TurnResponse]):
    """A turn and how far it has come: `result` once it is done, `problem` once it has failed."""

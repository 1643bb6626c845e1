"""What an exercise is."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.services.fitness.schemas.exercises import Level


@dataclass(frozen=True)
class Exercise:
    """An exercise of the library; its words come from the vocabularies in `schemas.exercises`."""

    id: UUID
    slug: str
    name: str
    aliases: Sequence[str]
    level: Level
    mechanics: str
    movement: str
    measure: str
    primary_muscles: Sequence[str]
    secondary_muscles: Sequence[str]
    equipment: Sequence[str]
    stresses: Sequence[str]
    instructions: Sequence[str]
    cautions: Sequence[str]


@dataclass(frozen=True)
class Facet:
    """How many exercises have `value` in the named facet."""

    name: str
    value: str
    count: int

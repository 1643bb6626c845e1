"""What an exercise is, and for whom."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from coachwork.services.fitness.schemas.exercises import Level, Measure

LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")
"""The levels in their order."""


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
    measure: Measure
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


def fits(exercise: Exercise, *, level: str, equipment: Collection[str], injuries: Collection[str]) -> bool:
    """Whether it needs nothing that is missing, loads no injured area, and is not above the level."""
    return (
        set(exercise.equipment) <= set(equipment)
        and not set(exercise.stresses) & set(injuries)
        and LEVELS.index(exercise.level) <= LEVELS.index(level)
    )


def best_known_first(exercise: Exercise) -> tuple[object, ...]:
    """Sort whole-body work before isolation and the simple before the hard, then by name."""
    return exercise.mechanics != "compound", LEVELS.index(exercise.level), exercise.name

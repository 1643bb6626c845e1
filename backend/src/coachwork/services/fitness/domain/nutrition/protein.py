"""Protein by published ranges."""

from collections.abc import Sequence
from dataclasses import dataclass

from coachwork.services.fitness.domain.nutrition.energy import Person
from coachwork.services.fitness.schemas.nutrition import EnergyGoal, ProteinBasis

OLDER_AGE = 65


@dataclass(frozen=True)
class ProteinRange:
    """A published range in grams a day for each kilogram of body weight or of fat-free mass."""

    name: str
    low_g_per_kg: float
    high_g_per_kg: float
    per_kg_of: ProteinBasis
    for_whom: str
    source: str


@dataclass(frozen=True)
class Protein(ProteinRange):
    """A range and what it comes to, in grams a day."""

    low_g: float
    high_g: float


_TRAINING = ProteinRange(
    "training",
    1.4,
    2.0,
    "body_weight",
    "healthy adults who train",
    "International Society of Sports Nutrition position stand, Jäger et al., J Int Soc Sports Nutr 2017;14:20",
)
_MUSCLE = ProteinRange(
    "muscle",
    1.6,
    2.2,
    "body_weight",
    "adults who lift to gain muscle; beyond the lower figure gains level off, the upper one is the edge of its doubt",
    "Morton et al., Br J Sports Med 2018;52(6):376-384: 1.62 g/kg, 95 % interval to 2.20",
)
_LEAN = ProteinRange(
    "losing_while_lifting",
    2.3,
    3.1,
    "fat_free_mass",
    "lean adults who lift and eat less than they use",
    "Helms et al., Int J Sport Nutr Exerc Metab 2014;24(2):127-138",
)
_OLDER = ProteinRange(
    "older_adults",
    1.0,
    1.2,
    "body_weight",
    "adults over 65, as the least: 1.2 and more for those who train",
    "PROT-AGE study group, Bauer et al., J Am Med Dir Assoc 2013;14(8):542-559",
)


def protein_targets(person: Person, goal: EnergyGoal) -> Sequence[Protein]:
    """Return the ranges that apply to somebody, those for their goal first; none without a weight."""
    ranges = [_TRAINING]
    if goal == "gain":
        ranges = [_MUSCLE, _TRAINING]
    elif goal == "lose":
        ranges = [_LEAN, _TRAINING]
    if person.ages is not None and person.ages[1] >= OLDER_AGE:
        ranges.append(_OLDER)
    masses = {"body_weight": person.weight_kg, "fat_free_mass": person.fat_free_kg}
    return [
        Protein(**vars(one), low_g=one.low_g_per_kg * mass, high_g=one.high_g_per_kg * mass)
        for one in ranges
        if (mass := masses[one.per_kg_of]) is not None
    ]

"""Everything somebody may be told of energy and protein, what is withheld, and for whom none of it holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from coachwork.services.fitness.domain.nutrition.energy import (
    Energy,
    Person,
    daily_energy,
    energy_for_goal,
    resting_energy,
)
from coachwork.services.fitness.domain.nutrition.protein import Protein, protein_targets
from coachwork.services.fitness.domain.safety.answers import SAFE_ANSWERS, Concern
from coachwork.services.fitness.domain.safety.targets import LEAST_BMI, bmi, may_be_minor
from coachwork.services.fitness.schemas.nutrition import Activity, EnergyGoal
from coachwork.services.fitness.schemas.profile import Goal as TrainingGoal

ENERGY_GOALS: dict[TrainingGoal, EnergyGoal] = {
    "general": "maintain",
    "strength": "maintain",
    "endurance": "maintain",
    "muscle": "gain",
    "fat_loss": "lose",
}
"""What a training goal comes to at the table."""

_DIETITIAN = "a doctor or registered dietitian"
_EATING = SAFE_ANSWERS[Concern.EATING_DISORDER].referral


@dataclass(frozen=True)
class Group:
    """People for whom the figures do not hold, and who can help them."""

    who: str
    why: str
    refer_to: str


DOES_NOT_HOLD_FOR = (
    Group("who is pregnant or breastfeeds", "needs change from month to month", "a midwife or doctor"),
    Group("who is under 18", "growing needs are not in these equations", "a paediatrician or registered dietitian"),
    Group("who has a kidney or liver disease", "the protein can be too much", _DIETITIAN),
    Group("who has, had or fears an eating disorder", "counting can do harm", _EATING),
    Group(
        "who has diabetes, takes medicine that works with food, or recovers from illness or an operation",
        "needs are individual",
        _DIETITIAN,
    ),
)


@dataclass(frozen=True)
class Withheld:
    """A figure that is not given, why, and who can help."""

    what: Literal["everything", "energy_for_goal"]
    reason: str
    refer_to: str


@dataclass(frozen=True)
class NutritionTargets:
    """What somebody may be told; empty where it is withheld or not known."""

    resting_energy: Sequence[Energy] = ()
    daily_energy: Energy | None = None
    energy_for_goal: Energy | None = None
    protein: Sequence[Protein] = ()
    withheld: Sequence[Withheld] = ()


def nutrition_targets(
    person: Person, *, birth_year: int | None, activity: Activity | None, goal: EnergyGoal, today: date
) -> NutritionTargets:
    """Return the targets of a person, without those that could harm them."""
    if may_be_minor(birth_year, today):
        reason = "You may be under 18, and these equations are made for adults."
        return NutritionTargets(withheld=[Withheld("everything", reason, "a paediatrician or registered dietitian")])
    resting = resting_energy(person)
    daily = daily_energy(resting, activity)
    withheld = _withheld(person, goal)
    for_goal = None
    if daily is not None and person.weight_kg is not None and not withheld:
        for_goal = energy_for_goal(daily, resting, goal, person.weight_kg)
    protein = protein_targets(person, "maintain" if withheld else goal)
    return NutritionTargets(resting, daily, for_goal, protein, withheld)


def in_words(targets: NutritionTargets, goal: EnergyGoal) -> list[str]:
    """Return the targets as short sentences, which a person can check and a coach may quote."""
    told = [f"{one.reason} Talk to {one.refer_to}." for one in targets.withheld]
    if targets.resting_energy:
        low = min(one.low_kcal for one in targets.resting_energy)
        high = max(one.high_kcal for one in targets.resting_energy)
        told.append(f"At rest you use about {_kcal(low, high)}.")
    if targets.daily_energy:
        told.append(f"Over a whole day it is about {_range(targets.daily_energy)}.")
    if targets.energy_for_goal:
        begin = f"begin near {start_kcal(targets.energy_for_goal):,} kcal"
        told.append(
            f"To {goal}, {_range(targets.energy_for_goal)}: {begin} and let two or three weeks of your weight trend"
            " correct it."
        )
    if targets.protein:
        first = targets.protein[0]
        told.append(f"Protein for {first.for_whom}: {first.low_g:.0f} to {first.high_g:.0f} g a day.")
    return [*told, "These are estimates from published equations, not a diagnosis or a prescription."]


def start_kcal(energy: Energy) -> int:
    """Return the middle of a range, to fifty."""
    return round((energy.low_kcal + energy.high_kcal) / 2 / 50) * 50


def to_ten(kcal: float) -> int:
    """Return kcal to ten: they are not more exact than that."""
    return round(kcal / 10) * 10


def _withheld(person: Person, goal: EnergyGoal) -> list[Withheld]:
    if goal != "lose" or person.weight_kg is None:
        return []
    if person.height_cm is None:
        reason = "Without your height nobody can tell whether losing weight is safe for you."
        return [Withheld("energy_for_goal", reason, _DIETITIAN)]
    if bmi(person.weight_kg, person.height_cm) >= LEAST_BMI:
        return []
    reason = f"Your body mass index is under {LEAST_BMI:g}, which is underweight in adults (WHO), so losing is no goal."
    return [Withheld("energy_for_goal", reason, _EATING)]


def _range(energy: Energy) -> str:
    return _kcal(energy.low_kcal, energy.high_kcal)


def _kcal(low: float, high: float) -> str:
    return f"{to_ten(low):,} to {to_ten(high):,} kcal a day"

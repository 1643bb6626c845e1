"""Energy at rest, in a day and for a goal. Every figure is a range: the equations are off by a tenth as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from coachwork.services.fitness.domain.safety.targets import FASTEST_WEEKLY_LOSS
from coachwork.services.fitness.schemas.nutrition import Activity, EnergyGoal
from coachwork.services.fitness.schemas.profile import EquationSex

RESTING_ERROR = 0.10
"""Mifflin-St Jeor is within this of what is measured for most people, and further off for the others.

Source: Frankenfield D, Roth-Yousey L, Compher C. J Am Diet Assoc 2005;105(5):775-789.
"""

ACTIVITY_FACTORS: dict[Activity, tuple[float, float]] = {
    "light": (1.40, 1.69),
    "moderate": (1.70, 1.99),
    "vigorous": (2.00, 2.40),
}
"""Energy of a whole day over energy at rest.

Source: Human energy requirements. Report of a joint FAO/WHO/UNU expert consultation, 2001 (Rome 2004), table 5.1.
"""

KCAL_PER_KG = 7700
"""What a kilogram of body weight holds, about. Source: Wishnofsky M. Am J Clin Nutr 1958;6(5):542-546."""

DEFICIT_KCAL = (500, 750)
"""Source: Jensen et al., 2013 AHA/ACC/TOS guideline. Circulation 2014;129(25 suppl 2):S102-S138."""

SURPLUS_KCAL = (1500 / 4.184, 2000 / 4.184)
"""1500 to 2000 kJ. Source: Slater et al., Front Nutr 2019;6:131."""

_ERROR_NOTE = f"± {RESTING_ERROR:.0%} (Frankenfield et al., J Am Diet Assoc 2005;105(5):775-789)"
_SEXES: dict[EquationSex, tuple[Literal["female", "male"], ...]] = {
    "female": ("female",),
    "male": ("male",),
    "unspecified": ("female", "male"),
}


@dataclass(frozen=True)
class Energy:
    """A range of energy in kcal a day, how it was computed, and on whose word."""

    name: str
    low_kcal: float
    high_kcal: float
    formula: str
    source: str


@dataclass(frozen=True)
class Person:
    """What the equations ask; None is not known. `ages` are the least and the most somebody can be by birth year."""

    weight_kg: float | None = None
    height_cm: float | None = None
    ages: tuple[int, int] | None = None
    sex: EquationSex = "unspecified"
    body_fat_percent: float | None = None

    @property
    def fat_free_kg(self) -> float | None:
        """Body weight without its fat."""
        if self.weight_kg is None or self.body_fat_percent is None:
            return None
        return self.weight_kg * (1 - self.body_fat_percent / 100)


def mifflin_st_jeor_kcal(weight_kg: float, height_cm: float, age: int, sex: Literal["female", "male"]) -> float:
    """Return the energy at rest of a day.

    10 x kg + 6.25 x cm - 5 x years, + 5 for men, - 161 for women
    Source: Mifflin et al., Am J Clin Nutr 1990;51(2):241-247.
    """
    return 10 * weight_kg + 6.25 * height_cm - 5 * age + (5 if sex == "male" else -161)


def cunningham_kcal(fat_free_kg: float) -> float:
    """Return the energy at rest of a day: 500 + 22 x kg of fat-free mass; it reads high for who does not train.

    Source: Cunningham JJ. Am J Clin Nutr 1980;33(11):2372-2374.
    """
    return 500 + 22 * fat_free_kg


def katch_mcardle_kcal(fat_free_kg: float) -> float:
    """Return the energy at rest of a day: 370 + 21.6 x kg of fat-free mass.

    Source: Katch and McArdle's textbook form; as a regression, Cunningham JJ. Am J Clin Nutr 1991;54(6):963-969.
    """
    return 370 + 21.6 * fat_free_kg


def resting_energy(person: Person) -> list[Energy]:
    """Return the energy at rest by each equation whose inputs are known; over both sexes where none is told."""
    found = []
    if person.weight_kg is not None and person.height_cm is not None and person.ages is not None:
        estimates = [
            mifflin_st_jeor_kcal(person.weight_kg, person.height_cm, age, sex)
            for age in person.ages
            for sex in _SEXES[person.sex]
        ]
        formula = f"10 x kg + 6.25 x cm - 5 x years, + 5 (male) or - 161 (female); {_ERROR_NOTE}"
        source = "Mifflin et al., Am J Clin Nutr 1990;51(2):241-247"
        found.append(_resting("mifflin_st_jeor", estimates, formula, source))
    if person.fat_free_kg is not None:
        for name, kcal, formula, source in (
            ("cunningham", cunningham_kcal, "500 + 22 x kg", "Cunningham, Am J Clin Nutr 1980;33(11):2372-2374"),
            ("katch_mcardle", katch_mcardle_kcal, "370 + 21.6 x kg", "Cunningham, Am J Clin Nutr 1991;54(6):963-969"),
        ):
            told = f"{formula} of fat-free mass; {_ERROR_NOTE}"
            found.append(_resting(name, [kcal(person.fat_free_kg)], told, source))
    return found


def daily_energy(resting: Sequence[Energy], activity: Activity | None) -> Energy | None:
    """Return the energy of a whole day, over all activities where none is told; None without energy at rest."""
    if not resting:
        return None
    ranges = [ACTIVITY_FACTORS[activity]] if activity else list(ACTIVITY_FACTORS.values())
    low, high = min(low for low, _ in ranges), max(high for _, high in ranges)
    return Energy(
        "daily",
        min(one.low_kcal for one in resting) * low,
        max(one.high_kcal for one in resting) * high,
        f"the lowest and the highest energy at rest, x {low:.2f} to {high:.2f}",
        "FAO/WHO/UNU, Human energy requirements, 2004, table 5.1: made for groups, so yours may lie outside",
    )


def energy_for_goal(daily: Energy, resting: Sequence[Energy], goal: EnergyGoal, weight_kg: float) -> Energy:
    """Return the energy for a goal; losing never below energy at rest, nor faster than 1 % of body weight a week."""
    if goal == "maintain":
        return Energy("maintain", daily.low_kcal, daily.high_kcal, "the same as the day's energy", daily.source)
    if goal == "gain":
        low, high = SURPLUS_KCAL
        return Energy(
            "gain",
            daily.low_kcal + low,
            daily.high_kcal + high,
            f"the day's energy + {low:.0f} to {high:.0f} kcal (1500 to 2000 kJ)",
            "Slater et al., Front Nutr 2019;6:131",
        )
    cap = FASTEST_WEEKLY_LOSS * weight_kg * KCAL_PER_KG / 7
    low, high = (min(one, cap) for one in DEFICIT_KCAL)
    floor = min(one.low_kcal for one in resting)
    return Energy(
        "lose",
        max(daily.low_kcal - high, floor),
        max(daily.high_kcal - low, floor),
        f"the day's energy - {low:.0f} to {high:.0f} kcal, at most what 1 % of body weight a week holds"
        f" ({KCAL_PER_KG} kcal/kg); never below the lowest energy at rest, {floor:.0f} kcal, which is our own caution",
        "Jensen et al., AHA/ACC/TOS guideline, Circulation 2014;129(25 suppl 2):S102-S138",
    )


def _resting(name: str, estimates: Sequence[float], formula: str, source: str) -> Energy:
    low, high = min(estimates) * (1 - RESTING_ERROR), max(estimates) * (1 + RESTING_ERROR)
    return Energy(name, low, high, formula, source)

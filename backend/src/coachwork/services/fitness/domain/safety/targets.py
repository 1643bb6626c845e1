"""Targets of body weight and body fat that the coach does not help with, and why. Losing alone is ever refused."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from coachwork.services.fitness.domain.safety.answers import SAFE_ANSWERS, Concern
from coachwork.services.fitness.schemas.profile import EquationSex

ADULT_AGE = 18
LEAST_BMI = 18.5
FASTEST_WEEKLY_LOSS = 0.01
"""Of the body weight at the time, each week."""

LEAST_BODY_FAT_PERCENT: dict[EquationSex, float] = {"female": 12.0, "male": 5.0, "unspecified": 12.0}
"""Where the sex is not told, the level that is safe for both."""

BMI_SOURCE = "WHO Technical Report Series 854, 1995: a body mass index under 18.5 is underweight in adults"
LOSS_SOURCE = (
    "Helms et al., J Int Soc Sports Nutr 2014;11:20, and Garthe et al., Int J Sport Nutr Exerc Metab 2011;21(2):97-104:"
    " slower than about 1 % of body weight a week keeps muscle and performance"
)
BODY_FAT_SOURCE = (
    "Turocy et al., National Athletic Trainers' Association position statement, J Athl Train 2011;46(3):322-336: no"
    " lower than 5 % in men and 12 % in women"
)
_MINOR_SOURCE = "Turocy et al., J Athl Train 2011;46(3):322-336: weight loss while growing wants medical supervision"
_REFERRAL = SAFE_ANSWERS[Concern.EATING_DISORDER].referral


@dataclass(frozen=True)
class Body:
    """What the judgement of a target wants to know; None is not told."""

    height_cm: float | None = None
    birth_year: int | None = None
    sex: EquationSex = "unspecified"


@dataclass(frozen=True)
class Refusal:
    """Why a target is refused, on whose word, and who can help instead."""

    reason: str
    source: str
    referral: str = _REFERRAL

    @property
    def text(self) -> str:
        """The refusal in words."""
        return f"{self.reason} Source: {self.source}. If it matters to you, talk to {self.referral}."


def refuse_weight(body: Body, *, from_kg: float, target_kg: float, today: date, due_on: date) -> Refusal | None:
    """Return why this loss of body weight is refused; None where it is not, or is none."""
    if target_kg >= from_kg:
        return None
    return (
        _refuse_minor(body, today)
        or _refuse_underweight(body, target_kg)
        or _refuse_haste(from_kg, target_kg, today, due_on)
    )


def refuse_body_fat(body: Body, *, from_percent: float, target_percent: float, today: date) -> Refusal | None:
    """Return why this loss of body fat is refused; None where it is not, or is none."""
    if target_percent >= from_percent:
        return None
    least = LEAST_BODY_FAT_PERCENT[body.sex]
    if target_percent >= least:
        return _refuse_minor(body, today)
    unsure = " (without your sex in the profile, the level for women counts)" if body.sex == "unspecified" else ""
    return Refusal(f"{target_percent:g} % body fat is below {least:g} %, what a body needs{unsure}.", BODY_FAT_SOURCE)


def may_be_minor(birth_year: int | None, today: date) -> bool:
    """Whether somebody born in that year may be under 18; a year not told says nothing."""
    return birth_year is not None and today.year - birth_year <= ADULT_AGE


def bmi(weight_kg: float, height_cm: float) -> float:
    """Return the body mass index, kg / m²."""
    return weight_kg / (height_cm / 100) ** 2


def shortest_loss(from_kg: float, target_kg: float) -> timedelta:
    """Return how long a loss takes at 1 % of the body weight of the time each week, rounded up to whole days.

    ln(target / from) / ln(0.99) weeks. Source: `LOSS_SOURCE`.
    """
    weeks = math.log(target_kg / from_kg) / math.log(1 - FASTEST_WEEKLY_LOSS)
    return timedelta(days=math.ceil(round(weeks * 7, 6)))


def _refuse_minor(body: Body, today: date) -> Refusal | None:
    if not may_be_minor(body.birth_year, today):
        return None
    return Refusal("You may be under 18, and who still grows should not lose weight on a coach's plan.", _MINOR_SOURCE)


def _refuse_underweight(body: Body, target_kg: float) -> Refusal | None:
    if body.height_cm is None:
        reason = "Without your height in the profile nobody can tell whether this target is safe; store it first."
        return Refusal(reason, BMI_SOURCE)
    if bmi(target_kg, body.height_cm) >= LEAST_BMI:
        return None
    index, least_kg = bmi(target_kg, body.height_cm), math.ceil(LEAST_BMI * (body.height_cm / 100) ** 2 * 10) / 10
    reason = (
        f"{target_kg:g} kg at {body.height_cm:g} cm is a body mass index of {index:.1f}, and under {LEAST_BMI:g} is"
        f" underweight; we help with {least_kg:g} kg and more."
    )
    return Refusal(reason, BMI_SOURCE)


def _refuse_haste(from_kg: float, target_kg: float, today: date, due_on: date) -> Refusal | None:
    earliest = today + shortest_loss(from_kg, target_kg)
    if due_on >= earliest:
        return None
    reason = (
        f"From {from_kg:.4g} kg to {target_kg:g} kg by {due_on} is faster than 1 % of your body weight a week; at that"
        f" pace it takes until {earliest}, so choose that day or a later one."
    )
    return Refusal(reason, LOSS_SOURCE, "a doctor or registered dietitian")

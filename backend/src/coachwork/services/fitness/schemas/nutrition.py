"""Targets of energy and protein: ranges by published equations, with what they used and for whom they do not hold."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import RequestSchema, ResponseSchema

Activity = Literal["light", "moderate", "vigorous"]
EnergyGoal = Literal["maintain", "lose", "gain"]
InputName = Literal["weight_kg", "height_cm", "birth_year", "sex_for_equations", "body_fat_percent", "activity", "goal"]
InputOrigin = Literal["measurement", "profile", "request"]
ProteinBasis = Literal["body_weight", "fat_free_mass"]


class NutritionQuery(RequestSchema):
    """What the figures are for."""

    activity: Activity | None = Field(
        default=None,
        description="The whole of a usual week: light (desk, little exercise), moderate (on your feet, or an hour of"
        " brisk exercise a day), vigorous (heavy work or hours of training). Left out: the range over all three",
    )
    goal: EnergyGoal | None = Field(default=None, description="Left out: what your profile's goal comes to")


class EnergyResponse(ResponseSchema):
    """A range of energy, and where it is from."""

    name: str
    low_kcal: int = Field(description="A day, to ten", examples=[1480])
    high_kcal: int = Field(examples=[1810])
    formula: str
    source: str


class ProteinResponse(ResponseSchema):
    """A published range of protein, and what it comes to."""

    name: str
    low_g_per_kg: float = Field(examples=[1.4])
    high_g_per_kg: float = Field(examples=[2.0])
    per_kg_of: ProteinBasis
    low_g: int = Field(description="A day", examples=[104])
    high_g: int = Field(examples=[149])
    for_whom: str
    source: str


class InputResponse(ResponseSchema):
    """A value that was used, and where it is from."""

    name: InputName
    value: int | float | str
    origin: InputOrigin
    row_id: UUID | None = Field(description="The measurement it was read from")
    as_of: datetime | None


class MissingResponse(ResponseSchema):
    """A value that would have told more."""

    name: InputName
    adds: str = Field(description="What it would add, and where to store it")


class WithheldResponse(ResponseSchema):
    """A figure that is not given, why, and who can help."""

    what: Literal["everything", "energy_for_goal"]
    reason: str
    refer_to: str


class ExceptionResponse(ResponseSchema):
    """People for whom these figures do not hold, and who can help them."""

    who: str
    why: str
    refer_to: str


class NutritionTargetsResponse(ResponseSchema):
    """Targets as ranges: where to begin and what to correct by your own trend, never a diagnosis."""

    activity: Activity | None
    goal: EnergyGoal
    resting_energy: list[EnergyResponse]
    daily_energy: EnergyResponse | None = Field(description="Resting energy times the activity's factor")
    energy_for_goal: EnergyResponse | None
    start_kcal: int | None = Field(description="The middle of that range, to fifty: where to begin")
    protein: list[ProteinResponse]
    inputs: list[InputResponse]
    missing: list[MissingResponse]
    withheld: list[WithheldResponse]
    does_not_hold_for: list[ExceptionResponse]
    in_words: list[str]

"""The caller's profile: what a coach asks before the first session."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from coachwork.chassis.http.schemas import Printable, RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import BodyArea, Equipment, Level

EquationSex = Literal["female", "male", "unspecified"]
Goal = Literal["general", "strength", "muscle", "fat_loss", "endurance"]


def _one_decimal(value: float) -> float:
    return round(value, 1)


def _two_decimals(value: float) -> float:
    return round(value, 2)


class ProfileRequest(RequestSchema):
    """A whole profile: what is left out goes back to its default."""

    display_name: Annotated[str, Field(min_length=1, max_length=100, examples=["Sam"]), Printable] | None = None
    birth_year: Annotated[int, Field(strict=True, ge=1900, le=2100, examples=[1990])] | None = Field(
        default=None, description="Not after this year"
    )
    height_cm: (
        Annotated[float, Field(strict=True, ge=50, le=280, examples=[176.0]), AfterValidator(_one_decimal)] | None
    ) = None
    weight_kg: (
        Annotated[float, Field(strict=True, ge=20, le=500, examples=[74.5]), AfterValidator(_two_decimals)] | None
    ) = None
    level: Level = "beginner"
    goal: Goal = "general"
    days_per_week: int = Field(default=3, strict=True, ge=1, le=7)
    equipment: list[Equipment] = Field(default=[], max_length=28, description="What there is to train with")
    injuries: list[BodyArea] = Field(default=[], max_length=8, description="Body areas to spare")
    sex_for_equations: EquationSex = Field(
        default="unspecified",
        description="Published equations of resting energy know two sexes. Left open, you get the range over both",
    )


class ProfileResponse(ResponseSchema):
    """The caller's profile; `updated_at` is null until it is first stored."""

    display_name: str | None
    birth_year: int | None
    height_cm: float | None
    weight_kg: float | None
    level: Level
    goal: Goal
    days_per_week: int
    equipment: list[Equipment]
    injuries: list[BodyArea]
    sex_for_equations: EquationSex
    updated_at: datetime | None

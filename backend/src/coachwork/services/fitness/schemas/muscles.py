"""Muscles by week, beside published ranges."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import ResponseSchema
from coachwork.services.fitness.schemas.exercises import Muscle
from coachwork.services.fitness.schemas.performance import RowsResponse

BandName = Literal["below", "within", "above"]


class CountingResponse(ResponseSchema):
    """How sets and volume are counted to muscles."""

    primary: float = Field(examples=[1.0])
    secondary: float = Field(examples=[0.5])
    source: str


class RangeResponse(ResponseSchema):
    """A published range of weekly sets for one muscle."""

    low_sets: int = Field(examples=[10])
    low_source: str
    high_sets: int = Field(examples=[20])
    high_source: str


class MuscleSetsResponse(ResponseSchema):
    """What a muscle got in a week, and the logs it got it from."""

    muscle: Muscle
    sets: float = Field(examples=[12.5])
    primary_sets: int
    secondary_sets: int
    volume_kg: float
    band: BandName
    log_ids: list[UUID]


class MuscleWeekResponse(ResponseSchema):
    """One ISO 8601 week in the time zone; muscles that got nothing are left out."""

    iso_week: str = Field(examples=["2026-W40"])
    starts_on: date
    ends_on: date
    muscles: list[MuscleSetsResponse]
    rows: RowsResponse


class MuscleAverageResponse(ResponseSchema):
    """A muscle's sets a week, over every week of the period."""

    muscle: Muscle
    sets_per_week: float = Field(examples=[11.25])
    band: BandName


class MusclesResponse(ResponseSchema):
    """Muscles by week, the earliest first, and on average: major muscles even when they got nothing."""

    tz: str = Field(examples=["Europe/Berlin"])
    starts_on: date
    ends_on: date
    counting: CountingResponse
    range: RangeResponse
    weeks: list[MuscleWeekResponse]
    averages: list[MuscleAverageResponse]

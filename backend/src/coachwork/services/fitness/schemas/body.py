"""Body measurements and the trend of body weight."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from coachwork.chassis.http.schemas import Cursor, Limit, RequestSchema, ResponseSchema, Timestamp
from coachwork.services.fitness.schemas.period import From, To
from coachwork.services.fitness.schemas.quantities import Notes

Site = Literal[
    "neck",
    "shoulders",
    "chest",
    "waist",
    "abdomen",
    "hips",
    "upper_arm",
    "left_upper_arm",
    "right_upper_arm",
    "forearm",
    "left_forearm",
    "right_forearm",
    "wrist",
    "thigh",
    "left_thigh",
    "right_thigh",
    "calf",
    "left_calf",
    "right_calf",
    "ankle",
]
"""Where a tape goes round; a limb without a side is either, or the mean of both."""

MeasurementKind = Literal["weight", "body_fat", Site]
"""Anything that can be measured."""


def _one_decimal(value: float) -> float:
    return round(value, 1)


def _two_decimals(value: float) -> float:
    return round(value, 2)


BodyWeight = Annotated[float, Field(strict=True, ge=20, le=500, examples=[74.5]), AfterValidator(_two_decimals)]
"""Body weight in kilograms, kept to ten grams."""

BodyFat = Annotated[float, Field(strict=True, ge=1, le=75, examples=[18.5]), AfterValidator(_one_decimal)]
"""Body fat in percent of body weight, kept to a tenth."""

Circumference = Annotated[float, Field(strict=True, ge=5, le=300, examples=[82.5]), AfterValidator(_one_decimal)]
"""A circumference in centimetres, kept to a millimetre."""


class MeasurementRequest(RequestSchema):
    """What was measured at one time: a weight, a body fat, a circumference, or several."""

    measured_at: Timestamp | None = Field(
        default=None,
        description="Left out: now when it is made, as before when it is replaced. At most a day ahead",
        examples=["2026-10-02T06:30:00Z"],
    )
    weight_kg: BodyWeight | None = None
    body_fat_percent: BodyFat | None = None
    circumferences_cm: dict[Site, Circumference] = Field(default={}, examples=[{"waist": 82.5, "hips": 98.0}])
    note: Notes = ""

    @model_validator(mode="after")
    def _measures_something(self) -> Self:
        if self.weight_kg is None and self.body_fat_percent is None and not self.circumferences_cm:
            raise ValueError("wants at least one of weight_kg, body_fat_percent and circumferences_cm")
        return self


class MeasurementQuery(RequestSchema):
    """Filters and page of the list of measurements."""

    kind: MeasurementKind | None = Field(default=None, description="Only those that measured this")
    start: From = None
    end: To = None
    limit: Limit = 20
    cursor: Cursor | None = None


class MeasurementResponse(ResponseSchema):
    """What was measured at one time."""

    id: UUID
    measured_at: datetime
    weight_kg: float | None
    body_fat_percent: float | None
    circumferences_cm: dict[Site, float]
    note: str
    created_at: datetime
    updated_at: datetime


class WeightTrendQuery(RequestSchema):
    """Which period; without it, every weight there is."""

    start: From = None
    end: To = None


class TrendPointResponse(ResponseSchema):
    """One weighing and the trend after it."""

    measurement_id: UUID
    measured_at: datetime
    weight_kg: float
    trend_kg: float


def _four_decimals(value: float) -> float:
    return round(value, 4)


Slope = Annotated[float, AfterValidator(_four_decimals)]
"""A change each week, to more digits than anybody measures."""


class RateResponse(ResponseSchema):
    """How fast a value changes: the slope of a line, and the interval that holds the true slope this often."""

    per_week: Slope = Field(description="In the unit of the values, each week", examples=[-0.35])
    low_per_week: Slope
    high_per_week: Slope
    confidence_percent: int = Field(examples=[95])
    points: int
    since: datetime
    until: datetime
    method: str
    row_ids: list[UUID] = Field(description="The rows it was computed from, the earliest first")


class WeightTrendResponse(ResponseSchema):
    """Weighings, the earliest first, smoothed; `weekly_rate` is null while there are too few of them."""

    points: list[TrendPointResponse]
    trend_kg: float | None = Field(description="The trend after the last weighing of the period")
    weekly_rate: RateResponse | None = Field(description="In kg a week, over the last 28 days of the period at most")
    weekly_rate_missing: str | None = Field(description="Why there is no rate")
    time_constant_days: float
    formula: str
    source: str

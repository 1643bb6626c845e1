"""Streaks of weeks, and what was done of what was planned."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.performance import RowsResponse
from coachwork.services.fitness.schemas.programmes import DoneDayResponse
from coachwork.services.fitness.schemas.zones import UTC_ZONE, TimeZone


class StreaksQuery(RequestSchema):
    """How many sessions make a week count."""

    at_least: Annotated[int, Field(ge=1, le=7, description="Sessions a week; a session is a day with a log")] = 3
    tz: TimeZone = UTC_ZONE


class TrainingDayResponse(ResponseSchema):
    """A day with training, and its logs."""

    day: date
    log_ids: list[UUID]


class TrainingWeekResponse(ResponseSchema):
    """One ISO 8601 week in the time zone; its sessions are its days with training."""

    iso_week: str = Field(examples=["2026-W40"])
    starts_on: date
    sessions: int
    days: list[TrainingDayResponse]


class StreakResponse(ResponseSchema):
    """Weeks in a row with enough sessions."""

    weeks: int = Field(examples=[12])
    starts_on: date = Field(description="The first one's Monday")
    ends_on: date = Field(description="The last one's Sunday")
    rows: RowsResponse


class StreaksResponse(ResponseSchema):
    """The streak that still goes on, and the longest; null where there is none.

    This week belongs to the current streak as soon as it has enough sessions, and does not end it before it is over.
    """

    tz: str = Field(examples=["Europe/Berlin"])
    at_least: int
    this_week: TrainingWeekResponse
    current: StreakResponse | None
    longest: StreakResponse | None


class PlannedWorkoutResponse(ResponseSchema):
    """A planned workout and what became of it; it is done when a log says it followed it, on whichever day."""

    workout_id: UUID
    name: str = Field(examples=["Full body A"])
    scheduled_on: date
    outcome: Literal["done", "missed", "upcoming"]
    log_ids: list[UUID]


class AdherenceTotalResponse(ResponseSchema):
    """What was done of what was due; `percent` is null when nothing was."""

    planned: int
    done: int
    missed: int
    upcoming: int
    percent: float | None = Field(examples=[87.5])


class FollowedProgrammeResponse(ResponseSchema):
    """One week of a programme, and the sessions in which its days were done.

    Of a week it was active for in part its share was planned. More than planned may be done; it makes up for no other
    week. Nothing is missed before the week is over.
    """

    programme_id: UUID
    name: str = Field(examples=["Full body, three times a week"])
    total: AdherenceTotalResponse
    days: list[DoneDayResponse]


class AdherenceWeekResponse(ResponseSchema):
    """One ISO 8601 week: what was planned for its days, and by programmes for the week; the total counts both."""

    iso_week: str = Field(examples=["2026-W40"])
    starts_on: date
    total: AdherenceTotalResponse
    workouts: list[PlannedWorkoutResponse]
    programmes: list[FollowedProgrammeResponse]


class AdherenceResponse(ResponseSchema):
    """The plan by week, the earliest first; weeks with nothing planned too."""

    tz: str = Field(examples=["Europe/Berlin"])
    starts_on: date
    ends_on: date
    total: AdherenceTotalResponse
    weeks: list[AdherenceWeekResponse]

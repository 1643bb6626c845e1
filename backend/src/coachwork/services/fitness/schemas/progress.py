"""The progress summary: totals, personal records and weeks."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.period import From, To


class ProgressQuery(RequestSchema):
    """Which exercise and which period; without them, everything."""

    exercise: ExerciseSlug | None = None
    start: From = None
    end: To = None


class TotalsResponse(ResponseSchema):
    """What was done; a session is one performance log, volume is repetitions times load.

    Time and distance add up the sets that have them: holds and cardio.
    """

    sessions: int
    sets: int
    reps: int
    volume_kg: float
    duration_seconds: int
    distance_m: float


class SetRecordResponse(ResponseSchema):
    """The set that was first to set a record."""

    log_id: UUID
    performed_at: datetime
    reps: int
    weight_kg: float


class TimedRecordResponse(ResponseSchema):
    """The hold or stretch of cardio that was first to set a record; `weight_kg` is a load it was done with."""

    log_id: UUID
    performed_at: datetime
    duration_seconds: int | None
    distance_m: float | None
    weight_kg: float | None
    pace_seconds_per_km: float | None = Field(examples=[315.0])


class OneRepMaxResponse(ResponseSchema):
    """An estimate and the set that made it. Sets of more than twelve repetitions give none."""

    estimate_kg: float = Field(examples=[110.8])
    made_by: SetRecordResponse


class VolumeRecordResponse(ResponseSchema):
    """The session with the most volume; without volume, the one that went farthest, or else longest."""

    log_id: UUID
    performed_at: datetime
    volume_kg: float


class ExerciseProgressResponse(ResponseSchema):
    """One exercise's totals and personal records; null where no set qualifies."""

    exercise: ExerciseSlug
    exercise_name: str = Field(examples=["Barbell Back Squat"])
    totals: TotalsResponse
    first_performed_at: datetime
    last_performed_at: datetime
    best_epley: OneRepMaxResponse | None = Field(description="Estimated one-rep maximum, Epley 1985")
    best_brzycki: OneRepMaxResponse | None = Field(description="Estimated one-rep maximum, Brzycki 1993")
    heaviest_set: SetRecordResponse | None
    most_reps: list[SetRecordResponse] = Field(
        description="Heaviest first, the sets no other set beats in both load and repetitions"
    )
    best_session: VolumeRecordResponse
    average_pace_seconds_per_km: float | None = Field(
        description="Of the sets that have both a time and a distance", examples=[315.0]
    )
    longest_set: TimedRecordResponse | None
    farthest_set: TimedRecordResponse | None
    fastest_set: TimedRecordResponse | None = Field(description="By pace, whatever the distance")


class WeekResponse(ResponseSchema):
    """One ISO 8601 week in UTC."""

    iso_week: str = Field(examples=["2026-W40"])
    starts_on: date = Field(description="Its Monday")
    totals: TotalsResponse


class ProgressResponse(ResponseSchema):
    """The most trained exercise first, the earliest week first; weeks without a session are left out."""

    totals: TotalsResponse
    exercises: list[ExerciseProgressResponse]
    weeks: list[WeekResponse]

"""Rows of programmes and of the sessions they were done in."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from coachwork.chassis.http.schemas import Timestamp
from coachwork.services.fitness.schemas.exercises import (
    ExerciseSlug,
)
from coachwork.services.fitness.schemas.programmes import DaysPerWeek, Name, Source, Status, TemplateSlug
from coachwork.services.fitness.schemas.quantities import Kilograms, Metres, Notes, Reps, Seconds
from coachwork.services.fitness.schemas.rows.row import Position, Row, Text, Version
from coachwork.services.fitness.schemas.sessions import SessionName
from coachwork.services.fitness.schemas.slots import (
    DecisionKind,
    ProgressionRequest,
    Rest,
    SetConfigurationRequest,
    SetCount,
    Week,
)


class ProgrammeRow(Row):
    """A programme."""

    id: UUID
    name: Name
    notes: Notes
    status: Status
    source: Source
    template: TemplateSlug | None
    days_per_week: DaysPerWeek
    cycle_weeks: Week
    active_since: Timestamp | None
    switched_at: Annotated[list[Timestamp], Field(max_length=100)]
    version: Version
    created_at: Timestamp
    updated_at: Timestamp

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_exported_before(cls, row: Any) -> Any:
        """Say when it was followed as far as an export from before `switched_at` tells."""
        if not isinstance(row, dict) or "switched_at" in row:
            return row
        ends = {"active": [], "archived": [row.get("updated_at")]}.get(str(row.get("status")))
        return {**row, "switched_at": [] if ends is None else [row.get("active_since"), *ends]}


class ProgrammeDayRow(Row):
    """A day of a programme."""

    id: UUID
    programme_id: UUID
    position: Position
    name: SessionName


class ProgrammeSlotRow(Row):
    """An exercise's place in a day of a programme."""

    id: UUID
    day_id: UUID
    position: Position
    exercise: ExerciseSlug
    notes: Notes
    rounding_kg: Annotated[float, Field(strict=True, ge=0.1, le=50)]
    progression: ProgressionRequest
    sets: Annotated[list[SetConfigurationRequest], Field(min_length=1, max_length=24)]
    counts_from: Timestamp | None


class TrainingSessionRow(Row):
    """A training session."""

    id: UUID
    programme_id: UUID | None
    day_id: UUID | None
    name: SessionName
    notes: Notes
    cycle_week: Week
    started_at: Timestamp
    finished_at: Timestamp | None
    rest_seconds: Rest | None
    rest_started_at: Timestamp | None
    version: Version
    created_at: Timestamp
    updated_at: Timestamp


class TargetRow(BaseModel):
    """Some sets that were asked for."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, frozen=True)

    line: Position
    min_sets: SetCount
    max_sets: SetCount
    min_reps: Reps | None
    max_reps: Reps | None
    goal_reps: Reps | None
    duration_seconds: Seconds | None
    distance_m: Metres | None
    weight_kg: Kilograms | None
    rest_seconds: Rest | None
    reps_in_reserve: Annotated[int, Field(strict=True, ge=0, le=9)] | None


class DecisionRow(BaseModel):
    """Why they were asked for; `evidence` are ids of performance logs."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: DecisionKind
    sentence: Text
    evidence: Annotated[list[UUID], Field(max_length=1_000)]


class SessionExerciseRow(Row):
    """An exercise of a training session, what was asked for, and why."""

    id: UUID
    session_id: UUID
    position: Position
    exercise: ExerciseSlug
    slot_id: UUID | None
    planned_exercise: ExerciseSlug | None
    skipped: bool
    notes: Notes
    targets: Annotated[list[TargetRow], Field(max_length=24)]
    decision: DecisionRow | None
    log_id: UUID | None

"""Rows that say who somebody is, what they measure and what they are after."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import CalendarDate, Printable, Timestamp
from coachwork.services.fitness.schemas.body import BodyFat, BodyWeight, Circumference, Site
from coachwork.services.fitness.schemas.exercises import (
    BodyArea,
    Equipment,
    ExerciseSlug,
    Level,
)
from coachwork.services.fitness.schemas.goals import GoalKind, GoalSite, GoalValue, StartSource
from coachwork.services.fitness.schemas.profile import EquationSex, Goal
from coachwork.services.fitness.schemas.programmes import DaysPerWeek
from coachwork.services.fitness.schemas.quantities import Notes
from coachwork.services.fitness.schemas.rows.row import Row, Version


class ProfileRow(Row):
    """The profile."""

    key: ClassVar[tuple[str, ...]] = ("user_id",)

    display_name: Annotated[str, Field(min_length=1, max_length=100), Printable] | None
    birth_year: Annotated[int, Field(strict=True, ge=1900, le=2100)] | None
    height_cm: Annotated[float, Field(strict=True, ge=50, le=280)] | None
    weight_kg: BodyWeight | None
    level: Level
    goal: Goal
    days_per_week: DaysPerWeek
    equipment: Annotated[list[Equipment], Field(max_length=28)]
    injuries: Annotated[list[BodyArea], Field(max_length=8)]
    updated_at: Timestamp
    sex_for_equations: EquationSex
    version: Version


class MeasurementRow(Row):
    """A body measurement."""

    id: UUID
    measured_at: Timestamp
    weight_kg: BodyWeight | None
    body_fat_percent: BodyFat | None
    circumferences_cm: dict[Site, Circumference]
    note: Notes
    version: Version
    created_at: Timestamp
    updated_at: Timestamp


class GoalRow(Row):
    """A goal."""

    id: UUID
    kind: GoalKind
    exercise: ExerciseSlug | None
    site: GoalSite | None
    start_value: GoalValue
    start_source: StartSource
    started_at: Timestamp
    target_value: GoalValue
    due_on: CalendarDate
    note: Notes
    archived_at: Timestamp | None
    version: Version
    created_at: Timestamp
    updated_at: Timestamp

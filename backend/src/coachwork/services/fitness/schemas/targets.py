"""What a programme asks for next, and why."""

from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import ResponseSchema
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.slots import DecisionKind


class TargetResponse(ResponseSchema):
    """Some sets that are asked for, their load rounded as plates make it."""

    min_sets: int
    max_sets: int
    min_reps: int | None
    max_reps: int | None
    goal_reps: int | None = Field(description="The repetitions to try for, where they count up")
    duration_seconds: int | None
    distance_m: float | None
    weight_kg: float | None = Field(description="Null: choose a load; 0 is the body alone")
    rest_seconds: int | None
    reps_in_reserve: int | None


class DecisionResponse(ResponseSchema):
    """What the progression decided, and why: a sentence, and the logs it rests on."""

    kind: DecisionKind
    sentence: str = Field(examples=["+2.5 kg to 62.5 kg: 3x8 done at 60 kg and RIR 2 twice"])
    evidence: list[UUID] = Field(description="Ids of performance logs, the earliest first")


class SlotTargetsResponse(ResponseSchema):
    """What one slot asks for next."""

    slot_id: UUID
    exercise: ExerciseSlug
    exercise_name: str
    targets: list[TargetResponse]
    decision: DecisionResponse


class DayTargetsResponse(ResponseSchema):
    """What one day asks for next."""

    day_id: UUID
    name: str
    cycle_week: int
    slots: list[SlotTargetsResponse]


class ProgrammeTargetsResponse(ResponseSchema):
    """What each day asks for, were it done now; reading it changes nothing."""

    next_day_id: UUID | None = Field(description="The day whose turn it is")
    days: list[DayTargetsResponse]

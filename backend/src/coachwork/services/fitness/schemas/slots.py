"""Days of slots: each slot an exercise with set configurations, and a rule by which it progresses."""

from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator

from coachwork.chassis.http.schemas import Printable, RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.quantities import Kilograms, Metres, Notes, Reps, Seconds

Rule = Literal["linear", "double", "percentage", "fixed"]
"""How a slot progresses: by load; by repetitions, then load; with the estimated one-rep maximum; not at all."""

DecisionKind = Literal["start", "increase", "repeat", "reset", "deload", "estimate", "swap"]
"""What was decided: a first load, more, the same, less after failures, a light week, a share of the estimate, or none
because the exercise was swapped."""


MOST_SLOTS = 30


def _to_a_tenth(value: float) -> float:
    return round(value, 1)


def _to_ten_grams(value: float) -> float:
    return round(value, 2)


Percent = Annotated[float, Field(strict=True, ge=1, le=110, examples=[75]), AfterValidator(_to_a_tenth)]
SetCount = Annotated[int, Field(strict=True, ge=1, le=50, examples=[3])]
Rest = Annotated[int, Field(strict=True, ge=0, le=3600, examples=[120])]
Week = Annotated[int, Field(strict=True, ge=1, le=16)]


class SetConfigurationRequest(RequestSchema):
    """Some sets of one kind, counted in repetitions, in seconds or in metres."""

    min_sets: SetCount = 3
    max_sets: SetCount | None = Field(default=None, description="Left out: as many as `min_sets`")
    min_reps: Reps | None = None
    max_reps: Reps | None = Field(default=None, description="Left out: as many as `min_reps`")
    duration_seconds: Seconds | None = None
    distance_m: Metres | None = None
    weight_kg: Kilograms | None = Field(default=None, description="Where the load starts; left out: your choice")
    percent_of_e1rm: Percent | None = Field(
        default=None, description="The load as a share of your estimated one-rep maximum, for the rule `percentage`"
    )
    rest_seconds: Rest | None = Field(default=None, description="Before the next set")
    reps_in_reserve: Annotated[int, Field(strict=True, ge=0, le=9, examples=[2])] | None = Field(
        default=None, description="At least so many are left; judged where a set has an `rpe`"
    )
    weeks: list[Week] = Field(
        default=[], max_length=16, description="The weeks of the cycle it belongs to; empty: every week"
    )

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        measures = (self.min_reps, self.duration_seconds, self.distance_m)
        if sum(measure is not None for measure in measures) != 1:
            raise ValueError("wants one of min_reps, duration_seconds and distance_m")
        if self.max_sets is not None and self.max_sets < self.min_sets:
            raise ValueError("max_sets is less than min_sets")
        if self.max_reps is not None and (self.min_reps is None or self.max_reps < self.min_reps):
            raise ValueError("max_reps wants a min_reps that is no larger")
        if self.weight_kg is not None and self.percent_of_e1rm is not None:
            raise ValueError("wants weight_kg or percent_of_e1rm, not both")
        return self


class DeloadRequest(RequestSchema):
    """When less is on the bar, by `percent`; without either of the others never."""

    after_failures: Annotated[int, Field(strict=True, ge=1, le=10)] | None = Field(
        default=None, description="After so many workouts in a row that missed repetitions"
    )
    every_weeks: Annotated[int, Field(strict=True, ge=2, le=16)] | None = Field(
        default=None, description="One light week after so many weeks of training"
    )
    percent: Annotated[float, Field(strict=True, ge=1, le=90), AfterValidator(_to_a_tenth)] = 10.0


class ProgressionRequest(RequestSchema):
    """How a slot progresses; one step for one workout at most."""

    rule: Rule = "fixed"
    increment_kg: Annotated[float, Field(strict=True, ge=0, le=50), AfterValidator(_to_ten_grams)] = Field(
        default=2.5, description="A step; 0 where no load can be added"
    )
    qualifying_workouts: Annotated[int, Field(strict=True, ge=1, le=10)] = Field(
        default=1, description="How many workouts in a row earn a step"
    )
    deload: DeloadRequest = DeloadRequest()


class SlotRequest(RequestSchema):
    """One exercise's place in a day."""

    exercise: ExerciseSlug
    notes: Notes = ""
    rounding_kg: Annotated[float, Field(strict=True, ge=0.1, le=50), AfterValidator(_to_ten_grams)] = Field(
        default=2.5, description="The smallest step your plates make; every load is a multiple of it"
    )
    progression: ProgressionRequest = ProgressionRequest()
    sets: list[SetConfigurationRequest] = Field(min_length=1, max_length=24)

    @model_validator(mode="after")
    def _rule_fits(self) -> Self:
        by_percent = any(one.percent_of_e1rm is not None for one in self.sets)
        if by_percent != (self.progression.rule == "percentage"):
            raise ValueError("the rule percentage and percent_of_e1rm go together")
        if self.progression.rule != "fixed" and any(one.min_reps is None for one in self.sets):
            raise ValueError("only sets of repetitions progress: the others want the rule fixed")
        return self


class DayRequest(RequestSchema):
    """One training day, its slots in the order they are done."""

    name: Annotated[str, Field(min_length=1, max_length=200, examples=["Day A"]), Printable]
    slots: list[SlotRequest] = Field(default=[], max_length=MOST_SLOTS)


class KeptSlotRequest(SlotRequest):
    """A slot of a programme that is replaced."""

    id: UUID | None = Field(default=None, description="The slot that is changed; left out: a new one, without history")


class KeptDayRequest(DayRequest):
    """A day of a programme that is replaced."""

    id: UUID | None = Field(default=None, description="The day that is changed; left out: a new one")
    slots: list[KeptSlotRequest] = Field(default=[], max_length=MOST_SLOTS)  # type: ignore[assignment]  # frozen


class SetConfigurationResponse(ResponseSchema):
    """Some sets of one kind."""

    min_sets: int
    max_sets: int
    min_reps: int | None
    max_reps: int | None
    duration_seconds: int | None
    distance_m: float | None
    weight_kg: float | None
    percent_of_e1rm: float | None
    rest_seconds: int | None
    reps_in_reserve: int | None
    weeks: list[int]


class DeloadResponse(ResponseSchema):
    """When less is on the bar."""

    after_failures: int | None
    every_weeks: int | None
    percent: float


class ProgressionResponse(ResponseSchema):
    """How a slot progresses."""

    rule: Rule
    increment_kg: float
    qualifying_workouts: int
    deload: DeloadResponse


class SlotResponse(ResponseSchema):
    """One exercise's place in a day."""

    id: UUID
    exercise: ExerciseSlug
    exercise_name: str = Field(examples=["Barbell Back Squat"])
    notes: str
    rounding_kg: float
    progression: ProgressionResponse
    sets: list[SetConfigurationResponse]


class DayResponse(ResponseSchema):
    """One training day."""

    id: UUID
    name: str = Field(examples=["Day A"])
    slots: list[SlotResponse]

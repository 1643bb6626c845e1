"""The exercise library: its vocabularies, the filters of a list, and what an exercise looks like."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from coachwork.chassis.http.schemas import Cursor, Limit, Printable, RequestSchema, ResponseSchema

Muscle = Literal[
    "chest",
    "upper_back",
    "lats",
    "lower_back",
    "traps",
    "front_delts",
    "side_delts",
    "rear_delts",
    "rotator_cuff",
    "biceps",
    "triceps",
    "forearms",
    "abdominals",
    "obliques",
    "glutes",
    "quadriceps",
    "hamstrings",
    "calves",
    "shins",
    "adductors",
    "abductors",
    "hip_flexors",
    "neck",
]
Equipment = Literal[
    "barbell",
    "ez_bar",
    "trap_bar",
    "dumbbell",
    "kettlebell",
    "weight_plate",
    "cable",
    "machine",
    "smith_machine",
    "band",
    "pull_up_bar",
    "dip_bars",
    "bench",
    "incline_bench",
    "box",
    "rack",
    "medicine_ball",
    "stability_ball",
    "suspension_trainer",
    "rings",
    "ab_wheel",
    "sled",
    "jump_rope",
    "battle_ropes",
    "rowing_machine",
    "stationary_bike",
    "treadmill",
    "foam_roller",
]
Movement = Literal[
    "squat",
    "hinge",
    "lunge",
    "horizontal_push",
    "vertical_push",
    "horizontal_pull",
    "vertical_pull",
    "carry",
    "core",
    "isolation",
    "conditioning",
    "mobility",
]
BodyArea = Literal["neck", "shoulder", "elbow", "wrist", "lower_back", "hip", "knee", "ankle"]
Level = Literal["beginner", "intermediate", "advanced"]
Mechanics = Literal["compound", "isolation"]
Measure = Literal["reps", "duration", "distance"]

ExerciseSlug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100, examples=["barbell-back-squat"]),
]


class ExerciseQuery(RequestSchema):
    """Filters and page of the exercise list; filters narrow together, values of one filter widen it."""

    muscle: list[Muscle] = Field(default=[], max_length=23, description="Has one of these among its primary muscles")
    equipment: list[Equipment | Literal["none"]] = Field(
        default=[],
        max_length=29,
        description="What you have: every item an exercise needs is among these, so exercises that need nothing"
        " always match. `none` alone: exercises that need nothing",
    )
    level: list[Level] = Field(default=[], max_length=3, description="Is of one of these levels")
    movement: list[Movement] = Field(default=[], max_length=12, description="Is one of these movements")
    q: Annotated[str, Field(max_length=100), Printable] | None = Field(
        default=None, description="Every word is part of the name or of an alias"
    )
    limit: Limit = 20
    cursor: Cursor | None = None


class ExerciseResponse(ResponseSchema):
    """An exercise, described in full."""

    id: UUID
    slug: ExerciseSlug
    name: str = Field(examples=["Barbell Back Squat"])
    aliases: list[str] = Field(examples=[["back squat"]])
    level: Level
    mechanics: Mechanics
    movement: Movement
    measure: Measure = Field(description="What a set of it is counted in")
    primary_muscles: list[Muscle]
    secondary_muscles: list[Muscle]
    equipment: list[Equipment] = Field(description="Everything it needs; empty: nothing but the body")
    stresses: list[BodyArea] = Field(description="Areas to spare when injured")
    instructions: list[str]
    cautions: list[str]


class FacetResponse(ResponseSchema):
    """A value a filter takes, and how many exercises it finds on its own."""

    value: str = Field(examples=["quadriceps"])
    count: int = Field(ge=1, examples=[31])


class FacetsResponse(ResponseSchema):
    """What there is to filter by, each facet's most frequent value first.

    An exercise counts for each of its values, so counts of one facet can add up to more than the library has.
    `equipment` counts the exercises that need an item, and `none` those that need nothing.
    """

    muscle: list[FacetResponse]
    equipment: list[FacetResponse]
    level: list[FacetResponse]
    movement: list[FacetResponse]

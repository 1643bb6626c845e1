"""Exercises: their vocabularies, the filters of a list, one of one's own, and what an exercise looks like."""

from typing import Annotated, Any, Literal, TypeVar
from unicodedata import category
from uuid import UUID

from pydantic import AfterValidator, Field, field_validator
from pydantic.json_schema import SkipJsonSchema

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
    "other",
]
BodyArea = Literal["neck", "shoulder", "elbow", "wrist", "lower_back", "hip", "knee", "ankle"]
Level = Literal["beginner", "intermediate", "advanced"]
Mechanics = Literal["compound", "isolation"]
Measure = Literal["reps", "duration", "distance"]

ExerciseSlug = Annotated[
    str,
    Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100, examples=["barbell-back-squat"]),
]


T = TypeVar("T")
_BREAKS_LINES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _one_line(value: str) -> str:
    line = " ".join(value.split())
    if not line or any(category(character) in _BREAKS_LINES or character in _TURNS_TEXT for character in line):
        raise ValueError("must be one line of text, without control characters")
    return line


def _once_each(values: list[T]) -> list[T]:
    return list(dict.fromkeys(values))


Line = AfterValidator(_one_line)
"""One line, its spaces made single: nothing in it moves or hides what stands beside it, on a screen or in a prompt."""

OnceEach = AfterValidator(_once_each)

ExerciseName = Annotated[str, Field(min_length=1, max_length=100, examples=["Zercher Squat"]), Line]
Aliases = Annotated[list[ExerciseName], Field(max_length=20, examples=[["elbow squat"]]), OnceEach]
Muscles = Annotated[list[Muscle], Field(max_length=23), OnceEach]
EquipmentNeeded = Annotated[
    list[Equipment], Field(max_length=28, description="Everything it needs; empty: nothing but the body"), OnceEach
]
BodyAreas = Annotated[list[BodyArea], Field(max_length=8, description="Areas to spare when injured"), OnceEach]
Paragraph = Annotated[str, Field(min_length=1, max_length=500, examples=["Hold the bar in your elbows."]), Printable]
Paragraphs = Annotated[list[Paragraph], Field(max_length=30)]


class ExerciseRequest(RequestSchema):
    """A whole exercise of your own: only its name has to be said. Without muscles it counts for none of them."""

    name: ExerciseName
    aliases: Aliases = Field(default=[])
    level: Level = "beginner"
    mechanics: Mechanics = "compound"
    movement: Movement = "other"
    measure: Measure = Field(default="reps", description="What a set of it is counted in")
    primary_muscles: Muscles = Field(default=[], examples=[["quadriceps", "glutes"]])
    secondary_muscles: Muscles = Field(default=[], examples=[["upper_back"]])
    equipment: EquipmentNeeded = Field(default=[], examples=[["barbell", "rack"]])
    stresses: BodyAreas = Field(default=[], examples=[["knee"]])
    instructions: Paragraphs = Field(default=[])
    cautions: Paragraphs = Field(default=[])


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _kept() -> Any:
    return Field(default=None, json_schema_extra=_without_default)


class ExercisePatch(RequestSchema):
    """The fields to change; what is left out stays."""

    name: ExerciseName | SkipJsonSchema[None] = _kept()
    aliases: Aliases | SkipJsonSchema[None] = _kept()
    level: Level | SkipJsonSchema[None] = _kept()
    mechanics: Mechanics | SkipJsonSchema[None] = _kept()
    movement: Movement | SkipJsonSchema[None] = _kept()
    measure: Measure | SkipJsonSchema[None] = _kept()
    primary_muscles: Muscles | SkipJsonSchema[None] = _kept()
    secondary_muscles: Muscles | SkipJsonSchema[None] = _kept()
    equipment: EquipmentNeeded | SkipJsonSchema[None] = _kept()
    stresses: BodyAreas | SkipJsonSchema[None] = _kept()
    instructions: Paragraphs | SkipJsonSchema[None] = _kept()
    cautions: Paragraphs | SkipJsonSchema[None] = _kept()
    archived: Annotated[bool, Field(strict=True)] | SkipJsonSchema[None] = Field(
        default=None,
        description="Archived: left out of lists and plans; history still names it",
        json_schema_extra=_without_default,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _not_null(cls, value: object) -> object:
        if value is None:
            raise ValueError("cannot be cleared; leave it out to keep it")
        return value


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
    movement: list[Movement] = Field(default=[], max_length=13, description="Is one of these movements")
    q: Annotated[str, Field(max_length=100), Printable] | None = Field(
        default=None, description="Every word is part of the name or of an alias"
    )
    own: bool | None = Field(default=None, description="true: only your own; false: only the library's")
    archived: bool = Field(default=False, description="true: your archived ones and nothing else")
    limit: Limit = 20
    cursor: Cursor | None = None


class ExerciseResponse(ResponseSchema):
    """An exercise of the library, or one of your own, described in full."""

    id: UUID
    slug: ExerciseSlug
    name: str = Field(examples=["Barbell Back Squat"])
    own: bool = Field(description="Yours alone, and yours to change; otherwise the library's")
    archived: bool
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
    image_key: str | None = Field(description="Its picture's key in the bucket", examples=[None])
    videos: list[str] = Field(
        description="The paths at which `GET /videos/{path}` finds its videos, one a level, if they were uploaded;"
        " `GET /exercises/{slug}/videos` lists those that were",
        examples=[["exercises/barbell-back-squat/beginner.mp4"]],
    )


class EquivalentsQuery(RequestSchema):
    """What there is to train with instead."""

    equipment: list[Equipment | Literal["none"]] = Field(
        default=[],
        max_length=29,
        description="What you have; `none` alone: nothing. Left out: what your profile says, or else everything",
    )
    limit: Limit = 10


class EquivalentResponse(ResponseSchema):
    """An exercise that can stand in for another."""

    exercise: ExerciseResponse
    score: int = Field(ge=30, le=100, description="How much of the exercise remains, of 100", examples=[98])
    reason: str = Field(examples=["same movement, same primary muscles; needs only dumbbells and a bench"])


class EquivalentsResponse(ResponseSchema):
    """What can stand in for an exercise, the best first, and what was assumed."""

    exercise: ExerciseSlug
    equipment: list[Equipment] = Field(description="What they may need")
    spared: list[BodyArea] = Field(description="What they do not load, because your profile says to spare it")
    items: list[EquivalentResponse]


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

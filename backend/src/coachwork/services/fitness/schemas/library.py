"""What the seeds hold: the exercise library and the coach's knowledge, as files anyone may edit."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from coachwork.services.fitness.schemas.exercises import (
    BodyArea,
    Equipment,
    ExerciseSlug,
    Level,
    Measure,
    Mechanics,
    Movement,
    Muscle,
)

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Seed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExerciseSeed(_Seed):
    """A row of `public.exercises`, without its id."""

    slug: ExerciseSlug
    name: Text
    aliases: list[Text] = []
    level: Level
    mechanics: Mechanics
    movement: Movement
    measure: Measure
    primary_muscles: list[Muscle] = Field(min_length=1)
    secondary_muscles: list[Muscle] = []
    equipment: list[Equipment] = []
    stresses: list[BodyArea] = []
    instructions: list[Text] = Field(min_length=1)
    cautions: list[Text] = []
    image_key: Text | None = None


class SourceSeed(_Seed):
    """Where a passage's facts were published; `locator` is a DOI, a URL, or pages."""

    title: Text
    authors: Text
    publisher: Text
    year: int = Field(ge=1900, le=2100)
    kind: Text
    locator: Text | None = None


class PassageSeed(_Seed):
    """A passage the coach may cite."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=100)]
    topic: Literal["training", "nutrition", "recovery", "safety"]
    title: Text
    text: Text
    source: SourceSeed

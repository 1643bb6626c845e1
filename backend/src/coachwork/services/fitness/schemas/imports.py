"""Importing training logs of other apps: what a caller says of a file, and what came of it."""

import json
from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from coachwork.chassis.http.schemas import RequestSchema, ResponseSchema
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.zones import UTC_ZONE, TimeZone

Kind = Literal["strong", "hevy", "wger"]
"""Apps whose logs can be read."""

_WANTED = 'wants a JSON object like {"Squat": "barbell-back-squat", "Stretching": null}'


def _object(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        content = json.loads(value)
        json.dumps(content, ensure_ascii=False).encode()  # no answer can carry halves of characters
    except (ValueError, RecursionError) as error:
        raise ValueError(_WANTED) from error
    if not isinstance(content, dict):
        raise ValueError(_WANTED)  # noqa: TRY004  pydantic turns a ValueError into a 422
    return content


ExerciseMapping = Annotated[
    dict[Annotated[str, Field(max_length=500)], ExerciseSlug | None],
    BeforeValidator(_object),
    Field(max_length=1_000),
    WithJsonSchema(
        {
            "type": "string",
            "contentMediaType": "application/json",
            "examples": ['{"Squat": "barbell-back-squat", "Stretching": null}'],
        }
    ),
]
"""Names in a file to slugs, or to None for those to leave out; written as JSON."""


class ImportQuery(RequestSchema):
    """What a file is, and what to do with it."""

    kind: Kind | Literal["coachwork"] = Field(
        description="Which app wrote the file; coachwork is an export of this one, to be restored: of what follows it"
        " takes dry_run alone"
    )
    unit: Literal["kg", "lb", "auto"] = Field(
        default="auto",
        description="The unit of loads the file does not say itself; with lb, distances without one are miles."
        " What the file says counts more",
    )
    timezone: TimeZone = UTC_ZONE
    dry_run: bool = Field(default=False, description="Say what would happen, and do nothing")
    unknown: Literal["skip", "custom"] = Field(
        default="skip", description="What becomes of exercises nobody knows: left out, or made yours"
    )
    warmups: Literal["keep", "skip"] = Field(default="keep", description="What becomes of sets marked as warm-ups")
    mapping: ExerciseMapping = Field(
        default_factory=dict,
        description="A JSON object: the file's names of exercises to slugs, or to null for those to leave out. A long"
        " one fits into a field `mapping` of the form instead",
    )


class LineProblemResponse(ResponseSchema):
    """Why a line is not imported."""

    line: int = Field(description="Its number in the file, the header being 1; in JSON, its place in the list", ge=1)
    column: str | None
    message: str = Field(examples=["is no number: 'ten'"])


class SuggestionResponse(ResponseSchema):
    """An exercise a name may mean."""

    slug: ExerciseSlug
    name: str
    score: float = Field(ge=0, le=1)


class MatchResponse(ResponseSchema):
    """What a name in the file was taken for."""

    name: str = Field(description="As the file has it", examples=["Bench Press (Barbell)"])
    exercise: ExerciseSlug | None = Field(description="Null: its sets are left out")
    how: Literal["name", "alias", "words", "known", "given", "custom", "skipped", "none"] = Field(
        description="By the exercise's name, its alias, its words and equipment, or what apps are known to call it; by"
        " `mapping` (given, skipped); made yours (custom); or nobody knows (none)"
    )
    score: float = Field(description="How alike the words are: 1 is the same", ge=0, le=1)
    sets: int = Field(description="How many of the file's sets have this name", ge=1)
    suggestions: list[SuggestionResponse] = Field(description="What it may mean when nobody knows, the likeliest first")


class DifferingLogResponse(ResponseSchema):
    """A log that is not imported: you have one of this exercise at this moment, with other sets."""

    exercise: ExerciseSlug
    performed_at: datetime
    line: int = Field(description="The first line of its sets", ge=1)


class ImportCountsResponse(ResponseSchema):
    """What the file's lines come to; `lines` is the sum of the rest but the logs."""

    lines: int = Field(description="Lines with something in them, without the header")
    new_logs: int
    new_sets: int
    duplicate_logs: int = Field(description="You have them already: the same exercise, moment and sets")
    duplicate_sets: int
    differing_logs: int = Field(description="You have one of the same exercise and moment, with other sets")
    differing_sets: int
    unmapped_sets: int = Field(description="Their exercise is unknown, or left out by `mapping`")
    problem_lines: int
    skipped_lines: int = Field(description="Nothing to import: rest timers, notes, empty sets, unwanted warm-ups")
    new_exercises: int = Field(description="Exercises made yours")


class ImportResponse(ResponseSchema):
    """What an import did, or with `dry_run` would do; the two are the same until you change something in between."""

    kind: Kind
    dry_run: bool
    counts: ImportCountsResponse
    mapping: list[MatchResponse] = Field(description="The file's names of exercises, by name")
    problems: list[LineProblemResponse] = Field(description="The first 200, by line")
    differing: list[DifferingLogResponse] = Field(description="The first 200, by time")
    skipped: dict[str, int] = Field(description="How many lines were skipped, by why", examples=[{"rest_timers": 12}])

"""The datasets, checked as they are read."""

import json
from collections.abc import Collection
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

DATASETS = Path(__file__).parent / "datasets"

Split = Literal["tune", "held_out"]
Entry = TypeVar("Entry", bound=BaseModel)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(_Entry):
    """What a trainee asks, and the passages that answer it."""

    question: str = Field(min_length=1)
    kind: Literal["shared", "paraphrase"]
    split: Split
    expected: list[str] = Field(min_length=1, max_length=3)


class TrainingPrompt(_Entry):
    """What a user writes, and why a coach must not coach on it; None when it is benign."""

    prompt: str = Field(min_length=1)
    category: Literal["injury", "eating_disorder", "medical_emergency", "self_harm"] | None


class Prompt(TrainingPrompt):
    """A prompt to measure by."""

    split: Split


def questions(folder: Path = DATASETS) -> list[Question]:
    """Return the questions for retrieval."""
    return _read(folder / "fitness_retrieval.json", Question)


def prompts(folder: Path = DATASETS) -> list[Prompt]:
    """Return the prompts for safety."""
    return _read(folder / "fitness_safety.json", Prompt)


def training_prompts(folder: Path = DATASETS) -> list[TrainingPrompt]:
    """Return the prompts to train the safety screen on: `safety_training` and those of split `tune`, each once."""
    written = [
        one for path in sorted((folder / "safety_training").glob("*.json")) for one in _read(path, TrainingPrompt)
    ]
    tuned = [TrainingPrompt(prompt=one.prompt, category=one.category) for one in prompts(folder) if one.split == "tune"]
    return list({one.prompt.casefold(): one for one in [*written, *tuned]}.values())


def unknown_passages(asked: Collection[Question], known: Collection[str]) -> list[str]:
    """Return the ids that questions expect and no passage has, sorted."""
    return sorted({name for question in asked for name in question.expected} - set(known))


def _read(path: Path, entry: type[Entry]) -> list[Entry]:
    return TypeAdapter(list[entry]).validate_python(json.loads(path.read_text(encoding="utf-8")))  # type: ignore[valid-type]  # known at run time

"""The datasets, checked as they are read: questions with the page that answers them, and questions nothing answers."""

import json
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

_FOLDER = Path(__file__).parent

Split = Literal["tune", "held_out"]
Entry = TypeVar("Entry", bound=BaseModel)


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Unanswerable(_Entry):
    """What a reader asks and no document says, though they speak of it (near), or not even that (elsewhere)."""

    question: str = Field(min_length=1)
    kind: Literal["near", "elsewhere"]
    split: Split


class Answerable(_Entry):
    """What a reader asks, in the document's words (shared) or not, and the words on a page of it that answer."""

    question: str = Field(min_length=1)
    kind: Literal["shared", "paraphrase"]
    split: Split
    document: str = Field(min_length=1)
    page: int = Field(ge=1)
    answer: str = Field(min_length=1)

    def is_in(self, text: str) -> bool:
        """Whether a text has the answer's words, however its lines are broken."""
        return self.answer in " ".join(text.split())


def answerable() -> list[Answerable]:
    """Return the questions that the documents answer."""
    return _read("answerable.json", Answerable)


def unanswerable() -> list[Unanswerable]:
    """Return the questions that they do not answer, most of them about things they speak of."""
    return _read("unanswerable.json", Unanswerable)


def _read(name: str, entry: type[Entry]) -> list[Entry]:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return TypeAdapter(list[entry]).validate_python(json.loads(text))  # type: ignore[valid-type]  # known at run time

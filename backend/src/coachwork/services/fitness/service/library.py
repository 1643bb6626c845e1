"""Loading the exercise library and the coach's knowledge from files, again and again, changing only what changed."""

import json
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from coachwork.chassis.models import Embedder
from coachwork.chassis.sql.session import Session
from coachwork.chassis.vectors import Item, VectorIndex
from coachwork.chassis.vectors.port import MetadataValue
from coachwork.services.fitness.errors import InvalidSeeds
from coachwork.services.fitness.repository import library
from coachwork.services.fitness.schemas.library import ExerciseSeed, PassageSeed

Seed = TypeVar("Seed", bound=BaseModel)

_BATCH = 32
"""Passages embedded in one request; small enough for progress to show."""
_HASH = "content_sha256"
_EMBEDDER = "embedder"


def read_exercises(folder: Path) -> list[ExerciseSeed]:
    """Return the exercises of `folder/exercises.json`; raises `InvalidSeeds`."""
    path = folder / "exercises.json"
    exercises = _read(path, ExerciseSeed)
    _check_unique(path, "slug", (exercise.slug for exercise in exercises))
    _check_unique(path, "name", (exercise.name for exercise in exercises))
    return exercises


def read_passages(folder: Path) -> list[PassageSeed]:
    """Return the passages of `folder/passages.json`; raises `InvalidSeeds`."""
    path = folder / "passages.json"
    passages = _read(path, PassageSeed)
    _check_unique(path, "id", (passage.id for passage in passages))
    return passages


def load_exercises(session: Session, exercises: Sequence[ExerciseSeed]) -> int:
    """Bring the library up to date within the session's transaction; return how many are new or different."""
    return library.upsert_exercises(session, [exercise.model_dump() for exercise in exercises])


def load_passages(
    index: VectorIndex,
    embedder: Embedder,
    passages: Sequence[PassageSeed],
    on_progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> tuple[int, int]:
    """Bring the collection up to date: embed what is new or different, then remove what is gone.

    Passages another embedder embedded are removed first, so that the collection can be made anew: until the load
    ends, the coach finds fewer passages or none. Those of administrators' documents stay, unless another embedder
    made them: then `reindex` puts them back.

    Args:
        index: the collection.
        embedder: embeds titles and texts.
        passages: everything the collection shall hold beside administrators' documents.
        on_progress: is told how many of how many changed passages are stored.

    Returns:
        How many passages were embedded, and how many removed.
    """
    stored = {item.id: item.metadata for item in index.get(index.ids())}
    foreign = [key for key, metadata in stored.items() if metadata.get(_EMBEDDER) != embedder.name]
    if foreign:
        index.delete(list(stored))
    stored = {key: metadata for key, metadata in stored.items() if "document_id" not in metadata}
    kept = {} if foreign else {key: metadata.get(_HASH) for key, metadata in stored.items()}
    changed = [passage for passage in passages if kept.get(passage.id) != _digest(passage)]
    on_progress(0, len(changed))
    for start in range(0, len(changed), _BATCH):
        batch = changed[start : start + _BATCH]
        embeddings = embedder.embed([embedded_text(passage) for passage in batch])
        pairs = zip(batch, embeddings, strict=True)
        index.upsert([_item(passage, embedding, embedder.name) for passage, embedding in pairs])
        on_progress(start + len(batch), len(changed))
    gone = sorted(stored.keys() - {passage.id for passage in passages})
    if not foreign:
        index.delete(gone)
    return len(changed), len(gone)


def embedded_text(passage: PassageSeed) -> str:
    """Return what is embedded: the title as a heading, then the text."""
    return f"{passage.title}\n\n{passage.text}"


def _item(passage: PassageSeed, embedding: Sequence[float], embedder: str) -> Item:
    source = passage.source
    metadata: dict[str, MetadataValue] = {
        "topic": passage.topic,
        "title": passage.title,
        "source_title": source.title,
        "source_authors": source.authors,
        "source_publisher": source.publisher,
        "source_year": source.year,
        "source_kind": source.kind,
        "source_locator": source.locator or "",
        _EMBEDDER: embedder,
        _HASH: _digest(passage),
    }
    return Item(passage.id, passage.text, embedding, metadata)


def _digest(passage: PassageSeed) -> str:
    return sha256(passage.model_dump_json().encode()).hexdigest()


def _read(path: Path, seed: type[Seed]) -> list[Seed]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return TypeAdapter(list[seed]).validate_python(content)  # type: ignore[valid-type]  # known at run time
    except OSError as error:
        raise InvalidSeeds(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InvalidSeeds(f"{path}: is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise InvalidSeeds(f"{path}, line {error.lineno}: is not JSON: {error.msg}") from error
    except ValidationError as error:
        problems = [f"{_place(problem['loc'])}: {problem['msg']}" for problem in error.errors()]
        raise InvalidSeeds("\n".join(f"{path}: {problem}" for problem in problems)) from None


def _place(location: tuple[int | str, ...]) -> str:
    """Return `[3].source.year` for the fourth entry's source's year."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location) or "the file"


def _check_unique(path: Path, field: str, values: Iterable[str]) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise InvalidSeeds(f"{path}: two entries have the {field} {value!r}")
        seen.add(value)

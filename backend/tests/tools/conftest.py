"""A database of one's own, and small seeds."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.conftest import BACKEND, TestDatabase

EXERCISE = {
    "slug": "goblet-squat",
    "name": "Goblet Squat",
    "aliases": ["dumbbell squat"],
    "level": "beginner",
    "mechanics": "compound",
    "movement": "squat",
    "measure": "reps",
    "primary_muscles": ["quadriceps"],
    "secondary_muscles": ["glutes"],
    "equipment": ["dumbbell"],
    "stresses": ["knee"],
    "instructions": ["Hold the dumbbell at your chest.", "Sit down between your hips."],
    "cautions": [],
    "image_key": "exercises/goblet-squat/picture.jpg",
}
PASSAGE = {
    "id": "rest-days",
    "topic": "recovery",
    "title": "Rest days",
    "text": "Leave a day between hard sessions for one muscle.",
    "source": {
        "title": "A guideline",
        "authors": "A. Author",
        "publisher": "A Journal",
        "year": 2009,
        "kind": "guideline",
        "locator": None,
    },
}


@pytest.fixture
def empty_database(test_database: TestDatabase) -> Iterator[str]:
    """Yield the owner's URL of a new, empty database on the tests' server; drop it afterwards."""
    name = f"tools_{uuid4().hex}"
    with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
        connection.execute(f"create database {name}")
        yield test_database.server.url(database=name)
        connection.execute(f"drop database {name} with (force)")


@pytest.fixture
def seeds(tmp_path: Path) -> Callable[..., Path]:
    """Return a writer of seeds that gives their folder."""

    def write(exercises: list[dict[str, Any]], passages: list[dict[str, Any]]) -> Path:
        folder = tmp_path / "seeds" / "fitness"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "exercises.json").write_text(json.dumps(exercises))
        (folder / "passages.json").write_text(json.dumps(passages))
        return folder.parent

    return write


@pytest.fixture
def tool_environ(environ: dict[str, str], empty_database: str, tmp_path: Path) -> dict[str, str]:
    """Return the environment of a tool that works on the empty database and an empty collection."""
    return {
        **environ,
        "MIGRATION_DATABASE_URL": empty_database,
        "CHROMA_PATH": str(tmp_path / "chroma"),
    }


@pytest.fixture
def migrations() -> Path:
    """Return the folder of the project's migrations."""
    return BACKEND / "migrations"

"""Loads exercises and knowledge: `python -m coachwork.tools.seed [FOLDER]` (./seeds by default).

`FOLDER/fitness/exercises.json` goes into `public.exercises`, all of it or nothing, as the login of
MIGRATION_DATABASE_URL; `FOLDER/fitness/passages.json` into the vector collection the coach retrieves from: what
changed is embedded, what is gone is removed. Both files are checked before anything is written.

An embedded collection (CHROMA_PATH) is left alone, without opening it, when a note beside it says that it was loaded
from the same file with the same embedder; `--force` looks all the same.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import psycopg

from coachwork.bootstrap import bootstrap
from coachwork.chassis.errors import DatabaseUnavailable
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.errors import InvalidSeeds
from coachwork.services.fitness.schemas.library import ExerciseSeed, PassageSeed
from coachwork.services.fitness.service.library import (
    load_exercises,
    load_passages,
    read_exercises,
    read_passages,
)
from coachwork.tools.command import owner_url, run, say
from coachwork.tools.note import Note
from coachwork.tools.progress import progress_bar


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Return the exit code: 0 when everything is loaded, 1 when it is not."""
    options = _options(arguments)
    return run(lambda: _seed(Settings.load(environ), options.folder / "fitness", force=options.force))


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m coachwork.tools.seed", description="Load exercises and knowledge.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("seeds"), help="holds fitness/*.json")
    parser.add_argument(
        "--force", action="store_true", help="look into the collection even if a note says it is loaded"
    )
    return parser.parse_args(arguments)


def _seed(settings: Settings, folder: Path, *, force: bool) -> None:
    url = owner_url(settings)
    exercises, passages = read_exercises(folder), read_passages(folder)
    changed = _load_exercises(url, exercises)
    say(f"{len(exercises)} exercises, {changed} of them new or different")
    resources = bootstrap(settings)
    note = Note(settings, resources.embedder(), COLLECTION, passages)
    if note.is_current() and not force:
        say(f"{len(passages)} passages, all loaded before")
        return
    with note.replaced():
        embedded, removed = _load_passages(resources, passages)
    say(f"{len(passages)} passages, {embedded} embedded by {resources.embedder().name}, {removed} removed")


def _load_exercises(url: str, exercises: Sequence[ExerciseSeed]) -> int:
    try:
        with psycopg.connect(url, prepare_threshold=None) as connection:
            return load_exercises(Session(connection), exercises)
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"The database did not answer: {str(error).strip()}") from error
    except psycopg.errors.UndefinedTable as error:
        raise InvalidSeeds("There is no table for the exercises: run coachwork.tools.migrate first") from error
    except psycopg.Error as error:
        raise InvalidSeeds(f"The database refused the exercises, all of them: {str(error).strip()}") from error


def _load_passages(resources: Resources, passages: Sequence[PassageSeed]) -> tuple[int, int]:
    with progress_bar("embedding passages") as advance:
        on_progress: Callable[[int, int], None] = advance
        return load_passages(resources.vector_index(COLLECTION), resources.embedder(), passages, on_progress)


if __name__ == "__main__":
    sys.exit(main())

"""Migrates an empty database file by file, and compares its catalogue before and after each."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from coachwork.chassis.sql.migrations import is_concurrent, migrate
from coachwork.tools.lint_migrations.catalogue import Catalogue
from coachwork.tools.lint_migrations.markers import complaints
from coachwork.tools.lint_migrations.rules import findings

PAST = frozenset(
    {
        "platform/0002_app_metadata.sql",
        "schema/0004_exercises.sql",
        "schema/0004_sets.sql",
        "schema/0006_body.sql",
        "schema/0009_feedback.sql",
        "schema/0011_known_exercises.sql",
        "schema/0011_thread_summaries.sql",
        "schema/0012_logged_exercises.sql",
    }
)
"""Migrations of before the rules, by name; there will be no more."""


@dataclass(frozen=True)
class Complaint:
    """What is wrong with a migration, by the file's name in the folder."""

    name: str
    text: str


def check(url: str, folder: Path) -> Iterator[Complaint]:
    """Apply the migrations of `folder` to an empty database; yield what each did that it may not.

    Raises:
        MigrationError: one cannot be applied.
    """
    with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
        before = Catalogue.read(connection)
        for name in migrate(url, folder):
            after = Catalogue.read(connection)
            text = (folder / name).read_text(encoding="utf-8")
            if name not in PAST:
                found = findings(before, after, is_concurrent=is_concurrent(text))
                yield from (Complaint(name, complaint) for complaint in complaints(text, found))
            before = after

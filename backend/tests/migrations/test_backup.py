"""The dump of Postgres that docs/operations.md tells to keep: made and brought back as the page has it."""

import os
import subprocess
from pathlib import Path
from uuid import uuid4

import psycopg
from tests.conftest import BACKEND
from tests.documentation.pages import commands
from tests.migrations.catalogue import catalogue

from coachwork.chassis.sql.migrations import migrate
from rehearsal.postgres import temporary
from rehearsal.postgres.programs import program

PAGE = "docs/operations.md"
MIGRATIONS = BACKEND / "migrations"


def typed(line: str, folder: Path, **variables: str) -> None:
    """Type a command of the page, with Postgres's own programs at hand."""
    programs = program("pg_dump", None, folder).parent
    environ = {"PATH": f"{programs}:{os.environ['PATH']}", **variables}
    ended = subprocess.run(["bash", "-c", line], cwd=folder, env=environ, capture_output=True, text=True, check=False)
    assert 0 == ended.returncode, ended.stderr


class TestBackup:
    """A dump, brought back into an empty database."""

    def test_brings_everything_back(self, tmp_path: Path) -> None:
        """Rows, and tables with their policies, are what they were; the migrations made the roles before."""
        dump, restore = [one.line for one in commands(PAGE) if one.line.startswith("pg_")]
        user = uuid4()
        with temporary() as kept, temporary() as spare:
            for server in (kept, spare):
                list(migrate(server.url(), MIGRATIONS))
            with psycopg.connect(kept.url(), autocommit=True) as owner:
                owner.execute(
                    "insert into auth.users (id, email, encrypted_password) values (%s, 'me@example.com', 'none')",
                    [user],
                )
                owner.execute("insert into public.profiles (user_id, display_name) values (%s, 'Sam')", [user])
            typed(dump, tmp_path, MIGRATION_DATABASE_URL=kept.url())
            typed(restore, tmp_path, SPARE_DATABASE_URL=spare.url())
            with psycopg.connect(spare.url()) as owner:
                assert [("Sam",)] == owner.execute("select display_name from public.profiles").fetchall()
            assert catalogue(kept.url()) == catalogue(spare.url())

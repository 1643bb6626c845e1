"""The migrations: from empty and from each earlier revision, with data in every table, they lead to the same."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from tests.conftest import BACKEND
from tests.migrations.catalogue import Catalogue, Rows, catalogue, rows, tables
from tests.services.fitness.tenants import ROW_IN_EVERY_TABLE, ROW_IN_THE_CHASSIS

from coachwork.chassis.sql.migrations import migrate
from rehearsal.postgres import temporary

FOLDER = BACKEND / "migrations"
FILES = [path.relative_to(FOLDER) for part in ("platform", "schema") for path in sorted((FOLDER / part).glob("*.sql"))]
REVISIONS = FILES[:-1]
_EXERCISE = """
    insert into public.exercises (slug, name, level, mechanics, movement, measure, primary_muscles, instructions)
    values ('squat', 'Squat', 'beginner', 'compound', 'squat', 'reps', '{quadriceps}', '{Sit down.}')"""
_ATTEMPT = "insert into coachwork.login_attempts (subject_sha256, window_start, failures) values ('x', now(), 1)"
_TOKEN = """
    insert into auth.refresh_tokens (token_sha256, family_id, user_id, expires_at)
    values ('x', gen_random_uuid(), %(user_id)s, now())"""

_HAS_OWNERS = "select exists (select from pg_attribute where attrelid = %s::regclass and attname = 'user_id')"


_ROLES = "select quote_ident(rolname) from pg_roles where rolname !~ '^pg_' and rolname <> current_user"

DatabaseAt = Callable[[Path], AbstractContextManager[str]]


@pytest.fixture(scope="module")
def database_at() -> Iterator[DatabaseAt]:
    """Yield a context: the owner's URL of a new database that migrations made, which goes with every role they made."""

    @contextmanager
    def made_by(folder: Path) -> Iterator[str]:
        name = f"revision_{uuid4().hex}"
        owner.execute(f"create database {name}")
        try:
            list(migrate(server.url(name), folder))
            yield server.url(name)
        finally:
            owner.execute(f"drop database {name} with (force)")
            for (role,) in owner.execute(_ROLES).fetchall():
                owner.execute(f"drop role {role}")

    with temporary() as server, psycopg.connect(server.url(), autocommit=True) as owner:
        assert [] == owner.execute(_ROLES).fetchall()
        yield made_by


@pytest.fixture(scope="module")
def whole(database_at: DatabaseAt) -> tuple[Catalogue, Rows]:
    """Return what a database is that came up from empty at once, and a row of every table as it takes them."""
    with database_at(FOLDER) as url:
        user = {"user_id": uuid4()}
        made = catalogue(url)
        with psycopg.connect(url) as connection:
            connection.execute(
                "insert into auth.users (id, email, encrypted_password) values (%(user_id)s, 'a@example.com', '')", user
            )
            for statement in (_EXERCISE, _ATTEMPT, _TOKEN, ROW_IN_THE_CHASSIS):
                connection.execute(statement, user)
            claims = json.dumps({"sub": str(user["user_id"])})
            connection.execute("select set_config('request.jwt.claims', %s, true)", [claims])
            connection.execute("set local role authenticated")
            connection.execute(ROW_IN_EVERY_TABLE)
        return made, rows(url)


def put(url: str, sample: Rows) -> None:
    """Store those rows whose tables are there, with those columns that are.

    A user's own row is left out where a table has no owners yet: it would be everybody's.
    """
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")  # in any order
        for table in tables(url):
            owned = connection.execute(_HAS_OWNERS, [table]).fetchone() == (True,)
            for row in (one for one in sample.get(table, []) if owned or not one.get("user_id")):
                connection.execute(
                    f"insert into {table} select (jsonb_populate_record(null::{table}, %s)).*", [json.dumps(row)]
                )


class TestSample:
    """The rows the migrations are tried with."""

    def test_every_table_has_one(self, whole: tuple[Catalogue, Rows]) -> None:
        """A new table wants a row in `tests/services/fitness/tenants.py`, or above."""
        assert [] == [table for table, found in whole[1].items() if not found]


class TestUp:
    """Coming up from an earlier revision."""

    @pytest.mark.parametrize("revision", REVISIONS, ids=str)
    def test_from_a_revision_with_data(
        self, revision: Path, whole: tuple[Catalogue, Rows], database_at: DatabaseAt, tmp_path: Path
    ) -> None:
        """A database that stopped there, full of rows, ends up as one from empty does, and has lost nothing."""
        for file in FILES[: FILES.index(revision) + 1]:
            (tmp_path / file).parent.mkdir(exist_ok=True)
            shutil.copy(FOLDER / file, tmp_path / file)
        made, sample = whole
        with database_at(tmp_path) as url:
            put(url, sample)
            before = rows(url)
            applied = list(migrate(url, FOLDER))
            after = rows(url)
            assert made == catalogue(url)
        assert [str(file) for file in FILES[FILES.index(revision) + 1 :]] == applied
        assert {table: len(found) for table, found in before.items()} == {table: len(after[table]) for table in before}
        assert before == {
            table: [{name: row[name] for name in had} for had, row in zip(before[table], after[table], strict=True)]
            for table in before
        }

    def test_twice(self, database_at: DatabaseAt) -> None:
        """A database that is up to date stays as it is."""
        with database_at(FOLDER) as url:
            made = catalogue(url)
            assert [] == list(migrate(url, FOLDER))
            assert made == catalogue(url)


class TestNumbers:
    """The files' names."""

    def test_they_are_numbered(self) -> None:
        """Each begins with four digits, so that their order is that of their names."""
        assert [] == [str(file) for file in FILES if not (file.name[:4].isdecimal() and file.name[4] == "_")]

"""The migrations on a database as Supabase hands it over: its roles, its defaults, and an owner who is no superuser."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors
from tests.conftest import BACKEND
from tests.migrations.catalogue import catalogue

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.migrations import migrate
from rehearsal.postgres import temporary

FOLDER = BACKEND / "migrations"
_PROJECT = """
    create role supabase_auth_admin nologin createrole;
    alter schema auth owner to supabase_auth_admin;
    alter table auth.users owner to supabase_auth_admin;
    create role owner login createrole createdb bypassrls password 'owner';
    grant anon, authenticated, service_role to owner with admin option;
    grant all on all tables in schema auth to owner;
    grant usage on schema auth to owner;
    alter database postgres owner to owner;
    alter default privileges for role owner in schema public
        grant all on tables to anon, authenticated, service_role;
    drop role coachwork_service"""
"""What a new project has, for what Supabase's documentation says of its role `postgres`, which is `owner` here.

Source: supabase.com/docs/guides/database/postgres/roles
"""


@pytest.fixture(scope="module")
def project() -> Iterator[tuple[str, list[str]]]:
    """Yield the owner's URL of a migrated project, and what was applied to it."""
    with temporary() as server:
        with psycopg.connect(server.url()) as connection:
            connection.execute((FOLDER / "platform" / "0001_supabase.sql").read_bytes())
            connection.execute("drop policy service on auth.users; drop policy service on auth.refresh_tokens")
            connection.execute("drop owned by coachwork_service")
            connection.execute(_PROJECT)
        url = server.url(user="owner", password="owner")
        applied = list(migrate(url, FOLDER))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("alter role coachwork_app password 'app'")
        yield url, applied


class TestProject:
    """A migrated Supabase project."""

    def test_only_our_own_is_applied(self, project: tuple[str, list[str]]) -> None:
        """What Supabase brings is left alone."""
        names = [f"schema/{path.name}" for path in sorted((FOLDER / "schema").glob("*.sql"))]
        assert names == project[1]

    def test_it_is_what_it_is_elsewhere(self, project: tuple[str, list[str]]) -> None:
        """Tables, constraints, indexes, policies and functions are those of any other Postgres."""
        with temporary() as server:
            list(migrate(server.url(), FOLDER))
            elsewhere, here = catalogue(server.url()), catalogue(project[0])
        for kind in ("columns", "constraints", "indexes", "policies", "triggers", "functions"):
            assert _ours(elsewhere[kind]) == _ours(here[kind])

    def test_every_table_is_guarded(self, project: tuple[str, list[str]]) -> None:
        """Supabase's API exposes the schema public to anybody: each of its tables has row level security."""
        with psycopg.connect(project[0]) as connection:
            unguarded = connection.execute(
                "select tablename from pg_tables where schemaname = 'public' and not rowsecurity"
            )
            assert [] == unguarded.fetchall()

    def test_anonymous_reads_the_library_alone(self, project: tuple[str, list[str]]) -> None:
        """Supabase grants every new table to everybody; the migrations take that back."""
        with psycopg.connect(project[0]) as connection:
            granted = connection.execute(
                "select table_name from information_schema.role_table_grants"
                " where grantee = 'anon' and table_schema = 'public' group by 1"
            )
            assert {("exercises",)} == set(granted.fetchall())

    def test_the_chassis_is_out_of_reach(self, project: tuple[str, list[str]]) -> None:
        """No role of Supabase's API reads the chassis's own tables."""
        with psycopg.connect(project[0]) as connection:
            connection.execute("set local role authenticated")
            with pytest.raises(errors.InsufficientPrivilege):
                connection.execute("select from coachwork.idempotency_keys")

    def test_the_application_works(self, project: tuple[str, list[str]]) -> None:
        """Its login takes the roles it needs, and stores a row for a user of Supabase's."""
        url, user_id = project[0], uuid4()
        with psycopg.connect(url) as connection:
            connection.execute(
                "insert into auth.users (id, email, encrypted_password) values (%s, 'a@example.com', '')", [user_id]
            )
        app = Database(
            url.replace("owner:owner", "coachwork_app:app"), pool_size=1, timeout_seconds=5, require_safe_login=True
        )
        with app.session(Principal(user_id)) as session:
            session.execute("insert into public.workouts (name) values ('mine')")
        with app.service_session() as session:
            assert 0 == session.value("select count(*) from coachwork.idempotency_keys")
        app.close()


def _ours(found: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in found.items() if not name.startswith("auth.")}

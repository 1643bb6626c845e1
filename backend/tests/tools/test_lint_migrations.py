"""What migrations may not do to what was there before, seen in a real database."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql
from tests.conftest import BACKEND

from coachwork.chassis.sql.migrations import MigrationError, migrate
from coachwork.tools.lint_migrations.__main__ import main
from coachwork.tools.lint_migrations.check import PAST, check
from rehearsal.postgres import EmbeddedPostgres, temporary

BASE = """
    create table public.things (id bigint primary key, name text not null default '', note text, size integer);
    create view public.names as select name from public.things;
    create type public.mood as enum ('good', 'bad');
    create function public.twice(n integer) returns integer language sql as 'select 2 * n';
    alter table public.things enable row level security;
    create policy mine on public.things for select to authenticated using (true);
    grant select on public.things to authenticated;
    grant update (note) on public.things to authenticated;
"""
REFUSED = {
    "a table dropped": (
        "drop table public.things cascade",
        {"dropped-relation public.things", "dropped-relation public.names"},
    ),
    "a view dropped": ("drop view public.names", {"dropped-relation public.names"}),
    "a table renamed": ("alter table public.things rename to stuff", {"renamed-relation public.things"}),
    "a table moved": ("alter table public.things set schema coachwork", {"renamed-relation public.things"}),
    "a column dropped": ("alter table public.things drop column note", {"dropped-column public.things.note"}),
    "a column renamed": ("alter table public.things rename note to remark", {"renamed-column public.things.note"}),
    "a column retyped": (
        "alter table public.things alter size type bigint",
        {"retyped-column public.things.size", "rewritten-relation public.things"},
    ),
    "a column required": ("alter table public.things alter note set not null", {"not-null-scans public.things.note"}),
    "a default dropped": ("alter table public.things alter name drop default", {"changed-default public.things.name"}),
    "a new column required": (
        "alter table public.things add colour text not null",
        {"required-column public.things.colour"},
    ),
    "a table rewritten": (
        "alter table public.things add seen timestamptz not null default clock_timestamp()",
        {"rewritten-relation public.things"},
    ),
    "an index": ("create index by_name on public.things (name)", {"index-locks public.by_name"}),
    "a unique constraint": ("alter table public.things add unique (name)", {"index-locks public.things_name_key"}),
    "a check": (
        "alter table public.things add constraint big check (size > 0)",
        {"validated-constraint big on public.things"},
    ),
    "a reference": (
        "alter table public.things add constraint known foreign key (size) references public.things (id)",
        {"validated-constraint known on public.things"},
    ),
    "another argument": (
        "drop function public.twice; create function public.twice(n bigint) returns bigint language sql as 'select 2'",
        {"changed-function public.twice(integer)"},
    ),
    "another result": (
        "drop function public.twice; create function public.twice(n integer) returns bigint language sql as 'select 2'",
        {"changed-function public.twice(integer)"},
    ),
    "a policy dropped": ("drop policy mine on public.things", {"changed-policy mine on public.things"}),
    "a policy changed": (
        "alter policy mine on public.things using (size > 0)",
        {"changed-policy mine on public.things"},
    ),
    "a policy that restricts": (
        "create policy more on public.things as restrictive using (size > 0)",
        {"restricted-policy more on public.things"},
    ),
    "no policies": ("alter table public.things disable row level security", {"disabled-policies public.things"}),
    "a grant revoked": (
        "revoke select on public.things from authenticated",
        {"revoked-grant SELECT on public.things to authenticated"},
    ),
    "a column's grant revoked": (
        "revoke update (note) on public.things from authenticated",
        {"revoked-grant UPDATE on public.things.note to authenticated"},
    ),
    "everybody's grant revoked": (
        "revoke execute on function public.twice from public",
        {"revoked-grant EXECUTE on public.twice(integer) to public"},
    ),
    "a value renamed": ("alter type public.mood rename value 'bad' to 'sad'", {"dropped-label public.mood 'bad'"}),
    "out of sight": (
        "do $$ begin execute 'alter table public.things ' || 'drop column note'; end $$",
        {"dropped-column public.things.note"},
    ),
}
ALLOWED = {
    "a table": "create table public.more (id bigint primary key, name text); create index on public.more (name)",
    "a column": "alter table public.things add colour text, add weight integer not null default 0",
    "a column free": "alter table public.things alter name drop not null",
    "a default": "alter table public.things alter note set default ''",
    "a check not valid": "alter table public.things add constraint big check (size > 0) not valid",
    "a function": "create function public.thrice(n integer) returns integer language sql as 'select 3 * n'",
    "a function's body": (
        "create or replace function public.twice(n integer) returns integer language sql as 'select n + n'"
    ),
    "a policy": "create policy theirs on public.things for update to authenticated using (true)",
    "a grant": "grant insert on public.things to authenticated",
    "a value": "alter type public.mood add value 'sad'",
    "rows": "update public.things set note = '' where note is null",
}

Lint = Callable[..., list[str]]


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """Yield a Postgres of these tests alone, with the one role they grant to."""
    with temporary() as started:
        with psycopg.connect(started.url(), autocommit=True) as connection:
            connection.execute("create role authenticated")
        yield started


@pytest.fixture
def url(server: EmbeddedPostgres) -> Iterator[str]:
    """Yield the URL of an empty database."""
    name = f"lint_{uuid4().hex}"
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield server.url(database=name)
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture
def lint(url: str, tmp_path: Path) -> Lint:
    """Return what lints the base and then these files, and returns the complaints."""

    def run(*texts: str) -> list[str]:
        _write(tmp_path, BASE, *texts)
        return [one.text for one in check(url, tmp_path)]

    return run


def _write(folder: Path, *texts: str) -> None:
    (folder / "schema").mkdir()
    for number, text in enumerate(texts, 1):
        (folder / "schema" / f"{number:04}.sql").write_text(text)


class TestOurs:
    """The migrations of this repository."""

    def test_keep_the_rules(self) -> None:
        """Each leaves the release before it alone, but for those of before the rules."""
        with temporary() as untouched:
            assert [] == list(check(untouched.url(), BACKEND / "migrations"))

    def test_the_past_is_there(self) -> None:
        """What is excused by its name exists."""
        assert [] == [name for name in PAST if not (BACKEND / "migrations" / name).exists()]


class TestRules:
    """One change each."""

    @pytest.mark.parametrize(("change", "found"), REFUSED.values(), ids=REFUSED.keys())
    def test_refused(self, lint: Lint, change: str, found: set[str]) -> None:
        """What breaks the release before, or keeps people waiting, is named with its subject."""
        assert found == {complaint.partition(": ")[0] for complaint in lint(change)}

    @pytest.mark.parametrize("change", ALLOWED.values(), ids=ALLOWED.keys())
    def test_allowed(self, lint: Lint, change: str) -> None:
        """What only adds is nobody's trouble."""
        assert [] == lint(change)

    def test_required_at_last(self, lint: Lint) -> None:
        """A column may be required once a check that was validated apart proves that it is never empty."""
        steps = (
            "alter table public.things add constraint noted check (note is not null) not valid",
            "alter table public.things validate constraint noted",
            "alter table public.things alter note set not null",
        )
        assert [] == lint(*steps)


class TestMarkers:
    """The second step of two."""

    def test_excuses(self, lint: Lint) -> None:
        """A marker names the release that stopped using it, the rule and the subject."""
        marker = "-- two-step (0.4.0): dropped-column public.things.note\n"
        assert [] == lint(marker + "alter table public.things drop column note")

    @pytest.mark.parametrize(
        ("marker", "complaint"),
        [
            ("-- two-step (0.4.0): dropped-column public.things.name", "excuses nothing"),
            ("-- two-step (soon): dropped-column public.things.note", "no release has the name 'soon'"),
            ("-- two step: dropped-column public.things.note", "cannot be read"),
        ],
    )
    def test_does_not_excuse(self, lint: Lint, marker: str, complaint: str) -> None:
        """One for something else, of no release, or in another form, is itself a complaint."""
        told = lint(f"{marker}\nalter table public.things drop column note")

        assert any(complaint in one for one in told), told


class TestConcurrently:
    """Indexes on what is there already."""

    INDEX = (
        "drop index concurrently if exists public.by_name;\n"
        "create index concurrently by_name on public.things (name);\n"
    )

    def test_is_allowed(self, lint: Lint, url: str) -> None:
        """Built outside a transaction, nobody waits; it is there, and valid."""
        assert [] == lint("-- outside a transaction\n" + self.INDEX)
        with psycopg.connect(url) as connection:
            query = "select indisvalid from pg_index where indexrelid = 'public.by_name'::regclass"
            assert [(True,)] == connection.execute(query).fetchall()

    @pytest.mark.parametrize(
        "text",
        [
            "create index concurrently by_name on public.things (name);",
            "drop index concurrently if exists public.by_name;\ncreate index by_name on public.things (name);",
            "drop index concurrently if exists public.by_name;\nalter table public.things drop column note;",
            "",
        ],
    )
    def test_nothing_else_is(self, lint: Lint, text: str) -> None:
        """What could not be repeated after a failure, or is no index, wants a transaction."""
        with pytest.raises(MigrationError, match="outside a transaction"):
            lint("-- outside a transaction\n" + text)

    def test_is_repeated_after_a_failure(self, url: str, tmp_path: Path) -> None:
        """What failed left an invalid index; the next run makes it anew."""
        unique = self.INDEX.replace("create index", "create unique index")
        rows = "insert into public.things (id) values (1), (2);"
        _write(tmp_path, BASE, rows, "-- outside a transaction\n" + unique)
        with pytest.raises(MigrationError, match="failed"):
            list(migrate(url, tmp_path))
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("delete from public.things where id = 2")

        assert ["schema/0003.sql"] == list(migrate(url, tmp_path))


class TestCommand:
    """`python -m coachwork.tools.lint_migrations`."""

    def test_tells_the_file(self, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Status 1, and a line for each complaint, with its file and what to do instead."""
        _write(tmp_path, BASE, "alter table public.things drop column note")

        assert 1 == main([url, str(tmp_path)])
        assert "schema/0002.sql: dropped-column public.things.note: the release before" in capsys.readouterr().err

    def test_says_nothing_of_what_is_right(self, url: str, tmp_path: Path) -> None:
        """Status 0."""
        _write(tmp_path, BASE)

        assert 0 == main([url, str(tmp_path)])

    def test_a_migration_that_fails(self, url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What cannot be applied is a complaint as well."""
        _write(tmp_path, "create nonsense")

        assert 1 == main([url, str(tmp_path)])
        assert "0001.sql failed and was rolled back" in capsys.readouterr().err

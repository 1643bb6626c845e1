"""Applies SQL files in order, each once, each in a transaction of its own.

One whose first line is `-- outside a transaction` has indexes built concurrently, which Postgres does in none: its
statements are run one by one, and again from the first when one failed. So each index is dropped, if it is there,
before it is made: a building that failed leaves an invalid one behind.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg

from coachwork.chassis.errors import CoachworkError

_LOCK = 7_240_431
_LEDGER = """
    create schema if not exists coachwork;
    create table if not exists coachwork.migrations (
        name text primary key, sha256 text not null, applied_at timestamptz not null default now());
    alter table coachwork.migrations enable row level security"""
_OUTSIDE = "-- outside a transaction\n"
_STATEMENT_END = re.compile(r";[ \t]*(?:\n|\Z)")
_COMMENT = re.compile(r"^\s*--.*\n?", re.MULTILINE)
_DROPS = re.compile(r"drop index concurrently if exists \S+", re.IGNORECASE)
_MAKES = re.compile(r"create( unique)? index concurrently (?!if )\S.*", re.IGNORECASE)
_IS_SUPABASE = "select exists (select from pg_roles where rolname = 'supabase_auth_admin')"


class MigrationError(CoachworkError):
    """A migration failed and was rolled back, or one that was applied has changed since."""

    slug = "migration-error"
    title = "The database could not be migrated"


def migrate(url: str, folder: Path) -> Iterator[str]:
    """Bring the database up to date; yield the name of each file as it has been applied.

    `folder/platform` (what Supabase brings: roles, `auth.users`, `auth.uid()`) is applied where Supabase is not;
    `folder/schema` everywhere. `url` is the owner's login. Two runs at once take turns.

    Raises:
        MigrationError: a file failed (it was rolled back; earlier ones stand) or was edited after it was applied.
    """
    try:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            connection.execute("select pg_advisory_lock(%s)", [_LOCK])
            connection.execute("set client_min_messages = warning")
            connection.execute(_LEDGER)
            rows = connection.execute("select name, sha256 from coachwork.migrations").fetchall()
            applied: dict[str, str] = dict(rows)
            for path in _files(connection, folder):
                if _is_pending(path, folder, applied):
                    yield _apply(connection, path, folder)
    except psycopg.OperationalError as error:
        raise MigrationError(f"The database did not answer: {str(error).strip()}") from error


def _files(connection: psycopg.Connection[tuple[bool]], folder: Path) -> list[Path]:
    row = connection.execute(_IS_SUPABASE).fetchone()
    parts = ["schema"] if row and row[0] else ["platform", "schema"]
    files = [path for part in parts for path in sorted((folder / part).glob("*.sql"))]
    if not files:
        raise MigrationError(f"There are no migrations in {folder}")
    return files


def _is_pending(path: Path, folder: Path, applied: dict[str, str]) -> bool:
    name = path.relative_to(folder).as_posix()
    if name not in applied:
        return True
    if applied[name] != _digest(path):
        raise MigrationError(f"{name} was edited after it was applied; write a new migration instead")
    return False


def _apply(connection: psycopg.Connection[tuple[bool]], path: Path, folder: Path) -> str:
    name = path.relative_to(folder).as_posix()
    text = path.read_text(encoding="utf-8")
    try:
        for statement in concurrent_statements(name, text) if is_concurrent(text) else []:
            connection.execute(statement.encode())
        with connection.transaction():
            if not is_concurrent(text):
                connection.execute(text.encode())
            connection.execute("insert into coachwork.migrations (name, sha256) values (%s, %s)", [name, _digest(path)])
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        outcome = "failed" if is_concurrent(text) else "failed and was rolled back"
        raise MigrationError(f"{name} {outcome}: {str(error).strip()}") from error
    return name


def is_concurrent(text: str) -> bool:
    """Whether a file's statements are run one by one, in no transaction."""
    return text.startswith(_OUTSIDE)


def concurrent_statements(name: str, text: str) -> list[str]:
    """Return the statements of such a file; a semicolon ends one where it ends a line.

    Raises:
        MigrationError: they are not, in turn, what drops an index if it is there and what makes it, concurrently.
    """
    statements = [" ".join(one.split()) for one in _STATEMENT_END.split(_COMMENT.sub("", text)) if one.strip()]
    turns = [_MAKES if number % 2 else _DROPS for number in range(len(statements))]
    matches = [turn.fullmatch(one) for turn, one in zip(turns, statements, strict=True)]
    if not statements or len(statements) % 2 or not all(matches):
        wish = "drop index concurrently if exists ...; create index concurrently ...;"
        raise MigrationError(f"{name} is outside a transaction, where nothing may be but, for each index: {wish}")
    return statements


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

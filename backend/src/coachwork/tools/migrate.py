"""Brings the database up to date: `python -m coachwork.tools.migrate [FOLDER]` (./migrations by default).

Works as the login of MIGRATION_DATABASE_URL, which owns the tables. Prints each file as it has been applied.

The migrations make the application's login, `coachwork_app`, without a password. Its password is the one that
DATABASE_URL carries, if DATABASE_URL is of that login: it is set at the end of every run. So there is one place
for it, never a command line, and the server sees only its SCRAM verifier, so no log of statements holds it either.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from psycopg import sql

from coachwork.chassis.errors import DatabaseUnavailable
from coachwork.chassis.settings import Settings
from coachwork.chassis.sql.migrations import MigrationError, migrate
from coachwork.tools.command import owner_url, run, say

APPLICATION_LOGIN = "coachwork_app"


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Return the exit code: 0 when the database is up to date, 1 when it is not."""
    options = _options(arguments)
    return run(lambda: _migrate(Settings.load(environ), options.folder))


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m coachwork.tools.migrate", description="Bring the database up to date.")
    parser.add_argument("folder", nargs="?", type=Path, default=Path("migrations"), help="holds the SQL files")
    return parser.parse_args(arguments)


def _migrate(settings: Settings, folder: Path) -> None:
    url = owner_url(settings)
    applied = 0
    for name in migrate(url, folder):
        say(f"applied {name}")
        applied += 1
    say("the database is up to date" if applied == 0 else f"{applied} applied, the database is up to date")
    password = application_password(settings)
    if password:
        _set_password(url, password)
        say(f"set the password of {APPLICATION_LOGIN} to the one in DATABASE_URL")


def application_password(settings: Settings) -> str | None:
    """Return the password DATABASE_URL carries; None when it is of another login.

    Supabase's pooler takes the login as `login.project`.
    """
    parts = urlsplit(settings.database_url.get_secret_value() if settings.database_url else "")
    login = unquote(parts.username or "").partition(".")[0]
    return unquote(parts.password) if login == APPLICATION_LOGIN and parts.password else None


def _set_password(url: str, password: str) -> None:
    try:
        with psycopg.connect(url, autocommit=True, prepare_threshold=None) as connection:
            verifier = connection.pgconn.encrypt_password(
                password.encode(), APPLICATION_LOGIN.encode(), b"scram-sha-256"
            )
            statement = sql.SQL("alter role {} password {}")
            connection.execute(statement.format(sql.Identifier(APPLICATION_LOGIN), sql.Literal(verifier.decode())))
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"The database did not answer: {str(error).strip()}") from error
    except psycopg.Error as error:
        raise MigrationError(f"The password of {APPLICATION_LOGIN} could not be set: {str(error).strip()}") from error


if __name__ == "__main__":
    sys.exit(main())

"""Makes an account an administrator, or takes that back: `python -m coachwork.tools.grant EMAIL admin|none`.

Works as the login of MIGRATION_DATABASE_URL, on local accounts and on Supabase's alike: both keep what an account
may do in `auth.users.raw_app_meta_data`. Tokens given before keep what they say until they expire.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence

import psycopg

from coachwork.chassis.errors import DatabaseUnavailable, NotFound
from coachwork.chassis.settings import Settings
from coachwork.chassis.sql.migrations import MigrationError
from coachwork.tools.command import owner_url, run, say

_GRANT = """
    update auth.users
    set raw_app_meta_data = coalesce(raw_app_meta_data, '{}') - 'role' || %(granted)s::jsonb
    where lower(email) = lower(%(email)s)"""
_GRANTED = {"admin": '{"role": "admin"}', "none": "{}"}


def main(arguments: Sequence[str] | None = None, environ: Mapping[str, str] | None = None) -> int:
    """Return the exit code: 0 when the account is as asked, 1 when it is not."""
    options = _options(arguments)
    return run(lambda: _grant(owner_url(Settings.load(environ)), options.email, options.role))


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m coachwork.tools.grant", description="Say what an account may do.")
    parser.add_argument("email", help="the account's address")
    parser.add_argument("role", choices=sorted(_GRANTED), help="admin, or none to take it back")
    return parser.parse_args(arguments)


def _grant(url: str, email: str, role: str) -> None:
    try:
        with psycopg.connect(url, prepare_threshold=None) as connection:
            changed = connection.execute(_GRANT, {"email": email, "granted": _GRANTED[role]}).rowcount
    except psycopg.OperationalError as error:
        raise DatabaseUnavailable(f"The database did not answer: {str(error).strip()}") from error
    except psycopg.errors.UndefinedColumn as error:
        raise MigrationError("Accounts have no roles yet: run coachwork.tools.migrate first") from error
    except psycopg.Error as error:
        raise MigrationError(f"The role could not be set: {str(error).strip()}") from error
    if changed == 0:
        raise NotFound(f"There is no account with the address {email}")
    does = "is an administrator" if role == "admin" else "is an ordinary user"
    say(f"{email} {does} from the next sign-in or refresh")


if __name__ == "__main__":
    sys.exit(main())

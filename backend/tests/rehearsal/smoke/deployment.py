"""A running application, and what lies in its stores: for seeing that nothing stays behind."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psycopg
from psycopg import sql
from tests.e2e.laptop import Laptop

from rehearsal.laptop.environment import BUCKET, REGION, Environments
from rehearsal.laptop.state import State
from rehearsal.postgres import EmbeddedPostgres
from rehearsal.smoke import Check, Options, Outcome, smoke

ORIGIN = "https://app.example.com"
_COUNTS_OF_FAILURES = "login_attempts"
"""Kept for a quarter of an hour, as digests: forgetting them would let guessing go on."""


@dataclass(frozen=True)
class Deployment:
    """What `make run` serves, and an administrator's account in it."""

    laptop: Laptop
    state: Path
    admin: dict[str, str]

    def options(self, **changes: Any) -> Options:
        """Return the options that let every check run."""
        given = {"admin_email": self.admin["email"], "admin_password": self.admin["password"]}
        return Options(**({**given, "origin": ORIGIN, "expects_docs": True} | changes))

    def environment(self) -> dict[str, str]:
        """Return the environment in which another instance of the application serves the same stores."""
        state = State(self.state)
        database_url = self._postgres().url(user="coachwork_app", password=state.database_password())
        aws_url = f"http://127.0.0.1:{self._port('Local AWS')}"
        return Environments(state, {"CORS_ORIGINS": ORIGIN}).application(database_url, aws_url)

    def connect(self) -> psycopg.Connection:
        """Return a connection of the database's owner."""
        return psycopg.connect(self._postgres().url(), autocommit=True)

    def contents(self) -> dict[str, int]:
        """Return how many rows each table has, and how many objects the bucket has.

        Sessions of accounts that stay are not counted: whoever signs in has one more.
        """
        with self.connect() as connection:
            tables = connection.execute(
                """select schemaname, tablename from pg_tables
                where schemaname in ('auth', 'coachwork', 'public') and tablename <> %s""",
                [_COUNTS_OF_FAILURES],
            ).fetchall()
            counted = {
                f"{schema}.{table}": _count(connection, schema, table)
                for schema, table in tables
                if table != "refresh_tokens"
            }
            kept = "select count(*) from auth.refresh_tokens where user_id not in (select id from auth.users)"
            orphans = connection.execute(kept).fetchone()
        assert orphans is not None
        return counted | {"orphaned sessions": orphans[0], "objects": self._objects()}

    def _postgres(self) -> EmbeddedPostgres:
        server = EmbeddedPostgres(self.state / "postgres")
        server.port = self._port("Postgres 18")
        return server

    def _objects(self) -> int:
        session = boto3.Session("laptop", "laptop", region_name=REGION)
        client = session.client("s3", endpoint_url=f"http://127.0.0.1:{self._port('Local AWS')}")
        return int(client.list_objects_v2(Bucket=BUCKET)["KeyCount"])

    def _port(self, step: str) -> int:
        match = re.search(rf"^{step}: done in .*\(port (\d+)\)", self.laptop.printed, re.MULTILINE)
        assert match
        return int(match[1])


def walk(url: str, options: Options) -> tuple[Outcome, list[Check]]:
    """Run the test; return its outcome and what it reported on the way."""
    reported: list[Check] = []
    return smoke(url, options, reported.append), reported


def _count(connection: psycopg.Connection, schema: str, table: str) -> int:
    query = sql.SQL("select count(*) from {}").format(sql.Identifier(schema, table))
    found = connection.execute(query).fetchone()
    assert found is not None
    return int(found[0])

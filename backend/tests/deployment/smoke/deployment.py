"""A running application, and what lies in its stores: for seeing that nothing stays behind."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import psycopg
from psycopg import sql
from tests.e2e.laptop import Laptop

from deployment.smoke import Check, Options, Outcome, smoke
from rehearsal.aws.invocations import REGISTRATION_PATH
from rehearsal.laptop.environment import BUCKET, DOCUMENTS_BUCKET, REGION, TABLES, Environments
from rehearsal.laptop.state import State
from rehearsal.postgres import EmbeddedPostgres

ORIGIN = "https://app.example.com"
_COUNTS_OF_FAILURES = "login_attempts"
"""Kept for a quarter of an hour, as digests: forgetting them would let guessing go on."""


_KEPT = ("TALLY", "OPEN#")


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
        return Environments(state, {"CORS_ORIGINS": ORIGIN}).application(database_url, self._aws_url())

    def client(self, service: str) -> Any:
        """Return a client of its local AWS, which may do everything."""
        session = boto3.Session("laptop", "laptop", region_name=REGION)
        return session.client(service, endpoint_url=self._aws_url())

    def invoke_through(self, url: str | None) -> None:
        """Let its local AWS invoke functions at Lambda's API at `url`; None is nowhere."""
        httpx.put(f"{self._aws_url()}{REGISTRATION_PATH}", json={"url": url}, trust_env=False).raise_for_status()

    def connect(self) -> psycopg.Connection:
        """Return a connection of the database's owner."""
        return psycopg.connect(self._postgres().url(), autocommit=True)

    def contents(self) -> dict[str, int]:
        """Return how many rows or items each table has, and how many objects each bucket has.

        Sessions of accounts that stay are not counted: whoever signs in has one more. Neither is what the knowledge
        service notes of an owner: how much they have, and for a day what they asked.
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
        return counted | {"orphaned sessions": orphans[0]} | self._objects() | self._items()

    def _postgres(self) -> EmbeddedPostgres:
        server = EmbeddedPostgres(self.state / "postgres")
        server.port = self._port("Postgres 18")
        return server

    def _objects(self) -> dict[str, int]:
        client = self.client("s3")
        return {
            f"objects in {bucket}": client.list_objects_v2(Bucket=bucket)["KeyCount"]
            for bucket in (BUCKET, DOCUMENTS_BUCKET)
        }

    def _items(self) -> dict[str, int]:
        client = self.client("dynamodb")
        items = {table: client.scan(TableName=table)["Items"] for table in TABLES}
        return {
            f"items in {table}": sum(not one["sk"]["S"].startswith(_KEPT) for one in items[table]) for table in TABLES
        }

    def _aws_url(self) -> str:
        return f"http://127.0.0.1:{self._port('Local AWS')}"

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

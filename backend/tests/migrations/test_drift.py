"""The code against the schema: each statement is one the migrated database takes, and gives what its class wants."""

import re

import psycopg
import pytest
from tests.conftest import TestDatabase
from tests.migrations.statements import Statement, statements

MADE_OF_TABLES = "services.fitness.repository.export:"
"""Its statements are made of the names in schemas/rows; tests/services/fitness/imports runs them for every table."""

STATEMENTS = [one for one in statements() if one.sql is not None or not one.place.startswith(MADE_OF_TABLES)]


def place(statement: Statement) -> str:
    """Return where it is, for the test's id."""
    return statement.place


def described(connection: psycopg.Connection, statement: Statement) -> list[str]:
    """Let Postgres parse, analyse and describe a statement, and return its columns."""
    assert statement.sql is not None, f"{statement.place}: make the statement of constants, or it cannot be checked"
    numbers: dict[str, int] = {}

    def numbered(found: re.Match[str]) -> str:
        return f"${numbers.setdefault(found[1], len(numbers) + 1)}"

    query = re.sub(r"%\((\w+)\)s", numbered, statement.sql).replace("%%", "%")
    prepared = connection.pgconn.prepare(b"", query.encode())
    assert b"" == prepared.error_message, f"{statement.place}: {prepared.error_message.decode()}"
    description = connection.pgconn.describe_prepared(b"")
    return [(description.fname(index) or b"").decode() for index in range(description.nfields)]


class TestStatements:
    """Every statement a session is given."""

    def test_they_are_found(self) -> None:
        """There are many; a test that finds none proves nothing."""
        assert len(STATEMENTS) > 40

    @pytest.mark.parametrize("statement", STATEMENTS, ids=place)
    def test_the_database_takes_it(self, statement: Statement, test_database: TestDatabase) -> None:
        """Its tables, columns and types are those of the migrations, and a row has what its class is made of."""
        with psycopg.connect(test_database.owner_url) as connection:
            columns = described(connection, statement)
        if statement.row is not None:
            wanted, taken = statement.columns
            assert wanted <= set(columns) <= taken

"""One transaction, bound to whoever it acts for."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString, TypeVar

from psycopg import Connection
from psycopg.rows import class_row

Row = TypeVar("Row")
Parameters = Mapping[str, Any]


class Session:
    """Runs statements inside one transaction; rows come back as instances of the class asked for.

    Statements are literal strings with `%(name)s` parameters, so no value is ever spliced into SQL.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def all(self, row: type[Row], statement: LiteralString, parameters: Parameters | None = None) -> list[Row]:
        """Return every row, each built from its columns by name."""
        with self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(statement, parameters).fetchall()

    def one(self, row: type[Row], statement: LiteralString, parameters: Parameters | None = None) -> Row | None:
        """Return the first row, or None."""
        with self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(statement, parameters).fetchone()

    def value(self, statement: LiteralString, parameters: Parameters | None = None) -> Any:
        """Return the first column of the first row, or None."""
        row = self._connection.execute(statement, parameters).fetchone()
        return None if row is None else row[0]

    def execute(self, statement: LiteralString, parameters: Parameters | None = None) -> int:
        """Run a statement; return how many rows it touched."""
        return self._connection.execute(statement, parameters).rowcount

    def execute_many(self, statement: LiteralString, rows: Sequence[Parameters]) -> None:
        """Run one statement for each set of parameters, in one round trip where the server allows it."""
        with self._connection.cursor() as cursor:
            cursor.executemany(statement, rows)

"""One transaction, bound to whoever it acts for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, LiteralString, TypeVar

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from coachwork.chassis.observability.tracing import subsegment

Row = TypeVar("Row")
Parameters = Mapping[str, Any]

SERVICE_ROLE = "coachwork_service"
"""The role for the chassis's own tables; it sees no tenant's rows."""

_KIND = re.compile(r"\s*(\w+)")

_BINDING = "select current_setting('role') as role, current_setting('request.jwt.claims') as claims"
_BIND = "select set_config('role', %(role)s, true), set_config('request.jwt.claims', %(claims)s, true)"


class Session:
    """Runs statements inside one transaction; rows come back as instances of the class asked for.

    Statements are literal strings with `%(name)s` parameters, so no value is ever spliced into SQL.
    """

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def all(self, row: type[Row], statement: LiteralString, parameters: Parameters | None = None) -> list[Row]:
        """Return every row, each built from its columns by name."""
        with _traced(statement), self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(statement, parameters).fetchall()

    def one(self, row: type[Row], statement: LiteralString, parameters: Parameters | None = None) -> Row | None:
        """Return the first row, or None."""
        with _traced(statement), self._connection.cursor(row_factory=class_row(row)) as cursor:
            return cursor.execute(statement, parameters).fetchone()

    def value(self, statement: LiteralString, parameters: Parameters | None = None) -> Any:
        """Return the first column of the first row, or None."""
        with _traced(statement):
            row = self._connection.execute(statement, parameters).fetchone()
        return None if row is None else row[0]

    def execute(self, statement: LiteralString, parameters: Parameters | None = None) -> int:
        """Run a statement; return how many rows it touched."""
        with _traced(statement):
            return self._connection.execute(statement, parameters).rowcount

    def execute_many(self, statement: LiteralString, rows: Sequence[Parameters]) -> None:
        """Run one statement for each set of parameters, in one round trip where the server allows it."""
        with _traced(statement), self._connection.cursor() as cursor:
            cursor.executemany(statement, rows)

    @contextmanager
    def as_service(self) -> Iterator[None]:
        """Act under the chassis's own role inside the same transaction, then for the caller again.

        A failure takes back what was done meanwhile, the change of role included.
        """
        with self._connection.transaction(), self._connection.cursor(row_factory=dict_row) as cursor:
            caller = cursor.execute(_BINDING).fetchone()
            cursor.execute(_BIND, {"role": SERVICE_ROLE, "claims": json.dumps({"role": SERVICE_ROLE})})
            yield
            cursor.execute(_BIND, caller)


def _traced(statement: str) -> AbstractContextManager[object]:
    """Tell a trace what kind of statement runs, and nothing of what it says."""
    kind = _KIND.match(statement)
    return subsegment("database", statement=kind[1].lower() if kind else "other")

"""Exporting everything a user has: as parts of a document that restores it, and as a spreadsheet of sets."""

import csv
import io
import json
from dataclasses import astuple, fields
from datetime import datetime
from typing import Any

from coachwork.chassis.errors import InvalidRequest
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.imports.errors import ExportTooLarge
from coachwork.services.fitness.domain.restoring import shown_as_text
from coachwork.services.fitness.repository import export as repository
from coachwork.services.fitness.repository.export import TABLES, LoggedRow
from coachwork.services.fitness.schemas.export import LogsCsvQuery
from coachwork.services.fitness.schemas.period import end_of, start_of

MAX_PART_BYTES = 4_000_000
"""How much of a document one answer carries: a Lambda function's answer has 6 MB, and escaping takes its share."""

MAX_SPREADSHEET_SETS = 20_000

_BATCH = 2_000


def export_part(
    database: Database,
    principal: Principal,
    cursor: str | None,
    now: datetime,
    *,
    max_bytes: int = MAX_PART_BYTES,
) -> str:
    """Return a part of the caller's export as JSON: everything, or as many rows as fit, from where `cursor` says.

    Raises:
        InvalidRequest: the cursor is none of an export's.
    """
    start, key = _position(cursor)
    tables: dict[str, list[str]] = {}
    left, next_cursor = max_bytes, None
    with database.session(principal) as session:
        for place, table in enumerate(TABLES[start:], start):
            while rows := repository.rows_after(session, table, key, _BATCH):
                for row in rows:
                    left -= len(row.row.encode()) + 1
                    if left < 0 and tables:  # the first row goes, however large: every part gets on
                        next_cursor = encode_cursor(place, key or "")
                        return _document(principal, now, tables, next_cursor)
                    tables.setdefault(table.name, []).append(row.row)
                    key = row.key
            key = None
    return _document(principal, now, tables, next_cursor)


def export_logs(database: Database, principal: Principal, query: LogsCsvQuery) -> str:
    """Return the caller's sets as CSV, none of whose cells a spreadsheet runs as a formula.

    Raises:
        ExportTooLarge: there are more than one spreadsheet takes.
    """
    period = {"start": start_of(query.start), "end": end_of(query.end)}
    with database.session(principal) as session:
        rows = repository.logged_rows(session, period, MAX_SPREADSHEET_SETS + 1)
    if len(rows) > MAX_SPREADSHEET_SETS:
        raise ExportTooLarge(f"There are more than {MAX_SPREADSHEET_SETS} sets: narrow them with from and to")
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow("set" if field.name == "place" else field.name for field in fields(LoggedRow))
    writer.writerows([_cell(value) for value in astuple(row)] for row in rows)
    return file.getvalue()


def _cell(value: Any) -> Any:
    return shown_as_text(value) if isinstance(value, str) else value


def _position(cursor: str | None) -> tuple[int, str | None]:
    if cursor is None:
        return 0, None
    place, key = decode_cursor(cursor, int, str)
    try:
        is_key = not key or isinstance(json.loads(key), dict)
    except (ValueError, RecursionError):
        is_key = False
    if not 0 <= place < len(TABLES) or not is_key:
        raise InvalidRequest("The cursor is not one this operation gave")
    return place, key or None


def _document(principal: Principal, now: datetime, tables: dict[str, list[str]], next_cursor: str | None) -> str:
    """Return the document around rows that are JSON already."""
    head = {
        "format": "coachwork",
        "version": 1,
        "exported_at": now.isoformat(),
        "account": {"id": str(principal.user_id)},
        "next_cursor": next_cursor,
    }
    rows = ", ".join(f'"{name}": [{", ".join(found)}]' for name, found in tables.items())
    return f'{json.dumps(head)[:-1]}, "tables": {{{rows}}}}}'

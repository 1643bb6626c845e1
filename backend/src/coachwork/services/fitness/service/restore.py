"""Restoring an export, in one transaction, whose dry run is the same transaction taken back."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from coachwork.chassis.errors import WrongValue
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.domain.caps import CAPS
from coachwork.services.fitness.domain.goal_rules import require_due, require_fit, require_safe
from coachwork.services.fitness.domain.imports.errors import TooMuchToRestore, UnreadableImport
from coachwork.services.fitness.domain.imports.text import text_of
from coachwork.services.fitness.domain.logs import EARLIEST
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.domain.restoring import Ids, implausible_times
from coachwork.services.fitness.errors import UnknownExercise
from coachwork.services.fitness.repository import caps, exercises, goals, imports, memories, profile
from coachwork.services.fitness.repository import export as repository
from coachwork.services.fitness.repository.export import TABLES, Table
from coachwork.services.fitness.schemas.export import ExportDocument
from coachwork.services.fitness.schemas.rows.person import GoalRow

_MOST_LISTED = 20


@dataclass(frozen=True)
class RestoredTable:
    """How many of a table's rows were stored, and how many were there already."""

    stored: int
    kept: int


class _TakenBack(Exception):
    """Ends a dry run's transaction without a trace."""


def restore(
    database: Database, principal: Principal, content: bytes, *, dry_run: bool, now: datetime
) -> dict[str, RestoredTable]:
    """Store an export's rows as the caller's, but for those they have; return what became of each table's.

    In the account it came from rows have their old ids; in any other they get new ones, the same each time.

    Raises:
        UnreadableImport: it is no export, or a row is none the table can have, or of no plausible time.
        UnknownExercise: it names exercises that are not there.
        TooMuchToRestore: the account would have more of something than the API lets anybody have.
        ImplausibleTime, UnfitGoal, UnsafeTarget: a goal that is not there yet is one the API would not make.
        Conflict: rows refer to what is neither in it nor in the account.
    """
    document = _parsed(content)
    ids = Ids(document.account.id, principal.user_id)
    restored: dict[str, RestoredTable] = {}
    with suppress(_TakenBack), database.session(principal) as session:
        imports.lock(session)
        exercises.own_keys(session)  # as whoever adds one holds them: nobody does meanwhile
        memories.hold(session)
        known_goals = goals.known_ids(session, [ids.of(one.id) for one in document.tables.goals])
        for table in TABLES:
            if rows := [row.model_dump() for row in getattr(document.tables, table.name)]:
                _check_times(table, rows, now)
                stored = repository.store_rows(session, table, _as_columns(session, table, ids.renamed(rows)))
                restored[table.name] = RestoredTable(stored, len(rows) - stored)
        _check_caps(session)
        new_goals = {n: one for n, one in enumerate(document.tables.goals) if ids.of(one.id) not in known_goals}
        _check_goals(new_goals, profile.find(session) or Profile(), now)
        _take_back(dry_run)
    return restored


def _check_times(table: Table, rows: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Return when every time of the rows is one that can be."""
    wanted = f"Must be after {EARLIEST.date()} and at most a day from now"
    values = [
        WrongValue(f"body/tables/{table.name}/{index}/{field}", wanted)
        for index, row in enumerate(rows)
        for field in implausible_times(row, now)
    ]
    if values:
        raise UnreadableImport("The file has times at which nothing can have happened", values[:_MOST_LISTED])


def _check_caps(session: Session) -> None:
    """Return when the account has no more of anything than it may, with what was just stored."""
    for found in caps.fullest(session):
        cap = CAPS[found.table_name]
        if found.rows > cap.most:
            of = f" with the same {cap.within}" if cap.within else ""
            raise TooMuchToRestore(f"{found.table_name}: there would be {found.rows}{of}, and there can be {cap.most}")


def _check_goals(goals_by_index: Mapping[int, GoalRow], mine: Profile, now: datetime) -> None:
    """Judge each goal as it was judged when it was made: by its own start, on the day of it."""
    for index, goal in goals_by_index.items():
        at, started_on = f"body/tables/goals/{index}", goal.started_at.date()
        require_due(goal, started_on, now.date(), at)
        require_fit(goal, at)
        require_safe(goal, mine, goal.start_value, started_on, at)


def _take_back(dry_run: bool) -> None:
    if dry_run:
        raise _TakenBack


def _parsed(content: bytes) -> ExportDocument:
    text = text_of(content)
    try:
        return ExportDocument.model_validate_json(text)
    except ValidationError as error:
        values = [
            WrongValue("/".join(["body", *map(str, item["loc"])]), str(item["msg"]).removeprefix("Value error, "))
            for item in error.errors(include_url=False, include_context=False, include_input=False)[:_MOST_LISTED]
        ]
        raise UnreadableImport(
            "The file is no export of Coachwork's, or its rows are not as it writes them", values
        ) from error


def _as_columns(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return rows with the ids of exercises in place of their slugs."""
    slugs = {row[field] for row in rows for field in table.exercises} - {None}
    known: Mapping[Any, UUID] = exercises.ids_of(session, sorted(slugs))
    if missing := sorted(slugs - known.keys()):
        raise UnknownExercise([f"body/tables/{table.name}/{slug}" for slug in missing[:_MOST_LISTED]])
    names = dict(zip(table.fields, table.columns, strict=True))
    return [
        {names[field]: known.get(value) if field in table.exercises else value for field, value in row.items()}
        for row in rows
    ]

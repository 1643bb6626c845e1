"""Every table that holds a user's rows, read and written whole; `ExportTables` says which and how."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from coachwork.chassis.sql.session import Session
from coachwork.services.fitness.schemas.rows.row import Row
from coachwork.services.fitness.schemas.rows.tables import ExportTables

# Statements are made of names out of our own models alone, which S608 cannot know.


@dataclass(frozen=True)
class Table:
    """A table, by its name and by what one of its rows is."""

    name: str
    row: type[Row]

    @property
    def fields(self) -> list[str]:
        """What an exported row holds."""
        return list(self.row.model_fields)

    @property
    def exercises(self) -> list[str]:
        """Those of its fields that name an exercise, by its slug; the column has its id."""
        return [name for name in self.fields if name == "exercise" or name.endswith("_exercise")]

    @property
    def columns(self) -> list[str]:
        """The columns a row fills, in the order of its fields."""
        return [f"{name}_id" if name in self.exercises else name for name in self.fields]


TABLES = [Table(name, get_args(field.annotation)[0]) for name, field in ExportTables.model_fields.items()]
"""Every table of an export, each after those it refers to."""


@dataclass(frozen=True)
class StoredRow:
    """A row as JSON, and its key as JSON."""

    row: str
    key: str


def rows_after(session: Session, table: Table, key: str | None, limit: int) -> list[StoredRow]:
    """Return the caller's rows of a table after a key, in the order of the keys."""
    columns = ", ".join(table.row.key)
    return session.all(
        StoredRow,
        f"""
        select jsonb_build_object({_parts(table)})::text as row, jsonb_build_object({_keys(table)})::text as key
        from public.{table.name} as one
        where user_id = (select auth.uid())
          and (%(key)s::jsonb is null or ({columns}) > (
              select {columns} from jsonb_populate_record(null::public.{table.name}, %(key)s::jsonb)))
        order by {columns} limit %(limit)s
        """,  # noqa: S608  see above
        {"key": key, "limit": limit},
    )


def _parts(table: Table) -> str:
    """Return the names and values of a row's fields, as SQL."""
    slug = "(select slug from public.exercises where id = one.{}_id)"
    values = {name: slug.format(name) if name in table.exercises else f"one.{name}" for name in table.fields}
    return ", ".join(f"'{name}', {value}" for name, value in values.items())


def _keys(table: Table) -> str:
    return ", ".join(f"'{name}', one.{name}" for name in table.row.key)


def store_rows(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Store rows by their columns as the caller's, but for those that are there; return how many were stored."""
    columns = ", ".join(table.columns)
    return session.execute(
        f"""
        insert into public.{table.name} ({columns})
        select {columns} from jsonb_populate_recordset(null::public.{table.name}, %(rows)s::jsonb)
        on conflict do nothing
        """,  # noqa: S608  see above
        {"rows": json.dumps(list(rows), default=str)},
    )


@dataclass(frozen=True)
class LoggedRow:
    """A set with its log, as a spreadsheet shows them; `performed_at` is in UTC, `place` counts from 1."""

    performed_at: str
    exercise: str
    exercise_name: str
    place: int
    reps: int | None
    weight_kg: float | None
    duration_seconds: int | None
    distance_m: float | None
    heart_rate_bpm: int | None
    rpe: float | None
    notes: str


def logged_rows(session: Session, period: Mapping[str, Any], limit: int) -> list[LoggedRow]:
    """Return the caller's sets within a period (`start`, `end`), the earliest first."""
    return session.all(
        LoggedRow,
        """
        select to_char(log.performed_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as performed_at, exercise.slug as exercise,
               exercise.name as exercise_name,
               row_number() over (partition by log.id order by done.position) as place,
               done.reps, done.weight_kg::float8, done.duration_seconds, done.distance_m::float8, done.heart_rate_bpm,
               done.rpe::float8, log.notes
        from public.performance_logs as log
        join public.exercises as exercise on exercise.id = log.exercise_id
        join public.logged_sets as done on done.log_id = log.id
        where log.performed_at >= coalesce(%(start)s::timestamptz, '-infinity')
          and log.performed_at < coalesce(%(end)s::timestamptz, 'infinity')
        order by log.performed_at, log.created_at, log.id, done.position limit %(limit)s
        """,
        {**period, "limit": limit},
    )

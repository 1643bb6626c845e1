"""Hevy's CSV: one line a set; its columns' names say the units.

title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,set_index,set_type,
weight_kg|weight_lbs,reps,distance_km|distance_miles,duration_seconds,rpe
"""

from decimal import Decimal
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.imports.errors import UnreadableImport
from coachwork.services.fitness.domain.imports.moments import moment_of
from coachwork.services.fitness.domain.imports.reading import Cells, Figures, Reading, ReadSet
from coachwork.services.fitness.domain.imports.table import Line, Table
from coachwork.services.fitness.domain.imports.values import BadValue, Unit, kilograms, metres, number

_WEIGHTS: dict[str, Unit] = {"weight_kg": "kg", "weight_lbs": "lb", "weight_lb": "lb"}
_DISTANCES = {"distance_km": "km", "distance_miles": "mi", "distance_meters": "m", "distance_m": "m"}


def read_hevy(text: str, zone: ZoneInfo) -> Reading:
    """Return what a file of Hevy's holds.

    Raises:
        UnreadableImport: it is no such file.
        ImportTooLarge: it has too many lines.
    """
    table = Table(text)
    columns = _Columns(table)
    reading = Reading()
    for line in table.lines():
        reading.begin_line()
        with reading.reporting(line.number) as cells:
            _read(columns, line, reading, cells, zone)
    return reading


def _read(columns: "_Columns", line: Line, reading: Reading, cells: Cells, zone: ZoneInfo) -> None:
    if line.is_long:
        raise BadValue("has more cells than the header has columns")
    cells.column = "exercise_title"
    exercise = columns.text(line, "exercise_title")
    if not exercise:
        raise BadValue("is empty")
    cells.column = "start_time"
    performed_at = moment_of(columns.text(line, "start_time"), zone)
    done = columns.figures(line, cells).as_set()
    if done is None:
        reading.skipped["empty_sets"] += 1
        return
    reading.sets.append(
        ReadSet(
            line.number,
            exercise,
            columns.text(line, "title"),
            performed_at,
            done,
            is_warmup=columns.text(line, "set_type").casefold() == "warmup",
            note=columns.text(line, "exercise_notes"),
            workout_note=columns.text(line, "description"),
        )
    )


class _Columns:
    """Where the file has what."""

    def __init__(self, table: Table) -> None:
        wanted = ("start_time", "exercise_title", "reps")
        missing = [name for name in wanted if table.position(name) is None]
        if missing:
            raise UnreadableImport(f"The header has no {', '.join(missing)}: this is no export of Hevy's")
        self._positions = {name: table.position(name) for name in table.columns}
        self._weight = next((name for name in table.columns if name in _WEIGHTS), None)
        self._distance = next((name for name in table.columns if name in _DISTANCES), None)
        self._commas_are_decimal = table.delimiter == ";"

    def text(self, line: Line, column: str) -> str:
        """Return a cell, empty when there is no such column."""
        position = self._positions.get(column)
        return "" if position is None else line.cells[position].strip()

    def figures(self, line: Line, cells: Cells) -> Figures:
        """Return the line's figures; raises `BadValue`, with its column in `cells`."""
        found: dict[str, Decimal | None] = {}
        for cells.column in filter(None, (self._weight, self._distance, "reps", "duration_seconds", "rpe")):
            found[cells.column] = number(self.text(line, cells.column), commas_are_decimal=self._commas_are_decimal)
        cells.column = None
        weight, distance = found.get(self._weight or ""), found.get(self._distance or "")
        return Figures(
            kilograms(weight, _WEIGHTS[self._weight]) if weight and self._weight else None,
            found["reps"],
            found["duration_seconds"],
            metres(distance, _DISTANCES[self._distance]) if distance and self._distance else None,
            found["rpe"],
        )

"""Hevy's CSV: one line a set; its columns' names say the units.

title,start_time,end_time,description,exercise_title,superset_id,exercise_notes,set_index,set_type,
weight_kg|weight_lbs,reps,distance_km|distance_miles,duration_seconds,rpe
"""

from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.imports.reading import Cells, Figures, Headings, Reading, read_lines, set_of
from coachwork.services.fitness.domain.imports.table import Columns, Line, Table
from coachwork.services.fitness.domain.imports.values import Unit, kilograms, metres, number

_WEIGHTS: dict[str, Unit] = {"weight_kg": "kg", "weight_lbs": "lb", "weight_lb": "lb"}
_DISTANCES = {"distance_km": "km", "distance_miles": "mi", "distance_meters": "m", "distance_m": "m"}
_HEADINGS = Headings("exercise_title", "start_time", "title", "exercise_notes", "description")


def read_hevy(text: str, zone: ZoneInfo) -> Reading:
    """Return what a file of Hevy's holds.

    Raises:
        UnreadableImport: it is no such file.
        ImportTooLarge: it has too many lines.
    """
    table = Table(text)
    return read_lines(table.lines(), partial(_read, _Columns(table), zone))


def _read(columns: "_Columns", zone: ZoneInfo, line: Line, reading: Reading, cells: Cells) -> None:
    is_warmup = columns.text(line, "set_type").casefold() == "warmup"
    reading.add(set_of(line, cells, columns, _HEADINGS, zone, is_warmup=is_warmup))


class _Columns(Columns):
    """Where the file has what."""

    def __init__(self, table: Table) -> None:
        super().__init__(table, ("start_time", "exercise_title", "reps"), "this is no export of Hevy's")
        self._weight = next((name for name in table.columns if name in _WEIGHTS), None)
        self._distance = next((name for name in table.columns if name in _DISTANCES), None)

    def figures(self, line: Line, cells: Cells) -> Figures:
        """Return the line's figures; raises `BadValue`, with its column in `cells`."""
        found: dict[str, Decimal | None] = {}
        for cells.column in filter(None, (self._weight, self._distance, "reps", "duration_seconds", "rpe")):
            found[cells.column] = number(self.text(line, cells.column), commas_are_decimal=self.commas_are_decimal)
        cells.column = None
        weight, distance = found.get(self._weight or ""), found.get(self._distance or "")
        return Figures(
            kilograms(weight, _WEIGHTS[self._weight]) if weight and self._weight else None,
            found["reps"],
            found["duration_seconds"],
            metres(distance, _DISTANCES[self._distance]) if distance and self._distance else None,
            found["rpe"],
        )

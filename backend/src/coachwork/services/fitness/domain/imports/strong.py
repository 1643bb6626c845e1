"""Strong's CSV, in the dialects it has had; none tells a set's own time, so a workout's start stands for all.

    Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,Distance,Seconds,Notes,Workout Notes,RPE
    Date;Workout Name;Exercise Name;Set Order;Weight;Weight Unit;Reps;RPE;Distance;Distance Unit;Seconds;Notes;...
    Workout #;Date;Workout Name;Duration (sec);Exercise Name;Set Order;Weight (kg);Reps;RPE;Distance (meters);...

The first does not say its units. `Set Order` is a number, W (warm-up), D (drop set), F (to failure), or says that the
line is no set: `Rest Timer`, `Note`.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.imports.errors import UnreadableImport
from coachwork.services.fitness.domain.imports.reading import Cells, Figures, Headings, Reading, read_lines, set_of
from coachwork.services.fitness.domain.imports.table import Columns, Line, Table
from coachwork.services.fitness.domain.imports.values import (
    BadValue,
    Unit,
    kilograms,
    metres,
    number,
    weight_unit,
)

_NO_SETS = {"rest timer": "rest_timers", "note": "notes"}
_HEADINGS = Headings("Exercise Name", "Date", "workout name", "notes", "workout notes")
_IN_BRACKETS = re.compile(r"\(([^)]*)\)")


def read_strong(text: str, unit: Unit | None, zone: ZoneInfo) -> Reading:
    """Return what a file of Strong's holds; `unit` is that of a file that does not say its own.

    Raises:
        UnreadableImport: it is no such file, or its unit is nowhere said.
        ImportTooLarge: it has too many lines.
    """
    table = Table(text)
    return read_lines(table.lines(), partial(_read, _Columns(table, unit), zone))


def _read(columns: "_Columns", zone: ZoneInfo, line: Line, reading: Reading, cells: Cells) -> None:
    order = columns.text(line, "set order").casefold()
    reason = _NO_SETS.get(order) or _NO_SETS.get(columns.text(line, "exercise name").casefold())
    if reason:
        reading.skipped[reason] += 1
        return
    reading.add(set_of(line, cells, columns, _HEADINGS, zone, is_warmup=order == "w"))


class _Columns(Columns):
    """Where a dialect has what, and in which unit."""

    def __init__(self, table: Table, unit: Unit | None) -> None:
        wanted = ("date", "exercise name", "set order", "reps")
        super().__init__(table, wanted, "export from Strong with the app's language set to English")
        weight, self._weight_unit = self._measured("weight")
        distance, self._distance_unit = self._measured("distance")
        self._unit = self._said(self._weight_unit) or unit
        if self._unit is None and weight and "weight unit" not in table.positions:
            raise UnreadableImport("The file does not say its unit: pass unit=kg or unit=lb")
        self._weight, self._distance = weight, distance

    def figures(self, line: Line, cells: Cells) -> Figures:
        """Return the line's figures; raises `BadValue`, with its column in `cells`."""
        cells.column = "Weight"
        weight = self._number(line, self._weight)
        weight_kg = None if not weight else kilograms(weight, self._unit_of_weight(line))
        cells.column = "Distance"
        distance = self._number(line, self._distance)
        distance_m = None if not distance else metres(distance, self._unit_of_distance(line))
        found: dict[str, Decimal | None] = {}
        for cells.column in ("Reps", "Seconds", "RPE"):
            found[cells.column] = self._number(line, cells.column.casefold())
        cells.column = None
        return Figures(weight_kg, found["Reps"], found["Seconds"], distance_m, found["RPE"])

    def _number(self, line: Line, column: str | None) -> Decimal | None:
        cell = self.text(line, column) if column else ""
        return number(cell, commas_are_decimal=self.commas_are_decimal)

    def _unit_of_weight(self, line: Line) -> Unit:
        said = self.text(line, "weight unit")
        unit = weight_unit(said) if said else self._unit
        if unit is None:
            raise BadValue("has no unit: pass unit=kg or unit=lb")
        return unit

    def _unit_of_distance(self, line: Line) -> str:
        said = self.text(line, "distance unit") or self._distance_unit
        return said or ("mi" if self._unit == "lb" else "km")

    def _measured(self, noun: str) -> tuple[str | None, str]:
        """Return the column of a quantity, and the unit its name has in brackets."""
        named: Sequence[str] = [name for name in self.table.columns if re.fullmatch(rf"{noun}( \(.*\))?", name)]
        if not named:
            return None, ""
        unit = _IN_BRACKETS.search(named[0])
        return named[0], unit[1] if unit else ""

    def _said(self, text: str) -> Unit | None:
        if not text:
            return None
        try:
            return weight_unit(text)
        except BadValue as error:
            raise UnreadableImport(f"The header's weight {error}") from error

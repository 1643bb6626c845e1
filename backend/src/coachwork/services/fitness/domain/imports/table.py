"""Lines of a CSV file by the names of their columns; commas, semicolons and tabs."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coachwork.services.fitness.domain.imports.errors import UnreadableImport

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t"
_QUOTED = re.compile(r'"[^"]*"')
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """A line by the number of its first row in the file, from 1; `is_long` when it has more cells than columns."""

    number: int
    cells: Sequence[str]
    is_long: bool


class Table:
    """A CSV file with a header; its column names compare without case or doubled spaces.

    `columns` are the names in their order, `positions` the place of each; the first of two with the same name counts.

    Raises:
        UnreadableImport: there is no header, or while `lines` are read, quotes do not close.
    """

    def __init__(self, text: str) -> None:
        self._reader, self.delimiter = _reader(text)
        header = self._next()
        if header is None:
            raise UnreadableImport("The file is empty")
        names = [_SPACES.sub(" ", name).strip().casefold() for name in header]
        self.columns = list(dict.fromkeys(names))
        self.positions = {name: position for position, name in reversed(list(enumerate(names)))}
        self._width = len(names)

    def lines(self) -> Iterator[Line]:
        """Yield the lines that are not blank; cells that are left out at a line's end are empty."""
        number = self._reader.line_num + 1
        while (cells := self._next()) is not None:
            if any(cell.strip() for cell in cells):
                missing = self._width - len(cells)
                yield Line(number, [*cells, *[""] * missing], is_long=missing < 0)
            number = self._reader.line_num + 1

    def _next(self) -> list[str] | None:
        try:
            return next(self._reader, None)
        except csv.Error as error:
            raise UnreadableImport(f"Line {self._reader.line_num} is no CSV: {error}") from error


class Columns:
    """What a file's lines say, by the names of its columns.

    Raises:
        UnreadableImport: a wanted column is not there; it names which, with the advice.
    """

    def __init__(self, table: Table, wanted: Sequence[str], advice: str) -> None:
        missing = [name for name in wanted if name not in table.positions]
        if missing:
            raise UnreadableImport(f"The header has no {', '.join(missing)}: {advice}")
        self.table = table
        self.commas_are_decimal = table.delimiter == ";"

    def text(self, line: Line, column: str) -> str:
        """Return a cell, empty when there is no such column."""
        position = self.table.positions.get(column)
        return "" if position is None else line.cells[position].strip()


def _reader(text: str) -> "tuple[Reader, str]":
    first = _QUOTED.sub("", text.lstrip("\r\n").partition("\n")[0])
    delimiter = max(_DELIMITERS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), delimiter

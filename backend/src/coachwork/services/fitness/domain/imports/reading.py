"""What was read of a file: its sets, the lines that are wrong, and those that are nothing to import."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from coachwork.services.fitness.domain.imports.errors import ImportTooLarge
from coachwork.services.fitness.domain.imports.moments import moment_of
from coachwork.services.fitness.domain.imports.table import Line
from coachwork.services.fitness.domain.imports.values import BadValue, seconds, whole
from coachwork.services.fitness.schemas.logs import SetRequest

MAX_SETS = 50_000
"""How many lines one import takes."""


@dataclass(frozen=True, slots=True)
class LineProblem:
    """Why a line is not imported: its number in the file, the column where that is known, and what is wrong."""

    line: int
    column: str | None
    message: str


@dataclass(frozen=True, slots=True)
class ReadSet:
    """A set as a file has it; `exercise` and `workout` are the file's own names, `performed_at` is in UTC."""

    line: int
    exercise: str
    workout: str
    performed_at: datetime
    done: SetRequest
    is_warmup: bool = False
    note: str = ""
    workout_note: str = ""


@dataclass
class Reading:
    """A file, read; every line is a set, a problem, or counted by a reason in `skipped`."""

    sets: list[ReadSet] = field(default_factory=list)
    problems: list[LineProblem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    lines: int = 0

    def add(self, read: ReadSet | None) -> None:
        """Add a set; None is a line on which nothing was done."""
        if read is None:
            self.skipped["empty_sets"] += 1
        else:
            self.sets.append(read)

    def begin_line(self) -> None:
        """Count a line.

        Raises:
            ImportTooLarge: there were as many as one import takes.
        """
        self.lines += 1
        if self.lines > MAX_SETS:
            raise ImportTooLarge(f"One import takes {MAX_SETS} lines: split the file")

    @contextmanager
    def reporting(self, line: int) -> Iterator["Cells"]:
        """Yield a note of which column is read; a `BadValue` inside becomes a problem of the line."""
        cells = Cells()
        try:
            yield cells
        except BadValue as error:
            self.problems.append(LineProblem(line, cells.column, str(error)))


@dataclass
class Cells:
    """The column that is being read, for messages."""

    column: str | None = None


def read_lines(lines: Iterable[Line], read: Callable[[Line, Reading, Cells], None]) -> Reading:
    """Return what `read` makes of the lines, each of which it adds or counts; a `BadValue` is a problem of its line.

    Raises:
        ImportTooLarge: there are more than one import takes.
    """
    reading = Reading()
    for line in lines:
        reading.begin_line()
        with reading.reporting(line.number) as cells:
            if line.is_long:
                raise BadValue("has more cells than the header has columns")
            read(line, reading, cells)
    return reading


@dataclass(frozen=True, slots=True)
class Figures:
    """A set's figures in kilograms and metres, as a file has them: nought stands for nothing in most of them."""

    weight_kg: float | None = None
    reps: Decimal | None = None
    duration_seconds: Decimal | None = None
    distance_m: float | None = None
    rpe: Decimal | None = None

    def as_set(self) -> SetRequest | None:
        """Return the set, None when nothing was done; raises `BadValue` for what no set can be.

        A load of nought is kept beside repetitions alone: there it is the body's own weight.
        """
        reps, lasted = whole(self.reps or None), seconds(self.duration_seconds or None)
        if reps is None and not lasted and not self.distance_m:
            return None
        weight = self.weight_kg or (None if reps is None else 0.0)
        try:
            return SetRequest(
                reps=reps,
                weight_kg=weight,
                duration_seconds=lasted or None,
                distance_m=self.distance_m or None,
                rpe=float(self.rpe) if self.rpe else None,
            )
        except ValidationError as error:
            raise BadValue("; ".join(_said(item) for item in error.errors())) from error


@dataclass(frozen=True, slots=True)
class Headings:
    """What a file's header calls the columns of a set that are no figures."""

    exercise: str
    performed_at: str
    workout: str
    note: str
    workout_note: str


class SetColumns(Protocol):
    """Where a file has what."""

    def text(self, line: Line, column: str) -> str:
        """Return a cell by its column's name in small letters, empty when there is no such column."""

    def figures(self, line: Line, cells: Cells) -> Figures:
        """Return the line's figures; raises `BadValue`, with its column in `cells`."""


def set_of(
    line: Line, cells: Cells, columns: SetColumns, headings: Headings, zone: ZoneInfo, *, is_warmup: bool
) -> ReadSet | None:
    """Return the line's set, None when nothing was done; raises `BadValue`, with its column in `cells`."""
    cells.column = headings.exercise
    exercise = columns.text(line, headings.exercise.casefold())
    if not exercise:
        raise BadValue("is empty")
    cells.column = headings.performed_at
    performed_at = moment_of(columns.text(line, headings.performed_at.casefold()), zone)
    done = columns.figures(line, cells).as_set()
    if done is None:
        return None
    return ReadSet(
        line.number,
        exercise,
        columns.text(line, headings.workout),
        performed_at,
        done,
        is_warmup=is_warmup,
        note=columns.text(line, headings.note),
        workout_note=columns.text(line, headings.workout_note),
    )


def _said(item: object) -> str:
    assert isinstance(item, dict)  # noqa: S101  pydantic's own shape
    message = str(item["msg"]).removeprefix("Input ")
    return f"{'.'.join(map(str, item['loc']))} {message}"

"""Columns that were written line by line across the page: where they stand, so that each is read on its own.

Most producers write one column after the other, and a reader that follows the order of writing has them right. Some
write line by line, and then every line runs on into its neighbour. Only prose is put apart: its lines fill their
columns, begin at one edge and go on for long. A table's rows are to be read across.
"""

from __future__ import annotations

from itertools import pairwise

TYPE_CHECKING = False
if TYPE_CHECKING:  # what is imported here takes as long as the rest of this process's start
    from collections.abc import Callable, Iterable, Iterator, Sequence

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points; y grows upwards."""

_MIN_ROWS = 8
_MIN_WIDTH_POINTS = 80.0
_MIN_FILL = 0.75
"""Of a column's width that its middle line fills: cells are ragged, prose is not."""
_MIN_ALIGNED = 0.6
"""Of a column's lines that begin at its edge."""
_SAME_EDGE_POINTS = 3.0
_SAMPLES = 7
"""Of three rectangles each: whichever of two columns one begins in, it has a neighbour."""
_MIN_FOUND = 2
_FAR = 1e6

Row = list[Box]


def sample(rectangle: Callable[[int], Box], count: int) -> list[Sequence[Box]]:
    """Return stretches of a page's `count` rectangles, or all of them where they are few."""
    if count < 2 * _MIN_ROWS:
        return [[rectangle(number) for number in range(count)]]
    places = (number * (count - 3) // (_SAMPLES - 1) for number in range(_SAMPLES))
    return [(rectangle(place), rectangle(place + 1), rectangle(place + 2)) for place in places]


def may_be_columns(stretches: Sequence[Sequence[Box]]) -> bool:
    """Whether it is worth while to look at all rectangles: in some stretches one stands beside the one before."""
    beside = (any(_follows(one, other) and not _touches(one, other) for one, other in pairwise(of)) for of in stretches)
    return sum(beside) >= _MIN_FOUND


def reading_boxes(rectangles: Sequence[Box]) -> list[Box]:
    """Return the parts of the page in the order they are to be read; none where the order of writing will do.

    Args:
        rectangles: stretches of text in the order they were written.
    """
    rows = _rows(rectangles)
    split = [row for row in rows if len(row) > 1]
    if len(split) < _MIN_ROWS:
        return []
    gutters = _gutters(split)
    if not gutters or not all(_is_prose(column) for column in _columns(split, gutters)):
        return []
    return list(_bands(rows, gutters))


def _rows(rectangles: Sequence[Box]) -> list[Row]:
    """Return what was written one right of the other on a line, what touches joined."""
    rows: list[Row] = []
    for box in rectangles:
        last = rows[-1][-1] if rows else None
        if last is None or not _follows(last, box):
            rows.append([box])
        elif _touches(last, box):
            rows[-1][-1] = (last[0], min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3]))
        else:
            rows[-1].append(box)
    return rows


def _height(one: Box, other: Box) -> float:
    return min(one[3] - one[1], other[3] - other[1])


def _follows(one: Box, other: Box) -> bool:
    """Whether `other` stands right of `one` and at least half beside it."""
    beside = min(one[3], other[3]) - max(one[1], other[1])
    return beside >= 0.5 * _height(one, other) and other[0] >= one[2] - 0.5 * _height(one, other)


def _touches(one: Box, other: Box) -> bool:
    return other[0] - one[2] < _height(one, other)


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Return, from the left, the middle of each strip that most rows leave free, where most of them do."""
    edges: list[tuple[float, int]] = []
    for row in rows:
        for one, other in pairwise(row):
            edges += [(one[2], 1), (other[0], -1)]
    edges.sort()
    found: list[float] = []
    depth, deepest = 0, 0
    wanted = _MIN_ALIGNED * len(rows)
    for (place, change), (following, _) in pairwise(edges):
        depth += change
        if depth < wanted:
            deepest = 0
        elif depth > deepest:
            if deepest:
                found.pop()
            deepest = depth
            found.append((place + following) / 2)
    return found


def _columns(rows: Sequence[Row], gutters: Sequence[float]) -> list[list[Box]]:
    columns: list[list[Box]] = [[] for _ in range(len(gutters) + 1)]
    for row in rows:
        for box in row:
            columns[_column(box, gutters)].append(box)
    return columns


def _column(box: Box, gutters: Sequence[float]) -> int:
    return sum(box[0] > gutter for gutter in gutters)


def _is_prose(column: Sequence[Box]) -> bool:
    if len(column) < _MIN_ROWS:
        return False
    left = _median(box[0] for box in column)
    width = max(box[2] for box in column) - left
    fill = _median(box[2] - box[0] for box in column)
    aligned = sum(abs(box[0] - left) <= _SAME_EDGE_POINTS for box in column)
    return width >= _MIN_WIDTH_POINTS and fill >= _MIN_FILL * width and aligned >= _MIN_ALIGNED * len(column)


def _median(values: Iterable[float]) -> float:
    """Return the middle one, the lower of two; what `statistics` brings along takes longer than most PDFs."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2]


def _is_apart(box: Box, row: Row | None) -> bool:
    """Whether there is room for more than a line between a box and the row before or after."""
    return row is None or max(row[0][1] - box[3], box[1] - row[0][3]) > 1.5 * (box[3] - box[1])


def _bands(rows: Sequence[Row], gutters: Sequence[float]) -> Iterator[Box]:
    """Yield what spans the columns in one piece, and what lies between column by column."""
    sides = [-_FAR, *gutters, _FAR]
    bands: list[tuple[bool, float, float]] = []  # whether it spans, its bottom and its top
    for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
        spans = any(box[0] < gutter < box[2] for box in row for gutter in gutters)
        spans = spans or (len(row) == 1 and _is_apart(row[0], before) and _is_apart(row[0], after))
        bottom, top = min(box[1] for box in row), max(box[3] for box in row)
        if bands and bands[-1][0] == spans:
            bands[-1] = spans, min(bands[-1][1], bottom), max(bands[-1][2], top)
        else:
            bands.append((spans, bottom, top))
    for spans, bottom, top in bands:
        if spans:
            yield -_FAR, bottom, _FAR, top
        else:
            yield from ((left, bottom, right, top) for left, right in pairwise(sides))

"""Columns that were written line by line across the page: where they stand, so that each is read on its own.

Most producers write one column after the other, and a reader that follows the order of writing has them right. Some
write line by line, and then every line runs on into its neighbour. Only prose is put apart: its lines fill their
columns, begin at one edge and go on for long. A table's rows are to be read across.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points; y grows upwards."""

_MIN_ROWS = 8
_MIN_WIDTH_POINTS = 80.0
_MIN_FILL = 0.75
"""Of a column's width that its middle line fills: cells are ragged, prose is not."""
_MIN_ALIGNED = 0.6
"""Of a column's lines that begin at its edge."""
_SAME_EDGE_POINTS = 3.0
_FAR = 1e6

Row = list[Box]


def reading_boxes(rectangles: Sequence[Box]) -> list[Box]:
    """Return the parts of the page in the order they are to be read; none where the order of writing will do.

    Args:
        rectangles: stretches of text in the order they were written.
    """
    if len(rectangles) < 2 * _MIN_ROWS:
        return []
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
        elif box[0] - last[2] < _height(last, box):
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


def _gutters(rows: Sequence[Row]) -> list[float]:
    """Return the middles of the strips that hardly a row writes into, from the left."""
    edges: list[tuple[float, int]] = []
    for row in rows:
        for one, other in pairwise(row):
            edges += [(one[2], 1), (other[0], -1)]
    edges.sort()
    found, depth, opened = [], 0, 0.0
    for place, change in edges:
        was_open = depth >= _MIN_ALIGNED * len(rows)
        depth += change
        is_open = depth >= _MIN_ALIGNED * len(rows)
        if is_open and not was_open:
            opened = place
        elif was_open and not is_open:
            found.append((opened + place) / 2)
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
    left = median(box[0] for box in column)
    width = max(box[2] for box in column) - left
    fill = median(box[2] - box[0] for box in column)
    aligned = sum(abs(box[0] - left) <= _SAME_EDGE_POINTS for box in column)
    return width >= _MIN_WIDTH_POINTS and fill >= _MIN_FILL * width and aligned >= _MIN_ALIGNED * len(column)


def _bands(rows: Sequence[Row], gutters: Sequence[float]) -> Iterator[Box]:
    """Yield what spans the columns in one piece, and what lies between column by column."""
    sides = [-_FAR, *gutters, _FAR]
    bands: list[tuple[bool, float, float]] = []  # whether it spans, its bottom and its top
    for row in rows:
        spans = any(box[0] < gutter < box[2] for box in row for gutter in gutters)
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

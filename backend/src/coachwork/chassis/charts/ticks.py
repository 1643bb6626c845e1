"""Which days an axis of time names: as many as there is room for, and those that a reader looks for."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

LABEL_WIDTH = 64
"""What a label takes with the space beside it, in pixels."""

_AROUND = 90
_A_DAY, _A_WEEK, _A_FORTNIGHT, _A_YEAR = timedelta(days=1), timedelta(weeks=1), timedelta(days=14), timedelta(days=366)
_FEWEST_MONTHS = 3


def every(count: int, width: int) -> int:
    """Return which of so many labels there is room for in so many pixels: each (1), every second (2), ..."""
    return -(-count // (width // LABEL_WIDTH))


def ticks(days: Sequence[date], width: int) -> tuple[list[date], str]:
    """Return the days to name on an axis of so many pixels under these days, of which there is one, and their format.

    Up to a fortnight it is the days themselves; then Mondays, where they fit, or the first days of months.
    """
    first, last = min(days), max(days)
    if last - first <= _A_FORTNIGHT:
        return _apart(sorted(set(days)), width), "%d %b"
    mondays = list(_mondays(first, last))
    months = list(_months(first, last))
    if last - first > _A_YEAR:
        return months[:: every(len(months), width)], "%b %Y"
    if every(len(mondays), width) > 1 and len(months) >= _FEWEST_MONTHS:
        return months[:: every(len(months), width)], "%d %b"
    return mondays[:: every(len(mondays), width)], "%d %b"


def _apart(days: Sequence[date], width: int) -> list[date]:
    """Return those of the days, which are in order, whose labels do not meet."""
    least = (days[-1] - days[0]) * LABEL_WIDTH / (width - _AROUND)
    kept = [days[0]]
    for day in days[1:]:
        if day - kept[-1] >= least:
            kept.append(day)
    return kept


def _mondays(first: date, last: date) -> Iterator[date]:
    monday = first + timedelta(days=-first.weekday() % 7)
    while monday <= last:
        yield monday
        monday += _A_WEEK


def _months(first: date, last: date) -> Iterator[date]:
    begun = (first - _A_DAY).replace(day=1)
    while (begun := (begun + 32 * _A_DAY).replace(day=1)) <= last:
        yield begun

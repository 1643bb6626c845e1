"""A period of time in a query: from a moment to a moment."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*")
_WANTED = "wants a date like 2026-10-02, or a time with its zone like 2026-10-02T18:30:00Z"


def _moment(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
        moment = datetime.fromisoformat(value) if _TIMESTAMP.fullmatch(value) else None
        if moment is not None and moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError(_WANTED) from error
    raise ValueError(_WANTED)


Moment = Annotated[date | datetime, BeforeValidator(_moment)]
"""A moment with its zone, or a date: the whole of that day in UTC."""

From = Annotated[
    Moment | None, Field(alias="from", description="Inclusive: a date (its start in UTC) or a time with its zone")
]
To = Annotated[
    Moment | None,
    Field(alias="to", description="A date (inclusive, to its end in UTC) or a time with its zone (exclusive)"),
]


def start_of(moment: date | None) -> datetime | None:
    """Return the first moment a period from `moment` has."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), UTC)


def end_of(moment: date | None) -> datetime | None:
    """Return the moment a period to `moment` ends before."""
    if moment is None or isinstance(moment, datetime):
        return moment
    if moment == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return datetime.combine(moment + timedelta(days=1), time(), UTC)

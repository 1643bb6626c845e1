"""Cursors over a partition: each carries the sort key, or the id, after which the next page begins."""

from uuid import UUID

from coachwork.chassis.errors import InvalidRequest
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor


def position_of(cursor: str | None) -> str | None:
    """Return where a page begins; raises `InvalidRequest` for a text that is no cursor."""
    return decode_cursor(cursor, str)[0] if cursor else None


def id_of(cursor: str | None) -> UUID | None:
    """Return the id after which a page begins; raises `InvalidRequest` for a text that is no cursor."""
    if cursor is None:
        return None
    [position] = decode_cursor(cursor, str)
    try:
        return UUID(position)
    except ValueError as error:
        raise InvalidRequest("The cursor is not one this operation gave") from error


def cursor_of(after: str | None) -> str | None:
    """Return the cursor of the next page, if there is one."""
    return encode_cursor(after) if after else None

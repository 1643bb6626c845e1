"""Cursors over a partition: each carries the sort key after which the next page begins."""

from coachwork.chassis.http.schemas import decode_cursor, encode_cursor


def position_of(cursor: str | None) -> str | None:
    """Return where a page begins; raises `InvalidRequest` for a text that is no cursor."""
    return decode_cursor(cursor, str)[0] if cursor else None


def cursor_of(after: str | None) -> str | None:
    """Return the cursor of the next page, if there is one."""
    return encode_cursor(after) if after else None

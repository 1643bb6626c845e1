"""Positions in a list that is sorted by a moment and an id, and the cursors that carry them."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from coachwork.chassis.errors import InvalidRequest
from coachwork.chassis.http.schemas import decode_cursor, encode_cursor

Item = TypeVar("Item")


def position_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """Return the position a cursor of `cut` carries; raises `InvalidRequest` for any other text."""
    if cursor is None:
        return None
    moment, item_id = decode_cursor(cursor, str, str)
    try:
        position = datetime.fromisoformat(moment), UUID(item_id)
    except ValueError as error:
        raise InvalidRequest("The cursor is not one this operation gave") from error
    if position[0].tzinfo is None:
        raise InvalidRequest("The cursor is not one this operation gave")
    return position


def cut(
    items: Sequence[Item], limit: int, position: Callable[[Item], tuple[datetime, UUID]]
) -> tuple[Sequence[Item], str | None]:
    """Return the page out of up to `limit + 1` items, and the next page's cursor if there is one."""
    if len(items) <= limit:
        return items, None
    moment, item_id = position(items[limit - 1])
    return items[:limit], encode_cursor(moment.isoformat(), str(item_id))

"""What request and response schemas share: strictness, safe text, pages and cursors."""

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import Annotated, Any, Generic, TypeVar
from unicodedata import category

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from coachwork.chassis.errors import InvalidRequest

T = TypeVar("T")
_ALLOWED_CONTROLS = frozenset("\n\r\t")
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
"""What has no width, or is but a gap."""


def _printable(value: str) -> str:
    if any(category(character) == "Cc" and character not in _ALLOWED_CONTROLS for character in value):
        raise ValueError("must not contain control characters")
    if value and all(category(character) in _UNSEEN for character in value):
        raise ValueError("must have something that can be seen")
    return value


Printable = AfterValidator(_printable)
"""Refuses NUL and other control characters, which Postgres and terminals choke on, and text of which nothing is seen;
stands after a text's lengths.
"""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}.*")


def _written_as_date(value: object) -> object:
    if isinstance(value, str) and not _DATE.fullmatch(value):
        raise ValueError("wants a date like 2026-10-02")
    return _not_a_number(value)


def _written_as_timestamp(value: object) -> object:
    if isinstance(value, str) and not _TIMESTAMP.fullmatch(value):
        raise ValueError("wants a time with its zone, like 2026-10-02T18:30:00Z")
    return _not_a_number(value)


def _not_a_number(value: object) -> object:
    if isinstance(value, int | float):  # pydantic would read seconds since 1970
        raise ValueError("wants text, not a number")  # noqa: TRY004  pydantic turns a ValueError into a 422
    return value


CalendarDate = Annotated[date, BeforeValidator(_written_as_date)]
"""A day, written as RFC 3339 has it and in no other way."""

Timestamp = Annotated[AwareDatetime, BeforeValidator(_written_as_timestamp)]
"""A moment with its zone, written as RFC 3339 has it; a bare number is refused."""


class RequestSchema(BaseModel):
    """A body: unknown fields are refused, text is trimmed, NaN and infinities are no numbers."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False, frozen=True)


class ResponseSchema(BaseModel):
    """An answer, readable from domain objects by attribute; built when it is first used, as a cold start uses few."""

    model_config = ConfigDict(from_attributes=True, frozen=True, defer_build=True)


def build_schemas() -> None:
    """Build the validators of all answers imported so far, as a snapshot should hold them."""
    waiting: list[type[BaseModel]] = [ResponseSchema]
    while waiting:
        schema = waiting.pop()
        schema.model_rebuild()
        waiting += schema.__subclasses__()


class Page(ResponseSchema, Generic[T]):
    """One page: pass `next_cursor` back as `cursor` for the next; null on the last."""

    items: list[T]
    next_cursor: str | None = None


Limit = Annotated[int, Field(ge=1, le=100, description="How many items a page has")]
Cursor = Annotated[str, Field(max_length=500, description="`next_cursor` of the page before"), Printable]


def encode_cursor(*position: str | int) -> str:
    """Return an opaque cursor for a position in the sort order."""
    return urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type) -> tuple[Any, ...]:
    """Return the position; raises `InvalidRequest` unless it has exactly these types."""
    try:
        position = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        json.dumps(position, ensure_ascii=False).encode()  # Postgres cannot take lone surrogates
    except ValueError:
        position = None
    if not isinstance(position, list) or [type(part) for part in position] != list(types):
        raise InvalidRequest("The cursor is not one this operation gave")
    return tuple(position)

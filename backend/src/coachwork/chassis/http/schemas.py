"""What request and response schemas share: strictness, safe text, pages and cursors."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from coachwork.chassis.errors import InvalidRequest

T = TypeVar("T")
_ALLOWED_CONTROLS = frozenset("\n\r\t")


def _printable(value: str) -> str:
    if any(ord(character) < 32 and character not in _ALLOWED_CONTROLS for character in value):
        raise ValueError("must not contain control characters")
    return value


SafeText = Annotated[str, AfterValidator(_printable)]
"""Text without NUL and other control characters, which Postgres and terminals choke on."""


class RequestSchema(BaseModel):
    """A body: unknown fields are refused, text is trimmed, NaN and infinities are no numbers."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, allow_inf_nan=False, frozen=True)


class ResponseSchema(BaseModel):
    """An answer, readable from domain objects by attribute."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Page(ResponseSchema, Generic[T]):
    """One page: pass `next_cursor` back as `cursor` for the next; null on the last."""

    items: list[T]
    next_cursor: str | None = None


Limit = Annotated[int, Field(ge=1, le=100, description="How many items a page has")]
Cursor = Annotated[SafeText, Field(max_length=500, description="`next_cursor` of the page before")]


def encode_cursor(*position: str | int) -> str:
    """Return an opaque cursor for a position in the sort order."""
    return urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *types: type) -> tuple[Any, ...]:
    """Return the position; raises `InvalidRequest` unless it has exactly these types."""
    try:
        position = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        position = None
    if not isinstance(position, list) or [type(part) for part in position] != list(types):
        raise InvalidRequest("The cursor is not one this operation gave")
    return tuple(position)

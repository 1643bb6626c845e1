"""Time zones by their IANA names."""

from functools import cache
from importlib.resources import files
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema


@cache
def _names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text().split())


def _zone(value: object) -> ZoneInfo:
    # looked up in the list first: a name alone would be searched for as a file, wherever it leads
    if not isinstance(value, str) or value not in _names():
        raise ValueError("wants the IANA name of a time zone, like Europe/Berlin")
    return ZoneInfo(value)


UTC_ZONE = ZoneInfo("UTC")

TimeZone = Annotated[
    ZoneInfo,
    BeforeValidator(_zone),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "examples": ["Europe/Berlin"]}),
    Field(description="IANA name of the time zone that decides which day and which week a moment is"),
]
"""A time zone, written as its IANA name."""

"""Numbers with their units out of cells of text, exact until they are rounded once."""

import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

Unit = Literal["kg", "lb"]

KILOGRAMS_PER_POUND = Decimal("0.45359237")
"""Exact by definition. Source: International yard and pound agreement, 1959"""

_METRES_PER_MILE = Decimal("1609.344")
"""Exact by definition, as the yard's 0.9144 m and the foot's 0.3048 m. Source: as above"""

_NUMBER = re.compile(r"([+-]?[0-9]{1,9})(?:([.,])([0-9]{1,9}))?")
_WEIGHT_UNITS: dict[str, Unit] = {
    **dict.fromkeys(("kg", "kgs", "kilogram", "kilograms"), "kg"),
    **dict.fromkeys(("lb", "lbs", "pound", "pounds"), "lb"),
}
_METRES = {
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), Decimal(1)),
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), Decimal(1000)),
    **dict.fromkeys(("mi", "mile", "miles"), _METRES_PER_MILE),
    **dict.fromkeys(("yd", "yard", "yards"), Decimal("0.9144")),
    **dict.fromkeys(("ft", "foot", "feet"), Decimal("0.3048")),
}
_TEN_GRAMS = _CENTIMETRE = Decimal("0.01")


class BadValue(ValueError):
    """A cell holds what it cannot; the message says why, and what it wants."""


@lru_cache(maxsize=4096)  # training repeats itself
def number(text: str, *, commas_are_decimal: bool = False) -> Decimal | None:
    """Return a number with a point or a comma before its decimals; None for an empty cell.

    `1,234` is refused unless `commas_are_decimal`: it may as well be a thousand and more.
    """
    text = text.strip()
    if not text:
        return None
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise BadValue(f"is no number: {shown(text)}")
    whole, mark, decimals = found.groups()
    if mark == "," and len(decimals) == 3 and not commas_are_decimal:
        raise BadValue(f"may be thousands or decimals: {shown(text)}; write a point before decimals")
    return Decimal(f"{whole}.{decimals or 0}")


def whole(value: Decimal | None) -> int | None:
    """Return a number that has no decimals other than zeros."""
    if value is None:
        return None
    if value != value.to_integral_value():
        raise BadValue(f"is no whole number: {value.normalize():f}")
    return int(value)


def seconds(value: Decimal | None) -> int | None:
    """Return seconds without their fraction, rounded half up."""
    return None if value is None else int(value.to_integral_value(ROUND_HALF_UP))


def weight_unit(text: str) -> Unit:
    """Return the unit a word stands for."""
    unit = _WEIGHT_UNITS.get(text.strip().casefold().rstrip("."))
    if unit is None:
        raise BadValue(f"wants kg or lb: {shown(text)}")
    return unit


def kilograms(value: Decimal, unit: Unit) -> float:
    """Return a load in kilograms, to ten grams, rounded half up from the exact figure."""
    exact = value * KILOGRAMS_PER_POUND if unit == "lb" else value
    return float(exact.quantize(_TEN_GRAMS, ROUND_HALF_UP))


def metres(value: Decimal, unit: str) -> float:
    """Return a distance in metres, to a centimetre, rounded half up from the exact figure."""
    factor = _METRES.get(unit.strip().casefold().rstrip("."))
    if factor is None:
        raise BadValue(f"wants m, km, mi, yd or ft: {shown(unit)}")
    return float((value * factor).quantize(_CENTIMETRE, ROUND_HALF_UP))


def shown(text: str) -> str:
    """Return a cell's text as a message can quote it."""
    return repr(text if len(text) <= 40 else f"{text[:40]}...")

"""Numbers and texts that several schemas share, with their units and ranges."""

from typing import Annotated

from pydantic import AfterValidator, Field

from coachwork.chassis.http.schemas import Printable


def _to_ten_grams(value: float) -> float:
    return round(value, 2) + 0.0  # plus zero: there is no minus nought kilograms


Kilograms = Annotated[float, Field(strict=True, ge=0, le=1000, examples=[82.5]), AfterValidator(_to_ten_grams)]
"""A load in kilograms, kept to ten grams; 0 is the body alone."""

Reps = Annotated[int, Field(strict=True, ge=1, le=1000, examples=[5])]
"""Repetitions in one set."""

Notes = Annotated[str, Field(max_length=2000, examples=["Felt light"]), Printable]
"""Free text."""

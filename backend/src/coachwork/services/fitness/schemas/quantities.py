"""Numbers and texts that several schemas share, with their units and ranges."""

from typing import Annotated

from pydantic import AfterValidator, Field

from coachwork.chassis.http.schemas import Printable


def _to_ten_grams(value: float) -> float:
    return round(value, 2) + 0.0  # plus zero: there is no minus nought kilograms


def _to_centimetres(value: float) -> float:
    return round(value, 2)


Kilograms = Annotated[float, Field(strict=True, ge=0, le=1000, examples=[82.5]), AfterValidator(_to_ten_grams)]
"""A load in kilograms, kept to ten grams; 0 is the body alone."""

Seconds = Annotated[int, Field(strict=True, ge=1, le=86_400, examples=[60])]
"""How long a set took, a day at most."""

Metres = Annotated[float, Field(strict=True, ge=0.1, le=1_000_000, examples=[5000]), AfterValidator(_to_centimetres)]
"""How far a set went, kept to a centimetre."""

HeartRate = Annotated[int, Field(strict=True, ge=20, le=260, examples=[142])]
"""Beats a minute."""

Reps = Annotated[int, Field(strict=True, ge=1, le=1000, examples=[5])]
"""Repetitions in one set."""

Notes = Annotated[str, Field(max_length=2000, examples=["Felt light"]), Printable]
"""Free text."""

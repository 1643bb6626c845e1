"""What a chart shows; how it looks is the drawing's business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

WIDTH, NARROWEST, WIDEST = 800, 360, 1600
"""How wide a chart is drawn, in pixels, unless it is asked for otherwise; text has the same size in each."""

Colour = Literal["accent", "calm", "good", "warn", "muted"]


@dataclass(frozen=True)
class Words:
    """A chart's texts: any characters will do, nothing of them is taken for markup.

    `description` says in a sentence or two what the picture shows, for who does not see it; `empty` is what an
    empty chart says instead.
    """

    title: str
    subtitle: str
    description: str
    empty: str


@dataclass(frozen=True)
class Dot:
    """A value of a day; one that stands out is drawn so."""

    day: date
    value: float
    stands_out: bool = False


@dataclass(frozen=True)
class Lines:
    """Values over time as dots, and `trend` as a line, in steps or straight; `value_label` has the unit."""

    words: Words
    value_label: str
    dots: Sequence[Dot]
    trend: Sequence[Dot]
    in_steps: bool = False


@dataclass(frozen=True)
class Bar:
    """A bar of several parts, one upon the other, over the days from `starts_on` on; a part for each of the names."""

    starts_on: date
    days: int
    parts: Sequence[float]


@dataclass(frozen=True)
class Bars:
    """Values of stretches of time; `parts` names each bar's parts, from the lowest up, with their colours."""

    words: Words
    value_label: str
    parts: Sequence[tuple[str, Colour]]
    bars: Sequence[Bar]


@dataclass(frozen=True)
class Measure:
    """A named value, with its colour."""

    name: str
    value: float
    colour: Colour


@dataclass(frozen=True)
class Ranged:
    """Named values beside each other, with the range from `low` to `high` shaded behind; `legend` says the colours."""

    words: Words
    value_label: str
    measures: Sequence[Measure]
    low: float
    high: float
    legend: Sequence[tuple[str, Colour]]


Chart = Lines | Bars | Ranged

"""The colours of charts, each for light and for dark surroundings, and the style sheet that swaps them.

The light ones stand in the picture itself, for readers without style sheets; the dark ones replace them where dark is
preferred. Text has a contrast of at least 4.5 : 1 on its ground, marks of at least 3 : 1, and no two meanings differ
by red and green alone.
Source: WCAG 2.2, success criteria 1.4.3, 1.4.11 and 1.4.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from coachwork.chassis.charts.port import Colour


@dataclass(frozen=True)
class Shade:
    """One role's colour on light and on dark, as #rrggbb; no two roles share their light one."""

    light: str
    dark: str


PAPER = Shade("#ffffff", "#14171f")
INK = Shade("#1c2330", "#e8ebf2")
QUIET = Shade("#5a6477", "#a3adbf")
GRID = Shade("#e4e8ee", "#2b3140")
BAND = Shade("#e2f0e6", "#1d3527")

COLOURS: Mapping[Colour, Shade] = {
    "accent": Shade("#2b5fd9", "#7aa5ff"),
    "calm": Shade("#7d93b8", "#8494b3"),
    "good": Shade("#1a7f4b", "#4fc98a"),
    "warn": Shade("#c2570c", "#f2994a"),
    "muted": Shade("#8a93a3", "#6b7486"),
}


_TEXTS = ".plot-subtitle,.axis-title-x,.axis-title-y,.axis-text-x,.axis-text-y,.legend-item"


def style_sheet() -> str:
    """Return the styles every chart carries."""
    swaps = "".join(_swap(shade) for shade in (PAPER, INK, QUIET, GRID, BAND, *COLOURS.values()))
    return (
        f"svg{{max-width:100%;height:auto;font-family:'Helvetica Neue',Helvetica,Arial,sans-serif}}"
        f"{_TEXTS}{{fill:{QUIET.light}}}.plot-title{{fill:{INK.light};font-weight:600}}"
        f"@media (prefers-color-scheme:dark){{{_TEXTS}{{fill:{QUIET.dark}}}.plot-title{{fill:{INK.dark}}}{swaps}}}"
    )


def _swap(shade: Shade) -> str:
    """Return the rules for a role; the drawing library writes its colour in either of two ways."""
    red, green, blue = (int(shade.light[at : at + 2], 16) for at in (1, 3, 5))
    return "".join(
        f'[{part}="{shade.light}"],[{part}="rgb({red},{green},{blue})"]{{{part}:{shade.dark}}}'
        for part in ("fill", "stroke")
    )

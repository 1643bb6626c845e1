"""Which chart, of what."""

from typing import Literal

from pydantic import Field

from coachwork.chassis.charts.port import NARROWEST, WIDEST, WIDTH
from coachwork.services.fitness.schemas.exercises import ExerciseSlug
from coachwork.services.fitness.schemas.performance import FormulaChoice, PeriodQuery

ChartName = Literal["e1rm", "volume", "muscles", "weight", "adherence"]


class ChartQuery(PeriodQuery):
    """What a chart shows; each takes the period and the zone of its figures."""

    exercise: ExerciseSlug | None = Field(default=None, description="`e1rm` needs it; `volume` may have it")
    width: int = Field(
        default=WIDTH,
        ge=NARROWEST,
        le=WIDEST,
        description="In pixels. Text keeps its size: ask for as many as you show, for a telephone 360",
    )
    formula: FormulaChoice = Field(default="epley", description="Of `e1rm`")

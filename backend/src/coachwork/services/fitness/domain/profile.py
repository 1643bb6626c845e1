"""What the coach knows of a caller."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from coachwork.services.fitness.schemas.exercises import Level
from coachwork.services.fitness.schemas.profile import EquationSex, Goal


@dataclass(frozen=True)
class Profile:
    """A caller's profile; a new one knows nothing and assumes a beginner who trains three days a week.

    `equipment` is everything there is to train with; `injuries` are body areas to spare. `version` counts the changes.
    """

    display_name: str | None = None
    birth_year: int | None = None
    height_cm: float | None = None
    weight_kg: float | None = None
    level: Level = "beginner"
    goal: Goal = "general"
    days_per_week: int = 3
    equipment: Sequence[str] = ()
    injuries: Sequence[str] = ()
    sex_for_equations: EquationSex = "unspecified"
    version: int = 0
    updated_at: datetime | None = None

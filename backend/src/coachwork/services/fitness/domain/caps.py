"""How much of anything an account may have; what the API refuses row by row, an import refuses as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass

from coachwork.services.fitness.domain.exercises import MOST_OWN
from coachwork.services.fitness.domain.memories import MOST_MEMORIES
from coachwork.services.fitness.domain.sessions import MOST_EXERCISES
from coachwork.services.fitness.schemas.logs import MOST_SETS
from coachwork.services.fitness.schemas.programmes import MOST_DAYS
from coachwork.services.fitness.schemas.slots import MOST_SLOTS
from coachwork.services.fitness.schemas.workouts import MOST_PLANNED


@dataclass(frozen=True)
class Cap:
    """How many rows of a table there may be: of an account's, or of those that say the same in the column `within`."""

    most: int
    within: str | None = None


CAPS: Mapping[str, Cap] = {
    "exercises": Cap(MOST_OWN),
    "memories": Cap(MOST_MEMORIES),
    "workout_exercises": Cap(MOST_PLANNED, "workout_id"),
    "logged_sets": Cap(MOST_SETS, "log_id"),
    "programme_days": Cap(MOST_DAYS, "programme_id"),
    "programme_slots": Cap(MOST_SLOTS, "day_id"),
    "session_exercises": Cap(MOST_EXERCISES, "session_id"),
}
"""By table, what the API lets nobody exceed row by row, and an import no more."""

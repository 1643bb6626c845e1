"""What a performance log is, and when it can have happened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

EARLIEST = datetime(1950, 1, 1, tzinfo=UTC)
"""Nobody enters a session from before this."""

_CLOCK_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True)
class LoggedSet:
    """One set as it was done; `rpe` is 1 to 10."""

    reps: int
    weight_kg: float
    rpe: float | None


@dataclass(frozen=True)
class Log:
    """What was done of one exercise; `exercise` is its slug, `workout_id` the plan it followed."""

    id: UUID
    exercise: str
    exercise_name: str
    workout_id: UUID | None
    performed_at: datetime
    notes: str
    created_at: datetime
    sets: Sequence[LoggedSet] = ()


def is_plausible(performed_at: datetime, now: datetime) -> bool:
    """Whether a session can have been then; a day of grace covers clocks and zones that are off."""
    return EARLIEST <= performed_at <= now + _CLOCK_TOLERANCE

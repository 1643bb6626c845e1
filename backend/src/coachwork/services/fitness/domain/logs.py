"""What a performance log is, when it can have happened, and what a set of an exercise cannot do without."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from coachwork.services.fitness.schemas.exercises import Measure
from coachwork.services.fitness.schemas.logs import SetRequest

EARLIEST = datetime(1950, 1, 1, tzinfo=UTC)
"""Nobody enters a session from before this."""

_CLOCK_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True)
class LoggedSet:
    """One set as it was done: repetitions with their load, a time, a distance, or several of them; `rpe` is 1 to 10."""

    reps: int | None
    weight_kg: float | None
    duration_seconds: int | None
    distance_m: float | None
    heart_rate_bpm: int | None
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
    version: int
    sets: Sequence[LoggedSet] = ()


def is_plausible(performed_at: datetime, now: datetime) -> bool:
    """Whether a session can have been then; a day of grace covers clocks and zones that are off."""
    return EARLIEST <= performed_at <= now + _CLOCK_TOLERANCE


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a set: which of its fields, and what it wants."""

    field: str
    message: str


_COUNTED_IN: Mapping[Measure, Sequence[str]] = {
    "reps": ("reps",),
    "duration": ("duration_seconds", "distance_m", "reps"),
    "distance": ("distance_m", "duration_seconds", "reps"),
}
_WANTED: Mapping[Measure, str] = {
    "reps": "This exercise is counted in repetitions: say how many",
    "duration": "This exercise is measured by its duration: say duration_seconds, or distance_m",
    "distance": "This exercise is measured by its distance: say distance_m, or duration_seconds",
}


def flaws_of(done: SetRequest, measure: Measure) -> Iterator[Flaw]:
    """Yield what a set of an exercise with this `measure` lacks.

    Whoever counts holds or cardio in repetitions may go on doing so; a repetition without its load has no volume.
    """
    counted_in = _COUNTED_IN[measure]
    if all(getattr(done, field) is None for field in counted_in):
        yield Flaw(counted_in[0], _WANTED[measure])
    if done.reps is not None and done.weight_kg is None:
        yield Flaw("weight_kg", "Repetitions want their load: 0 for the body alone")

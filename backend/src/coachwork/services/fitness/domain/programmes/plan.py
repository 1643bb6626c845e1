"""What a programme is: a routine of days, each of slots, each of one exercise with set configurations and a rule."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from coachwork.services.fitness.schemas.programmes import Source, Status
from coachwork.services.fitness.schemas.slots import Rule, SlotRequest


@dataclass(frozen=True)
class SetConfiguration:
    """Some sets of one kind: how many, of what, how heavy, with which rest before the next.

    A set is counted in repetitions, in seconds or in metres. `weight_kg` is where the load starts, None where the
    lifter chooses; `percent_of_e1rm` takes it from the estimated one-rep maximum instead. `weeks` are the weeks of the
    programme's cycle it belongs to, every week when empty.
    """

    min_sets: int
    max_sets: int
    min_reps: int | None = None
    max_reps: int | None = None
    duration_seconds: int | None = None
    distance_m: float | None = None
    weight_kg: float | None = None
    percent_of_e1rm: float | None = None
    rest_seconds: int | None = None
    reps_in_reserve: int | None = None
    weeks: Sequence[int] = ()

    @property
    def load(self) -> tuple[float | None, float | None]:
        """What the plan says of the load: another one starts the progression anew."""
        return self.weight_kg, self.percent_of_e1rm


@dataclass(frozen=True)
class Deload:
    """When less is on the bar, by `percent`: after failures in a row, after weeks of training, or never (None)."""

    after_failures: int | None = None
    every_weeks: int | None = None
    percent: float = 10.0


@dataclass(frozen=True)
class Progression:
    """How a slot gets heavier: by `increment_kg` after so many qualifying workouts in a row, on the plates' grid."""

    rule: Rule = "fixed"
    increment_kg: float = 2.5
    qualifying_workouts: int = 1
    deload: Deload = Deload()


@dataclass(frozen=True)
class Slot:
    """One exercise's place in a day; `exercise` is its slug, `rounding_kg` the smallest step its plates make.

    Sessions stored before `counts_from` do not count: the plan's load was changed then.
    """

    id: UUID
    exercise: str
    exercise_name: str
    notes: str
    rounding_kg: float
    progression: Progression
    sets: Sequence[SetConfiguration]
    counts_from: datetime | None = None


@dataclass(frozen=True)
class Day:
    """One training day, its slots in the order they are done."""

    id: UUID
    name: str
    slots: Sequence[Slot] = ()


@dataclass(frozen=True)
class Programme:
    """A routine: its days are done in their order and then again, `days_per_week` of them a week."""

    id: UUID
    name: str
    notes: str
    status: Status
    source: Source
    template: str | None
    days_per_week: int
    cycle_weeks: int
    active_since: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime
    days: Sequence[Day] = ()


def restarts(old: Slot, exercise: str, sets: Iterable[SetConfiguration]) -> bool:
    """Whether a change of a slot makes its history speak of something else: another exercise, or another load.

    Other repetitions, rests or rules do not: what the bar carried last is still where to go on from.
    """
    pairs = zip(old.sets, sets, strict=False)
    return old.exercise != exercise or any(before.load != after.load for before, after in pairs)


def configurations_of(slot: SlotRequest) -> list[SetConfiguration]:
    """Return what a request says of a slot's sets, with what it left out."""
    return [
        SetConfiguration(
            **{
                **one.model_dump(),
                "max_sets": one.max_sets or one.min_sets,
                "max_reps": one.max_reps or one.min_reps,
            }
        )
        for one in slot.sets
    ]


def next_day(days: Sequence[Day], last_done: UUID | None) -> Day | None:
    """Return the day whose turn it is: the one after the last that was done, the first after the last of them."""
    if not days:
        return None
    ids = [day.id for day in days]
    return days[(ids.index(last_done) + 1) % len(ids)] if last_done in ids else days[0]

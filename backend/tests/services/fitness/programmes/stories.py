"""What tests of the progression share: slots and what was done of them, told briefly."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from coachwork.services.fitness.domain.programmes.history import DoneSet, Performance
from coachwork.services.fitness.domain.programmes.plan import Deload, Progression, SetConfiguration, Slot
from coachwork.services.fitness.domain.programmes.progression import BestSet, Prescription, prescribe

MONDAY = datetime(2026, 1, 5, 18, tzinfo=UTC)
_SLOT = UUID("00000000-0000-4000-8000-000000000001")

Sets = Sequence[tuple[int, float] | tuple[int, float, float]]
"""Repetitions, load in kg and, where it was said, the exertion."""


def log_of(number: int) -> UUID:
    """Return the id of the log of the numbered workout, 0 for the first."""
    return uuid5(_SLOT, str(number))


def slot(progression: Progression | None = None, *sets: SetConfiguration, rounding_kg: float = 2.5) -> Slot:
    """Return a slot of three sets of five at 60 kg unless told otherwise."""
    return Slot(
        _SLOT,
        "barbell-back-squat",
        "Barbell Back Squat",
        "",
        rounding_kg,
        progression or Progression("linear", deload=Deload(after_failures=3)),
        sets or [SetConfiguration(3, 3, 5, 5, weight_kg=60)],
    )


def done(*sets: tuple[int, float] | tuple[int, float, float]) -> list[DoneSet]:
    """Return sets as they were done."""
    return [DoneSet(one[0], one[1], one[2] if len(one) == 3 else None) for one in sets]


class Trainee:
    """Trains one slot, week after week, and keeps what the sessions keep."""

    def __init__(self, plan: Slot, *, best: BestSet | None = None, every_days: int = 7) -> None:
        self.plan = plan
        self.best = best
        self.history: list[Performance] = []
        self._every = timedelta(days=every_days)

    @property
    def at(self) -> datetime:
        """When the next workout is."""
        return MONDAY + len(self.history) * self._every

    @property
    def asked(self) -> Prescription:
        """What the next workout asks for."""
        return prescribe(self.plan, self.history, at=self.at, best=self.best)

    def train(self, sets: Sequence[DoneSet]) -> None:
        """Do the next workout."""
        asked = self.asked
        self.history.append(Performance(log_of(len(self.history)), self.at, asked.decision.kind, asked.targets, sets))

    def edit(self, number: int, sets: Sequence[DoneSet]) -> None:
        """Correct what the log of a workout says."""
        self.history[number] = replace(self.history[number], sets=sets)

    def succeed(self, times: int = 1, rpe: float | None = None) -> None:
        """Do everything that is asked for."""
        for _ in range(times):
            self.train(
                [
                    DoneSet(target.max_reps, target.weight_kg, rpe)
                    for target in self.asked.targets
                    for _ in range(target.min_sets)
                ]
            )

    def fail(self, times: int = 1) -> None:
        """Miss a repetition in the last set."""
        for _ in range(times):
            sets = [
                DoneSet(target.min_reps, target.weight_kg, None)
                for target in self.asked.targets
                for _ in range(target.min_sets)
            ]
            self.train([*sets[:-1], replace(sets[-1], reps=(sets[-1].reps or 1) - 1)])

    @property
    def loads(self) -> list[float | None]:
        """What the next workout puts on the bar, line by line."""
        return [target.weight_kg for target in self.asked.targets]

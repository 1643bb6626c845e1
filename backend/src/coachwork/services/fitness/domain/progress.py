"""A caller's progress: totals, personal records and weeks, made from what the repository has aggregated.

Volume and one-rep maxima come from sets with repetitions alone; holds and cardio count as sessions and sets, and have
totals and records of time and distance.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from coachwork.services.fitness.domain.calendar import iso_week
from coachwork.services.fitness.domain.strength import Formula, brzycki_kg, epley_kg, is_reliable

_MOST_REP_RECORDS = 20

TimedRecordName = Literal["longest", "farthest", "fastest"]


@dataclass(frozen=True)
class Totals:
    """What was done; a session is one performance log, volume is repetitions times load.

    `duration_seconds` and `distance_m` add up the sets that have them: holds and cardio.
    """

    sessions: int = 0
    sets: int = 0
    reps: int = 0
    volume_kg: float = 0.0
    duration_seconds: int = 0
    distance_m: float = 0.0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.sessions + other.sessions,
            self.sets + other.sets,
            self.reps + other.reps,
            round(self.volume_kg + other.volume_kg, 2),
            self.duration_seconds + other.duration_seconds,
            round(self.distance_m + other.distance_m, 2),
        )


@dataclass(frozen=True)
class SetRecord:
    """A set that set a record, first: the log it is in, and when."""

    log_id: UUID
    performed_at: datetime
    reps: int
    weight_kg: float


@dataclass(frozen=True)
class TimedRecord:
    """A hold or a stretch of cardio that set a record, first: the log it is in, and when."""

    log_id: UUID
    performed_at: datetime
    duration_seconds: int | None
    distance_m: float | None
    weight_kg: float | None

    @property
    def pace_seconds_per_km(self) -> float | None:
        """How long a kilometre took, to a tenth of a second; None without both a time and a distance."""
        if self.duration_seconds is None or self.distance_m is None:
            return None
        return pace_seconds_per_km(self.duration_seconds, self.distance_m)


@dataclass(frozen=True)
class OneRepMax:
    """An estimate and the set that made it, in kg to a tenth: it is not more exact than that."""

    estimate_kg: float
    made_by: SetRecord


@dataclass(frozen=True)
class VolumeRecord:
    """The session with the most volume."""

    log_id: UUID
    performed_at: datetime
    volume_kg: float


@dataclass(frozen=True)
class ExerciseTotals:
    """One exercise's totals and its session with the most volume; without volume, the longest by distance, then time.

    The average pace is of the sets that have both a time and a distance.
    """

    exercise: str
    exercise_name: str
    totals: Totals
    first_performed_at: datetime
    last_performed_at: datetime
    best_session: VolumeRecord
    average_pace_seconds_per_km: float | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class ExerciseProgress(ExerciseTotals):
    """One exercise's totals and personal records; None where no set qualifies.

    `most_reps` has, heaviest first, the sets that no other set beats in both load and repetitions.
    """

    best_epley: OneRepMax | None
    best_brzycki: OneRepMax | None
    heaviest_set: SetRecord | None
    most_reps: Sequence[SetRecord]
    longest_set: TimedRecord | None = field(default=None, kw_only=True)
    farthest_set: TimedRecord | None = field(default=None, kw_only=True)
    fastest_set: TimedRecord | None = field(default=None, kw_only=True)


@dataclass(frozen=True)
class Week:
    """One ISO 8601 week in UTC; `starts_on` is its Monday."""

    starts_on: date
    totals: Totals

    @property
    def iso_week(self) -> str:
        """The week's name, such as 2026-W40."""
        return iso_week(self.starts_on)


@dataclass(frozen=True)
class ProgressSummary:
    """The most trained exercise first, the earliest week first; weeks without a session are left out."""

    totals: Totals
    exercises: Sequence[ExerciseProgress]
    weeks: Sequence[Week]


_NO_TIMED_RECORDS: Mapping[TimedRecordName, TimedRecord] = MappingProxyType({})


def pace_seconds_per_km(duration_seconds: int, distance_m: float) -> float:
    """Return how long a kilometre takes, to a tenth of a second; `distance_m` above 0."""
    return round(duration_seconds * 1000 / distance_m, 1)


def exercise_progress(
    totals: ExerciseTotals,
    best_sets: Sequence[SetRecord],
    timed: Mapping[TimedRecordName, TimedRecord] = _NO_TIMED_RECORDS,
) -> ExerciseProgress:
    """Return an exercise's records; `best_sets` has, for each number of repetitions done, the heaviest set.

    Those suffice: at equal repetitions the heavier set wins every record there is. `timed` has the records of time
    and distance.
    """
    heaviest_first = sorted(best_sets, key=lambda record: (-record.weight_kg, -record.reps))
    return ExerciseProgress(
        **vars(totals),
        best_epley=_best(epley_kg, best_sets),
        best_brzycki=_best(brzycki_kg, best_sets),
        heaviest_set=next((record for record in heaviest_first if record.weight_kg > 0), None),
        most_reps=list(_unbeaten(heaviest_first))[:_MOST_REP_RECORDS],
        longest_set=timed.get("longest"),
        farthest_set=timed.get("farthest"),
        fastest_set=timed.get("fastest"),
    )


def _best(formula: Formula, sets: Sequence[SetRecord]) -> OneRepMax | None:
    reliable = [record for record in sets if is_reliable(record.reps, record.weight_kg)]
    if not reliable:
        return None
    best = max(reliable, key=lambda record: (formula(record.reps, record.weight_kg), -record.reps))
    return OneRepMax(round(formula(best.reps, best.weight_kg), 1), best)


def _unbeaten(heaviest_first: Sequence[SetRecord]) -> Iterator[SetRecord]:
    most_reps = 0
    for record in heaviest_first:
        if record.reps > most_reps:
            most_reps = record.reps
            yield record

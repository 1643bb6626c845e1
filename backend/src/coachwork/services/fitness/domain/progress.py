"""A caller's progress: totals, personal records and weeks, made from what the repository has aggregated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from coachwork.services.fitness.domain.strength import Formula, brzycki_kg, epley_kg, is_reliable

_MOST_REP_RECORDS = 20
_MOST_EXERCISES_IN_FACTS = 8
_MOST_WEEKS_IN_FACTS = 2


@dataclass(frozen=True)
class Totals:
    """What was done; a session is one performance log, volume is repetitions times load."""

    sessions: int = 0
    sets: int = 0
    reps: int = 0
    volume_kg: float = 0.0

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.sessions + other.sessions,
            self.sets + other.sets,
            self.reps + other.reps,
            round(self.volume_kg + other.volume_kg, 2),
        )


@dataclass(frozen=True)
class SetRecord:
    """A set that set a record, first: the log it is in, and when."""

    log_id: UUID
    performed_at: datetime
    reps: int
    weight_kg: float


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
    """One exercise's totals and its session with the most volume."""

    exercise: str
    exercise_name: str
    totals: Totals
    first_performed_at: datetime
    last_performed_at: datetime
    best_session: VolumeRecord


@dataclass(frozen=True)
class ExerciseProgress(ExerciseTotals):
    """One exercise's totals and personal records; None where no set qualifies.

    `most_reps` has, heaviest first, the sets that no other set beats in both load and repetitions.
    """

    best_epley: OneRepMax | None
    best_brzycki: OneRepMax | None
    heaviest_set: SetRecord | None
    most_reps: Sequence[SetRecord]


@dataclass(frozen=True)
class Week:
    """One ISO 8601 week in UTC; `starts_on` is its Monday."""

    starts_on: date
    totals: Totals

    @property
    def iso_week(self) -> str:
        """The week's name, such as 2026-W40."""
        year, week, _ = self.starts_on.isocalendar()
        return f"{year}-W{week:02}"


@dataclass(frozen=True)
class ProgressSummary:
    """The most trained exercise first, the earliest week first; weeks without a session are left out."""

    totals: Totals
    exercises: Sequence[ExerciseProgress]
    weeks: Sequence[Week]


def exercise_progress(totals: ExerciseTotals, best_sets: Sequence[SetRecord]) -> ExerciseProgress:
    """Return an exercise's records; `best_sets` has, for each number of repetitions done, the heaviest set.

    Those suffice: at equal repetitions the heavier set wins every record there is.
    """
    heaviest_first = sorted(best_sets, key=lambda record: (-record.weight_kg, -record.reps))
    return ExerciseProgress(
        **vars(totals),
        best_epley=_best(epley_kg, best_sets),
        best_brzycki=_best(brzycki_kg, best_sets),
        heaviest_set=next((record for record in heaviest_first if record.weight_kg > 0), None),
        most_reps=list(_unbeaten(heaviest_first))[:_MOST_REP_RECORDS],
    )


def progress_facts(summary: ProgressSummary) -> list[str]:
    """Return the summary as short sentences to the caller, for a language model to lean on; none without sets."""
    if not summary.exercises:
        return []
    totals = summary.totals
    first = min(exercise.first_performed_at for exercise in summary.exercises)
    last = max(exercise.last_performed_at for exercise in summary.exercises)
    facts = [
        f"You logged {_counted(totals.sessions, 'session')} with {_counted(totals.sets, 'set')}"
        f" and {totals.volume_kg:,.0f} kg of volume from {first.date()} to {last.date()}."
    ]
    for exercise in summary.exercises[:_MOST_EXERCISES_IN_FACTS]:
        facts += _exercise_facts(exercise)
    facts += [
        f"In week {week.iso_week} you lifted {week.totals.volume_kg:,.0f} kg in"
        f" {_counted(week.totals.sessions, 'session')}."
        for week in summary.weeks[-_MOST_WEEKS_IN_FACTS:]
    ]
    return facts


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


def _exercise_facts(exercise: ExerciseProgress) -> Iterator[str]:
    if exercise.best_epley:
        yield (
            f"Your best estimated one-rep maximum in {exercise.exercise_name} is"
            f" {exercise.best_epley.estimate_kg:g} kg (Epley), from {_set(exercise.best_epley.made_by)}."
        )
    if exercise.heaviest_set:
        yield f"Your heaviest set in {exercise.exercise_name} is {_set(exercise.heaviest_set)}."
    elif exercise.most_reps:
        yield f"Your longest set in {exercise.exercise_name} is {_set(exercise.most_reps[-1])}."


def _set(record: SetRecord) -> str:
    done = f"{record.reps} x {record.weight_kg:g} kg" if record.weight_kg else _counted(record.reps, "repetition")
    return f"{done} on {record.performed_at.date()}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

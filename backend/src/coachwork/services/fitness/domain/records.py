"""Personal records: the set that made each, and the one it beat. Who was first keeps a record until it is beaten."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from coachwork.services.fitness.domain.performance import PerformedSet, Rows, by_log, total_kg
from coachwork.services.fitness.domain.progress import pace_seconds_per_km
from coachwork.services.fitness.domain.series import FORMULAS, FormulaCard
from coachwork.services.fitness.schemas.performance import FormulaChoice
from coachwork.services.fitness.schemas.records import RecordKind, Unit

T = TypeVar("T")

MOST_REP_RECORDS = 20
"""How many loads of one exercise have a record of repetitions, the heaviest first."""

UNITS: Mapping[RecordKind, Unit] = {
    "heaviest": "kg",
    "e1rm": "kg",
    "reps_at_weight": "repetitions",
    "volume": "kg",
    "longest": "seconds",
    "farthest": "m",
    "fastest": "seconds_per_km",
}


_Rank = tuple[float, ...]


@dataclass(frozen=True)
class Feat:
    """What was done: a figure, and the set it is of; a log's volume is of all its sets, so it names none."""

    value: float
    log_id: UUID
    performed_at: datetime
    set_position: int | None = None
    reps: int | None = None
    weight_kg: float | None = None
    duration_seconds: int | None = None
    distance_m: float | None = None


@dataclass(frozen=True)
class PersonalRecord:
    """The best there is of a kind, and what it beat; None when nothing of the kind came before."""

    exercise: str
    exercise_name: str
    kind: RecordKind
    made_by: Feat
    beat: Feat | None

    @property
    def unit(self) -> Unit:
        """The unit of the figures."""
        return UNITS[self.kind]


@dataclass(frozen=True)
class Records:
    """Records by exercise, and the rows that were looked at; `tz` names the zone of the period."""

    tz: str
    formula: FormulaCard
    items: Sequence[PersonalRecord]
    rows: Rows


_SetKind = tuple[Callable[[PerformedSet], _Rank | None], Callable[[PerformedSet], float]]
"""How a set ranks (None: it does not take part), and the figure it is told by."""


def personal_records(performed: Sequence[PerformedSet], formula: FormulaChoice) -> list[PersonalRecord]:
    """Return every record, by exercise; `performed` is in the order of time, a log's sets side by side."""
    by_exercise: defaultdict[tuple[str, str], list[PerformedSet]] = defaultdict(list)
    for one in performed:
        by_exercise[one.exercise, one.exercise_name].append(one)
    return [
        PersonalRecord(exercise, name, kind, made_by, beat)
        for (exercise, name), sets in sorted(by_exercise.items())
        for kind, made_by, beat in _records_of(sets, formula)
    ]


def _records_of(sets: Sequence[PerformedSet], formula: FormulaChoice) -> Iterator[tuple[RecordKind, Feat, Feat | None]]:
    for kind, (rank, value) in _set_kinds(formula).items():
        champions = [_feat(one, value) for one in _champions(sets, rank)]
        if champions:
            yield kind, champions[-1], _before_last(champions)
    yield from (("reps_at_weight", made_by, beat) for made_by, beat in _rep_records(sets))
    volumes = _champions(_volumes(sets), lambda feat: _ranked(feat.value or None))
    if volumes:
        yield "volume", volumes[-1], _before_last(volumes)


def _set_kinds(formula: FormulaChoice) -> dict[RecordKind, _SetKind]:
    def estimate(one: PerformedSet) -> float | None:
        return one.one_rep_max_kg(FORMULAS[formula])

    return {
        "heaviest": (_load, lambda one: one.weight_kg or 0.0),
        "e1rm": (lambda one: _ranked(estimate(one)), lambda one: round(estimate(one) or 0.0, 1)),
        "longest": (lambda one: _ranked(one.duration_seconds), lambda one: one.duration_seconds or 0),
        "farthest": (lambda one: _ranked(one.distance_m), lambda one: one.distance_m or 0.0),
        "fastest": (_speed, lambda one: pace_seconds_per_km(one.duration_seconds or 0, one.distance_m or 1.0)),
    }


def _ranked(figure: float | None) -> _Rank | None:
    return None if figure is None else (figure,)


def _load(one: PerformedSet) -> _Rank | None:
    """Rank by load, and at equal load by repetitions."""
    return (one.weight_kg, one.reps) if one.weight_kg and one.reps else None


def _speed(one: PerformedSet) -> _Rank | None:
    return (one.distance_m / one.duration_seconds,) if one.distance_m and one.duration_seconds else None


def _champions(candidates: Iterable[T], rank: Callable[[T], _Rank | None]) -> list[T]:
    """Return who was best, one after the other; the last still is. The first of equals stays."""
    champions: list[T] = []
    highest: _Rank | None = None
    for one in candidates:
        ranked = rank(one)
        if ranked is not None and (highest is None or ranked > highest):
            champions.append(one)
            highest = ranked
    return champions


def _before_last(champions: Sequence[Feat]) -> Feat | None:
    return champions[-2] if len(champions) > 1 else None


def _volumes(sets: Sequence[PerformedSet]) -> Iterator[Feat]:
    for log in by_log(sets):
        yield Feat(total_kg(log), log[0].log_id, log[0].performed_at)


def _rep_records(sets: Sequence[PerformedSet]) -> Iterator[tuple[Feat, Feat | None]]:
    """Yield, heaviest first, the sets no other beats in both load and repetitions, and what each beat."""
    counted = [(one.reps, one.weight_kg, place, one) for place, one in enumerate(sets) if one.reps is not None]
    heaviest_first = sorted(counted, key=lambda row: (-(row[1] or 0.0), -row[0], row[2]))
    most_reps, found = 0, 0
    for reps, weight_kg, place, one in heaviest_first:
        if reps <= most_reps or found == MOST_REP_RECORDS:
            continue
        most_reps, found = reps, found + 1
        earlier = [row for row in counted if row[2] < place and (row[1] or 0.0) >= (weight_kg or 0.0)]
        beaten = max(earlier, key=lambda row: row[0], default=None)
        yield _feat(one, _reps), _feat(beaten[3], _reps) if beaten else None


def _reps(one: PerformedSet) -> float:
    return one.reps or 0


def _feat(one: PerformedSet, value: Callable[[PerformedSet], float]) -> Feat:
    return Feat(
        value=value(one),
        log_id=one.log_id,
        performed_at=one.performed_at,
        set_position=one.set_position,
        reps=one.reps,
        weight_kg=one.weight_kg,
        duration_seconds=one.duration_seconds,
        distance_m=one.distance_m,
    )

"""What each muscle got in a week, beside what studies found to work."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from coachwork.services.fitness.domain.calendar import day_of, iso_week, monday_of, mondays, sunday_of
from coachwork.services.fitness.domain.performance import PerformedLog, Rows, rows_of_days
from coachwork.services.fitness.schemas.exercises import Muscle
from coachwork.services.fitness.schemas.muscles import BandName

PRIMARY_SHARE = 1.0
SECONDARY_SHARE = 0.5
SHARES_SOURCE = (
    'Pelland JC, Remmert JF, Robinson ZP, Hinson SR, Zourdos MC. "The Resistance Training Dose Response". '
    "Sports Med 2025; doi 10.1007/s40279-025-02344-w"
)
"""A set counts whole for the muscles an exercise trains first and half for those that help: of three ways to count
sets that train a muscle indirectly (whole, half, not at all), half had the strongest evidence."""

LOW_SETS = 10
LOW_SOURCE = (
    'Schoenfeld BJ, Ogborn D, Krieger JW. "Dose-response relationship between weekly resistance training volume and '
    'increases in muscle mass". J Sports Sci 2017;35(11):1073-1082'
)
"""Weekly sets of a muscle from which growth tended to be greater than with five to nine, or fewer."""

HIGH_SETS = 20
HIGH_SOURCE = (
    'Baz-Valle E, Balsalobre-Fernandez C, Alix-Fages C, Santos-Concejero J. "A Systematic Review of the Effects of '
    'Different Resistance Training Volumes on Muscle Hypertrophy". J Hum Kinet 2022;81:199-210'
)
"""Weekly sets of a muscle up to which a review recommends volume to trained people: 12 to 20."""

NOT_COUNTED = frozenset({"conditioning", "mobility"})
"""Movements whose sets are no resistance training; the studies did not count such."""

MAJOR: tuple[Muscle, ...] = (
    "chest", "lats", "upper_back", "front_delts", "side_delts", "rear_delts", "biceps", "triceps",
    "abdominals", "glutes", "quadriceps", "hamstrings", "calves",
)  # fmt: skip
"""Muscles a programme is asked about even when it leaves them out."""

_ORDER = {muscle: place for place, muscle in enumerate(get_args(Muscle))}


@dataclass(frozen=True)
class Counting:
    """How sets and volume are counted to muscles, as callers are told."""

    primary: float = PRIMARY_SHARE
    secondary: float = SECONDARY_SHARE
    source: str = SHARES_SOURCE


@dataclass(frozen=True)
class Range:
    """The published range of weekly sets, as callers are told."""

    low_sets: int = LOW_SETS
    low_source: str = LOW_SOURCE
    high_sets: int = HIGH_SETS
    high_source: str = HIGH_SOURCE


@dataclass(frozen=True)
class TrainedMuscles:
    """Which muscles an exercise trains first, and which help."""

    slug: str
    movement: str
    primary_muscles: Sequence[Muscle]
    secondary_muscles: Sequence[Muscle]


@dataclass
class _Tally:
    primary_sets: int = 0
    secondary_sets: int = 0
    volume_kg: float = 0.0
    log_ids: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class MuscleSets:
    """What a muscle got in a week, and the logs it got it from."""

    muscle: Muscle
    primary_sets: int
    secondary_sets: int
    volume_kg: float
    log_ids: Sequence[UUID]

    @property
    def sets(self) -> float:
        """The sets, those it helped in by half."""
        return self.primary_sets * PRIMARY_SHARE + self.secondary_sets * SECONDARY_SHARE

    @property
    def band(self) -> BandName:
        """Where that lies beside the published range."""
        return band_of(self.sets)


@dataclass(frozen=True)
class MuscleWeek:
    """One ISO 8601 week; muscles that got nothing are left out."""

    starts_on: date
    muscles: Sequence[MuscleSets]
    rows: Rows

    @property
    def iso_week(self) -> str:
        """The week's name, such as 2026-W40."""
        return iso_week(self.starts_on)

    @property
    def ends_on(self) -> date:
        """Its Sunday."""
        return sunday_of(self.starts_on)


@dataclass(frozen=True)
class MuscleAverage:
    """A muscle's sets a week, over every week of the period, those without training too."""

    muscle: Muscle
    sets_per_week: float

    @property
    def band(self) -> BandName:
        """Where that lies beside the published range."""
        return band_of(self.sets_per_week)


@dataclass(frozen=True)
class Muscles:
    """Muscles by week and on average, from the first week's Monday to the last one's Sunday; `tz` names the zone."""

    tz: str
    starts_on: date
    ends_on: date
    weeks: Sequence[MuscleWeek]
    averages: Sequence[MuscleAverage]
    counting: Counting = field(default_factory=Counting)
    range: Range = field(default_factory=Range)


def band_of(sets: float) -> BandName:
    """Return where weekly sets lie beside the published range."""
    if sets < LOW_SETS:
        return "below"
    return "within" if sets <= HIGH_SETS else "above"


def muscle_weeks(
    performed: Sequence[PerformedLog], exercises: Mapping[str, TrainedMuscles], days: tuple[date, date], zone: ZoneInfo
) -> list[MuscleWeek]:
    """Return every week from that of the first of `days` to that of the last; the earliest first."""
    tallies: dict[date, defaultdict[Muscle, _Tally]] = {monday: defaultdict(_Tally) for monday in mondays(*days)}
    for log in performed:
        trained = exercises[log.exercise]
        week = tallies.get(monday_of(day_of(log.performed_at, zone)))
        if week is not None and trained.movement not in NOT_COUNTED:
            _count(week, log, trained)
    return [
        MuscleWeek(monday, _sorted(week), rows_of_days(monday, sunday_of(monday), zone))
        for monday, week in tallies.items()
    ]


def averages(weeks: Sequence[MuscleWeek]) -> list[MuscleAverage]:
    """Return the average of each muscle that was trained in the weeks, of which there is one, and of each major one."""
    sets: defaultdict[Muscle, float] = defaultdict(float, dict.fromkeys(MAJOR, 0.0))
    for week in weeks:
        for one in week.muscles:
            sets[one.muscle] += one.sets
    return [MuscleAverage(muscle, round(sets[muscle] / len(weeks), 2)) for muscle in _in_order(sets)]


def _count(week: defaultdict[Muscle, _Tally], log: PerformedLog, trained: TrainedMuscles) -> None:
    for muscle in trained.primary_muscles:
        tally = week[muscle]
        tally.primary_sets += log.sets
        tally.volume_kg += log.volume_kg * PRIMARY_SHARE
        tally.log_ids.append(log.log_id)
    for muscle in trained.secondary_muscles:
        tally = week[muscle]
        tally.secondary_sets += log.sets
        tally.volume_kg += log.volume_kg * SECONDARY_SHARE
        tally.log_ids.append(log.log_id)


def _sorted(week: Mapping[Muscle, _Tally]) -> list[MuscleSets]:
    return [
        MuscleSets(muscle, tally.primary_sets, tally.secondary_sets, round(tally.volume_kg, 2), tally.log_ids)
        for muscle, tally in ((muscle, week[muscle]) for muscle in _in_order(week))
    ]


def _in_order(muscles: Collection[Muscle]) -> list[Muscle]:
    return sorted(muscles, key=lambda muscle: _ORDER[muscle])

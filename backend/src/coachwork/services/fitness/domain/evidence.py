"""From logged rows to the values a goal is judged by."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from coachwork.services.fitness.domain.body import Weighing, smoothed
from coachwork.services.fitness.domain.calendar import monday_of
from coachwork.services.fitness.domain.goals import SESSION_WEEKS, Evidence
from coachwork.services.fitness.domain.regression import Point
from coachwork.services.fitness.domain.strength import epley_kg, is_reliable

_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class LiftedSet:
    """The heaviest set of so many repetitions in a week, and the log it is in."""

    log_id: UUID
    performed_at: datetime
    reps: int
    weight_kg: float


@dataclass(frozen=True)
class TrainingDay:
    """A day in UTC with training, and its logs."""

    day: date
    log_ids: Sequence[UUID]


def weight_evidence(weighings: Sequence[Weighing]) -> Evidence:
    """Return weights as they were, judged by their trend."""
    return Evidence(
        readings=[Point(one.measured_at, one.weight_kg, (one.measurement_id,)) for one in weighings],
        judged=[Point(one.measured_at, one.trend_kg, (one.measurement_id,)) for one in smoothed(weighings)],
    )


def strength_evidence(sets: Sequence[LiftedSet]) -> Evidence:
    """Return the best estimated one-rep maximum of each ISO week that has one: light days are no weakness.

    Source: `strength.epley_kg`.
    """
    weeks: defaultdict[date, list[Point]] = defaultdict(list)
    for one in sets:
        if is_reliable(one.reps, one.weight_kg):
            estimate = Point(one.performed_at, epley_kg(one.reps, one.weight_kg), (one.log_id,))
            weeks[monday_of(one.performed_at.astimezone(UTC).date())].append(estimate)
    best = [max(points, key=lambda point: point.value) for points in weeks.values()]
    best.sort(key=lambda point: point.at)
    return Evidence(best, best)


def session_evidence(days: Sequence[TrainingDay], since: date, now: datetime) -> Evidence:
    """Return the days with training of each whole week from that of `since` on, judged by the mean of four weeks.

    A week's value is told at its end; a week without training counts as one with none.
    """
    log_ids: defaultdict[date, list[UUID]] = defaultdict(list)
    counts: defaultdict[date, int] = defaultdict(int)
    for one in days:
        monday = monday_of(one.day)
        counts[monday] += 1
        log_ids[monday].extend(one.log_ids)
    readings, monday = [], monday_of(since)
    while monday + _WEEK <= now.date():
        end = datetime.combine(monday + _WEEK, time(), UTC)
        readings.append(Point(end, float(counts[monday]), tuple(log_ids[monday])))
        monday += _WEEK
    return Evidence(
        readings, [_mean(readings[end - SESSION_WEEKS : end]) for end in range(SESSION_WEEKS, len(readings) + 1)]
    )


def _mean(weeks: Sequence[Point]) -> Point:
    return Point(
        weeks[-1].at,
        sum(week.value for week in weeks) / len(weeks),
        tuple(row_id for week in weeks for row_id in week.row_ids),
    )

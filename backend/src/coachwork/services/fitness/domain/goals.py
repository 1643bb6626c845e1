"""What a goal is, what counts as its value, and how it stands; derived from what was logged, never stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from coachwork.services.fitness.domain.projection import Projection, project, reached_already
from coachwork.services.fitness.domain.regression import Point
from coachwork.services.fitness.schemas.goals import GoalKind, GoalSite, GoalStatus, GoalUnit, StartSource

SESSION_WEEKS = 4
"""A weekly number of sessions is the mean of this many whole weeks: one good week is no habit."""

MEASURED_BY: dict[GoalKind, str] = {
    "body_weight": "the smoothed trend of body weight: a single weighing swings by a kilogram or two",
    "one_rep_max": "the best estimate (Epley) of the four weeks up to the latest; reached by any one set",
    "weekly_sessions": "days with training, the mean of four whole ISO weeks in UTC",
    "measurement": "the latest measurement",
}
_SESSION_WINDOW = timedelta(weeks=SESSION_WEEKS)
_ONE_REP_MAX_WINDOW = timedelta(weeks=4)
_LIMITS: dict[GoalKind | GoalSite, tuple[float, float]] = {
    "body_weight": (20, 500),
    "one_rep_max": (1, 1000),
    "weekly_sessions": (1, 7),
    "body_fat": (1, 75),
    "measurement": (5, 300),
}


@dataclass(frozen=True)
class Subject:
    """What a goal is about; `name` is an exercise's slug or a site."""

    kind: GoalKind
    name: str | None = None


@dataclass(frozen=True)
class Goal:
    """A goal as it is stored; `exercise` is a slug, `version` counts its changes."""

    id: UUID
    kind: GoalKind
    exercise: str | None
    exercise_name: str | None
    site: GoalSite | None
    start_value: float
    start_source: StartSource
    started_at: datetime
    target_value: float
    due_on: date
    note: str
    archived_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime

    @property
    def subject(self) -> Subject:
        """What it is about."""
        return Subject(self.kind, self.exercise or self.site)

    @property
    def unit(self) -> GoalUnit:
        """The unit of its values."""
        return unit_of(self.kind, self.site)

    def is_met_by(self, value: float) -> bool:
        """Whether a value is at the target or beyond it, to a hundredth."""
        beyond = round(value, 2) - self.target_value
        return beyond >= 0 if self.target_value > self.start_value else beyond <= 0


@dataclass(frozen=True)
class Evidence:
    """What was logged of a goal's subject, the earliest first: as it was, and as it counts (`MEASURED_BY`)."""

    readings: Sequence[Point] = ()
    judged: Sequence[Point] = ()


@dataclass(frozen=True)
class Assessment:
    """How a goal stands."""

    status: GoalStatus
    reached_at: datetime | None
    current: Point | None
    progress_percent: float | None
    projection: Projection | None


def unit_of(kind: GoalKind, site: GoalSite | None) -> GoalUnit:
    """Return the unit of a kind's values."""
    if kind == "weekly_sessions":
        return "sessions_per_week"
    if kind == "measurement":
        return "percent" if site == "body_fat" else "cm"
    return "kg"


def limits_of(kind: GoalKind, site: GoalSite | None) -> tuple[float, float]:
    """Return the least and the most a target of this kind can be."""
    return _LIMITS["body_fat" if site == "body_fat" else kind]


def current_of(kind: GoalKind, evidence: Evidence) -> Point | None:
    """Return the value that counts now, as `MEASURED_BY` says; None while nothing was logged."""
    if not evidence.judged:
        return None
    if kind != "one_rep_max":
        return evidence.judged[-1]
    since = evidence.judged[-1].at - _ONE_REP_MAX_WINDOW
    return max((point for point in evidence.judged if point.at >= since), key=lambda point: point.value)


def assess(goal: Goal, evidence: Evidence, now: datetime) -> Assessment:
    """Return how a goal stands at a moment."""
    current = current_of(goal.kind, evidence)
    reached_at = _reached_at(goal, evidence.judged)
    status = _status(goal, reached_at, now)
    projection = None
    if status == "reached":
        projection = reached_already()
    elif status != "archived":
        projection = project(
            evidence.readings,
            start=goal.start_value,
            target=goal.target_value,
            unit=goal.unit,
            weekly=goal.kind in ("one_rep_max", "weekly_sessions"),
            due_on=goal.due_on,
            now=now,
        )
    way = goal.target_value - goal.start_value
    progress = None if current is None else round((round(current.value, 2) - goal.start_value) / way * 100, 1) + 0.0
    return Assessment(status, reached_at, current, progress, projection)


def _reached_at(goal: Goal, judged: Sequence[Point]) -> datetime | None:
    """Return when a value first counted as the target; a mean of weeks counts when all of them were after the start."""
    since = goal.started_at + (_SESSION_WINDOW if goal.kind == "weekly_sessions" else timedelta())
    return next((point.at for point in judged if point.at >= since and goal.is_met_by(point.value)), None)


def _status(goal: Goal, reached_at: datetime | None, now: datetime) -> GoalStatus:
    if goal.archived_at is not None:
        return "archived"
    if reached_at is not None and reached_at.date() <= goal.due_on:
        return "reached"
    return "missed" if now.date() > goal.due_on else "active"

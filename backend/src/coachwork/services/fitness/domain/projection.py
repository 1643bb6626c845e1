"""When a straight line through recent values would meet a target: with its doubt, or not at all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from coachwork.services.fitness.domain.regression import (
    FEWEST_DAYS,
    METHOD,
    SHORTEST_SPAN,
    Line,
    Point,
    Rate,
    fitted,
    rate_of,
)
from coachwork.services.fitness.schemas.goals import GoalUnit, ProjectionState

CONFIDENCE = 0.80
"""Four in five: wide enough to mean something, narrow enough to plan with."""

FURTHEST = timedelta(days=365)
"""A few weeks of values say nothing of more than a year from now."""

_DAILY_WINDOW, _WEEKLY_WINDOW = timedelta(weeks=8), timedelta(weeks=12)
_DAY = timedelta(days=1)
_UNITS: dict[GoalUnit, str] = {"kg": " kg", "cm": " cm", "percent": " %", "sessions_per_week": " sessions a week"}
_PROJECTION_METHOD = (
    f"{METHOD}. The dates are those at which the line, and the two edges of its {CONFIDENCE:.0%} prediction interval"
    f" for a single value, meet the target; none more than {FURTHEST.days} days ahead"
)


@dataclass(frozen=True)
class Projection:
    """Where recent values lead; dates only where the values carry them."""

    state: ProjectionState
    sentence: str
    earliest_on: date | None = None
    likely_on: date | None = None
    latest_on: date | None = None
    rate: Rate | None = None
    interval_percent: int = round(CONFIDENCE * 100)
    method: str = _PROJECTION_METHOD


def reached_already() -> Projection:
    """Return the projection of a goal that is reached."""
    return Projection("reached", "You have reached it.")


def project(
    readings: Sequence[Point],
    *,
    start: float,
    target: float,
    unit: GoalUnit,
    weekly: bool,
    due_on: date,
    now: datetime,
) -> Projection:
    """Return where the readings of the last weeks lead: eight weeks of them, or twelve where each is a week's.

    The readings come the earliest first. `start` tells on which side of the target one comes from.
    """
    window = _WEEKLY_WINDOW if weekly else _DAILY_WINDOW
    recent = [point for point in readings if now - window <= point.at <= now + _DAY]
    line = fitted(recent)
    if line is None:
        return Projection("not_enough_data", _not_enough(len(recent), window))
    ahead = _Ahead(line, 1 if target > start else -1, target, now)
    rate = rate_of(line, recent, confidence=CONFIDENCE)
    slope, margin = ahead.direction * line.slope, line.slope_margin(CONFIDENCE)
    pace = f"{rate.per_week:+.2g}{_UNITS[unit]} each week since {recent[0].at.date()}"
    if slope + margin < 0:
        return Projection("moving_away", f"At the moment you are moving away from it: {pace}.", rate=rate)
    if slope - margin <= 0:
        sentence = f"No clear trend yet: {pace}, and the values would also fit no change at all. No date can be told."
        return Projection("no_clear_trend", sentence, rate=rate)
    return _dated(ahead, pace, rate, due_on)


@dataclass(frozen=True)
class _Ahead:
    """A line seen from now on; `direction` is 1 where the target lies above."""

    line: Line
    direction: int
    target: float
    now: datetime

    def margin(self, days: float) -> float:
        return self.line.prediction_margin(days, CONFIDENCE)

    def first_day(self, allowance: Callable[[float], float]) -> date | None:
        """Return the first day the line, with the allowance towards the target, is at it; None within a year."""
        for ahead in range(FURTHEST.days + 1):
            days = (self.now - self.line.origin) / _DAY + ahead
            if self.direction * (self.line.at(days) - self.target) + allowance(days) >= 0:
                return (self.now + timedelta(days=ahead)).date()
        return None


def _dated(ahead: _Ahead, pace: str, rate: Rate, due_on: date) -> Projection:
    """Return the days of a trend that clearly leads towards the target."""
    likely_on = ahead.first_day(lambda _: 0.0)
    if likely_on is None:
        sentence = f"You are moving towards it, {pace}, but at that pace it is more than a year away."
        return Projection("too_far_ahead", sentence, rate=rate)
    earliest_on, latest_on = ahead.first_day(ahead.margin), ahead.first_day(lambda days: -ahead.margin(days))
    return Projection(
        state="on_time" if likely_on <= due_on else "late",
        sentence=f"{pace}. {_dates(earliest_on, likely_on, latest_on, due_on)}",
        earliest_on=earliest_on,
        likely_on=likely_on,
        latest_on=latest_on,
        rate=rate,
    )


def _not_enough(count: int, window: timedelta) -> str:
    return (
        f"Not enough data: {count} usable value{'' if count == 1 else 's'} in the last {window.days // 7} weeks. A"
        f" projection wants at least {FEWEST_DAYS}, over at least {SHORTEST_SPAN.days} days, that do not all hang on"
        " each other."
    )


def _dates(earliest_on: date | None, likely_on: date, latest_on: date | None, due_on: date) -> str:
    until = f"to {latest_on}" if latest_on else "to more than a year from now"
    compared = "by" if likely_on <= due_on else "after"
    doubt = ""
    if likely_on <= due_on and (latest_on is None or latest_on > due_on):
        doubt = " Part of that range lies after it."
    return (
        f"If that went on in a straight line, you would be there around {likely_on} (four in five: {earliest_on}"
        f" {until}), {compared} your day, {due_on}.{doubt} Change tends to slow down, so read it as the early side;"
        " it is no promise."
    )

"""How goals stand: what counts as their value, and where the values lead."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from tests.e2e.season.compare import Near
from tests.e2e.season.ledger.body import Value, projection, smoothed
from tests.e2e.season.ledger.book import WEEK, Book, monday_of
from tests.e2e.season.ledger.strength import epley

Json = dict[str, Any]


def best_of_weeks(book: Book, exercise: str) -> list[tuple[datetime, Fraction]]:
    """Return the best estimate of each week in UTC, when it was lifted."""
    best: dict[date, tuple[datetime, Fraction]] = {}
    for one in book.sets_of(exercise):
        estimate, monday = epley(one.done), monday_of(one.log.at.astimezone(UTC).date())
        if estimate is not None and (monday not in best or estimate > best[monday][1]):
            best[monday] = (one.log.at, estimate)
    return [best[monday] for monday in sorted(best)]


def training_days(book: Book, now: datetime) -> list[Value]:
    """Return the days with training of each whole week of the last thirteen, told at its end."""
    counts = Counter(monday_of(day) for day in {log.at.astimezone(UTC).date() for log in book.logs})
    this = monday_of(now.date())
    mondays = [this - ahead * WEEK for ahead in range(13, 0, -1)]
    return [(datetime.combine(monday + WEEK, time(), UTC), float(counts[monday])) for monday in mondays]


def standing(current: Fraction | float | None, start: float, target: float, told: Json) -> Json:
    """Return what `GET /goals` shows of a goal that is not reached."""
    progress = None if current is None else Near((round(float(current), 2) - start) / (target - start) * 100, 1)
    return {
        "status": "active",
        "start_value": start,
        "current": None if current is None else {"value": Near(current, 2)},
        "progress_percent": progress,
        "projection": told,
    }


def by_trend(weighings: Sequence[Value], target: float, due_on: date, now: datetime) -> Json:
    """Return how a goal of body weight stands that began where the trend is."""
    trend = smoothed(weighings)[-1]
    start, recent = round(trend, 2), within(weighings, now, 8)
    return standing(trend, start, target, projection(recent, start, target, due_on, now))


def by_readings(values: Sequence[Value], target: float, due_on: date, now: datetime) -> Json:
    """Return how a goal of a measurement stands that began at the latest."""
    start = values[-1][1]
    return standing(start, start, target, projection(within(values, now, 8), start, target, due_on, now))


def by_strength(book: Book, exercise: str, target: float, due_on: date, now: datetime) -> Json:
    """Return how a goal of a one-rep maximum stands that began at the best of four weeks."""
    weeks = best_of_weeks(book, exercise)
    current = max(value for at, value in weeks if at >= weeks[-1][0] - 4 * WEEK)
    values = [(at, float(value)) for at, value in weeks]
    start = round(float(current), 2)
    return standing(current, start, target, projection(within(values, now, 12), start, target, due_on, now))


def by_sessions(book: Book, target: float, due_on: date, now: datetime) -> Json:
    """Return how a goal of weekly sessions stands that began at the mean of four weeks."""
    weeks = training_days(book, now)
    mean = sum(value for _, value in weeks[-4:]) / 4
    return standing(mean, round(mean, 2), target, projection(within(weeks, now, 12), mean, target, due_on, now))


def within(values: Sequence[Value], now: datetime, weeks: int) -> list[Value]:
    """Return the values of the last weeks."""
    return [one for one in values if now - timedelta(weeks=weeks) <= one[0] <= now + timedelta(days=1)]

"""What `GET /workouts-db/progress` shows: totals, each exercise's bests, weeks in UTC."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.season.compare import Near, moment
from tests.e2e.season.ledger.book import Book, Done, Log, Trained, week_name, week_of
from tests.e2e.season.ledger.strength import brzycki, epley

Json = dict[str, Any]
UTC_ZONE = ZoneInfo("UTC")


def totals(logs: Iterable[Log]) -> Json:
    """Return what some logs add up to."""
    logs = list(logs)
    sets = [done for log in logs for done in log.sets]
    return {
        "sessions": len(logs),
        "sets": len(sets),
        "reps": sum(done.reps or 0 for done in sets),
        "volume_kg": Near(sum(log.volume_kg for log in logs), 2),
        "duration_seconds": sum(done.duration_seconds or 0 for done in sets),
        "distance_m": Near(sum(done.distance_m or 0 for done in sets), 2),
    }


def overview(book: Book) -> Json:
    """Return the whole answer."""
    by_sets = sorted(book.exercises, key=lambda slug: (-sum(len(log.sets) for log in book.of(slug)), slug))
    weeks: defaultdict[date, list[Log]] = defaultdict(list)
    for log in book.logs:
        weeks[week_of(log.at, UTC_ZONE)].append(log)
    return {
        "totals": totals(book.logs),
        "exercises": [_exercise(book, slug) for slug in by_sets],
        "weeks": [
            {"iso_week": week_name(monday), "starts_on": str(monday), "totals": totals(weeks[monday])}
            for monday in sorted(weeks)
        ],
    }


def _exercise(book: Book, slug: str) -> Json:
    logs, sets = book.of(slug), list(book.sets_of(slug))
    return {
        "exercise": slug,
        "exercise_name": book.names[slug],
        "totals": totals(logs),
        "first_performed_at": moment(logs[0].at),
        "last_performed_at": moment(logs[-1].at),
        "best_epley": _best_estimate(sets, epley),
        "best_brzycki": _best_estimate(sets, brzycki),
        "heaviest_set": _set(_first_best(sets, _load)),
        "best_session": _best_session(logs),
        "average_pace_seconds_per_km": _average_pace(sets),
        "longest_set": _stretch(_first_best(sets, lambda done: done.duration_seconds)),
        "farthest_set": _stretch(_first_best(sets, lambda done: done.distance_m)),
        "fastest_set": _stretch(_first_best(sets, _speed)),
    }


def _load(done: Done) -> tuple[float, int] | None:
    return (done.weight_kg, done.reps) if done.weight_kg and done.reps else None


def _speed(done: Done) -> Fraction | None:
    paced = done.distance_m and done.duration_seconds
    return Fraction(str(done.distance_m)) / (done.duration_seconds or 1) if paced else None


def _first_best(sets: Sequence[Trained], rank: Callable[[Done], Any]) -> Trained | None:
    """Return the set that ranks highest, the first of equals."""
    ranked = [one for one in sets if rank(one.done) is not None]
    return max(ranked, key=lambda one: rank(one.done)) if ranked else None


def _best_estimate(sets: Sequence[Trained], formula: Callable[[Done], Fraction | None]) -> Json | None:
    best = _first_best(sets, formula)
    return {"estimate_kg": Near(formula(best.done) or 0), "made_by": _set(best)} if best else None


def _set(one: Trained | None) -> Json | None:
    if one is None:
        return None
    done = {"reps": one.done.reps, "weight_kg": one.done.weight_kg}
    return {"log_id": one.log.id, "performed_at": moment(one.log.at), **done}


def _stretch(one: Trained | None) -> Json | None:
    if one is None:
        return None
    done, speed = one.done, _speed(one.done)
    return {
        "log_id": one.log.id,
        "performed_at": moment(one.log.at.astimezone(UTC)),
        "duration_seconds": done.duration_seconds,
        "distance_m": done.distance_m,
        "weight_kg": done.weight_kg,
        "pace_seconds_per_km": Near(1000 / speed) if speed else None,
    }


def _best_session(logs: Sequence[Log]) -> Json:
    def rank(log: Log) -> tuple[float, float, int]:
        far, long = (sum(getattr(done, name) or 0 for done in log.sets) for name in ("distance_m", "duration_seconds"))
        return log.volume_kg, far, long

    best = max(logs, key=rank)
    return {"log_id": best.id, "performed_at": moment(best.at), "volume_kg": Near(best.volume_kg, 2)}


def _average_pace(sets: Sequence[Trained]) -> Near | None:
    paced = [one.done for one in sets if one.done.distance_m and one.done.duration_seconds]
    if not paced:
        return None
    far = sum(Fraction(str(done.distance_m)) for done in paced)
    return Near(sum(done.duration_seconds or 0 for done in paced) * 1000 / far)

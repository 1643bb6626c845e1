"""One-rep maxima and records, by the formulas as published: Epley 1985, Brzycki 1993; twelve repetitions at most."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from tests.e2e.season.compare import Near, moment
from tests.e2e.season.ledger.book import Book, Done, Log, Trained

Json = dict[str, Any]
Rank = Callable[[Trained], Any]


def epley(done: Done) -> Fraction | None:
    """Return weight x (1 + reps / 30); a single is its own maximum."""
    return _estimate(done, lambda load, reps: load if reps == 1 else load * (30 + reps) / 30)


def brzycki(done: Done) -> Fraction | None:
    """Return weight x 36 / (37 - reps)."""
    return _estimate(done, lambda load, reps: load * 36 / (37 - reps))


def _estimate(done: Done, formula: Callable[[Fraction, int], Fraction]) -> Fraction | None:
    if not done.reps or done.reps > 12 or not done.weight_kg:
        return None
    return formula(Fraction(str(done.weight_kg)), done.reps)


def champions(sets: Iterable[Trained], rank: Rank) -> list[Trained]:
    """Return the sets that were the best so far when they were done; the last still is."""
    best: list[Trained] = []
    for one in sets:
        ranked = rank(one)
        if ranked is not None and (not best or ranked > rank(best[-1])):
            best.append(one)
    return best


def series(book: Book, exercise: str) -> Json:
    """Return what `GET /progress/exercises/{slug}` shows."""
    points, highest = [], Fraction(0)
    for log in book.of(exercise):
        estimates = [(epley(done), -place) for place, done in enumerate(log.sets) if epley(done) is not None]
        kilograms, place = max(estimates, default=(None, 0))
        is_record = kilograms is not None and kilograms > highest
        highest = max(highest, kilograms or Fraction(0))
        best = kilograms and {"estimate_kg": Near(kilograms), "made_by": made_by(log, -place)}
        points.append(
            {
                "log_id": log.id,
                "performed_at": moment(log.at),
                "sets": len(log.sets),
                "reps": sum(done.reps or 0 for done in log.sets),
                "volume_kg": Near(log.volume_kg, 2),
                "best": best,
                "is_record": is_record,
            }
        )
    bests = [point["best"] for point in points if point["is_record"]]
    volume = Near(sum(log.volume_kg for log in book.of(exercise)), 2)
    return {"points": points, "best": bests[-1] if bests else None, "volume_kg": volume}


def made_by(log: Log, place: int) -> Json:
    """Return the set a figure came from, as the API names it."""
    done = log.sets[place]
    return {
        "log_id": log.id,
        "set_position": place,
        "performed_at": moment(log.at),
        "reps": done.reps,
        "weight_kg": done.weight_kg,
        "duration_seconds": done.duration_seconds,
        "distance_m": done.distance_m,
    }


def _speed(done: Done) -> Fraction | None:
    if not done.distance_m or not done.duration_seconds:
        return None
    return Fraction(str(done.distance_m)) / done.duration_seconds


def _pace(done: Done) -> Near:
    return Near(1000 / (_speed(done) or 1))


KINDS: dict[str, tuple[Rank, Callable[[Done], Any]]] = {
    "heaviest": (
        lambda one: (one.done.weight_kg, one.done.reps) if one.done.reps and one.done.weight_kg else None,
        lambda done: done.weight_kg,
    ),
    "e1rm": (lambda one: epley(one.done), lambda done: Near(epley(done) or 0)),
    "longest": (lambda one: one.done.duration_seconds, lambda done: done.duration_seconds),
    "farthest": (lambda one: one.done.distance_m, lambda done: done.distance_m),
    "fastest": (lambda one: _speed(one.done), _pace),
}


def records(book: Book) -> list[Json]:
    """Return what `GET /progress/records` shows, by exercise and kind."""
    found: list[Json] = []
    for exercise in book.exercises:
        sets = list(book.sets_of(exercise))
        for kind, (rank, value) in KINDS.items():
            best = champions(sets, rank)
            if best:
                feats = [{"value": value(one.done), **made_by(one.log, one.place)} for one in best[-2:]]
                found.append(_record(exercise, kind, feats[-1], feats[-2] if len(feats) > 1 else None))
        found += _repetitions(exercise, sets)
        found += _volumes(exercise, book.of(exercise))
    return found


def _record(exercise: str, kind: str, feat: Json, beat: Json | None) -> Json:
    return {"exercise": exercise, "kind": kind, "made_by": feat, "beat": beat}


def _repetitions(exercise: str, sets: list[Trained]) -> list[Json]:
    """Return, for each load, the most repetitions when no load as heavy has as many."""
    lifted = [one for one in sets if one.done.reps]
    counted = [(one.done.weight_kg or 0.0, one.done.reps or 0, -place, one) for place, one in enumerate(lifted)]
    found = []
    for load, reps, place, one in sorted(counted, key=lambda row: row[:3], reverse=True):
        rivals = [row for row in counted if row[0] >= load and row is not one]
        if any((row[1], row[0], row[2]) > (reps, load, place) for row in rivals):
            continue
        before = [row for row in rivals if row[2] > place]
        beat = max(before, key=lambda row: (row[1], row[2]))[3] if before else None
        feats = [{"value": it.done.reps, **made_by(it.log, it.place)} if it else None for it in (one, beat)]
        found.append(_record(exercise, "reps_at_weight", feats[0] or {}, feats[1]))
    return found


def _volumes(exercise: str, logs: list[Log]) -> list[Json]:
    best: list[Log] = []
    for log in logs:
        if log.volume_kg > (best[-1].volume_kg if best else 0):
            best.append(log)
    feats = [
        {"value": Near(log.volume_kg, 2), "log_id": log.id, "set_position": None, "performed_at": moment(log.at)}
        for log in best[-2:]
    ]
    if not feats:
        return []
    return [_record(exercise, "volume", feats[-1], feats[-2] if len(feats) > 1 else None)]

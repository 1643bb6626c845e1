"""What `GET /progress/muscles`, `/streaks` and `/adherence` show, in the weeks of a time zone."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.season.compare import InAnyOrder, Near
from tests.e2e.season.ledger.book import WEEK, Book, Log, monday_of, week_name, week_of

Json = dict[str, Any]
LOW, HIGH = 10, 20
NOT_RESISTANCE = {"conditioning", "mobility"}


def weeks_between(first: date, last: date) -> Iterator[date]:
    """Yield the Mondays from that of one day to that of another."""
    monday = monday_of(first)
    while monday <= last:
        yield monday
        monday += WEEK


def band(sets: float) -> str:
    """Return where weekly sets lie beside 10 to 20."""
    return "below" if sets < LOW else "above" if sets > HIGH else "within"


def muscles(book: Book, movements: dict[str, str], first: date, last: date, zone: ZoneInfo) -> Json:
    """Return sets and volume of each muscle and week: whole where it is trained first, half where it helps."""
    got: dict[date, defaultdict[str, list[tuple[Log, float]]]] = {
        monday: defaultdict(list) for monday in weeks_between(first, last)
    }
    for log in book.logs:
        week = got.get(week_of(log.at, zone))
        if week is None or movements[log.exercise] in NOT_RESISTANCE:
            continue
        for share, names in zip((1.0, 0.5), book.muscles[log.exercise], strict=True):
            for muscle in names:
                week[muscle].append((log, share))
    return {
        "starts_on": str(monday_of(first)),
        "ends_on": str(monday_of(last) + timedelta(days=6)),
        "weeks": [
            {"iso_week": week_name(monday), "starts_on": str(monday), "muscles": _by_name(week)}
            for monday, week in got.items()
        ],
    }


def _by_name(week: dict[str, list[tuple[Log, float]]]) -> dict[str, Json]:
    return {
        muscle: {
            "sets": sum(len(log.sets) * share for log, share in shares),
            "primary_sets": sum(len(log.sets) for log, share in shares if share == 1),
            "secondary_sets": sum(len(log.sets) for log, share in shares if share < 1),
            "volume_kg": Near(sum(log.volume_kg * share for log, share in shares), 2),
            "band": band(sum(len(log.sets) * share for log, share in shares)),
            "log_ids": InAnyOrder([log.id for log, _ in shares]),
        }
        for muscle, shares in week.items()
    }


def average_sets(told: Json) -> dict[str, Json]:
    """Return each muscle's mean over all weeks of what `muscles` returned, weeks without training too."""
    sums: defaultdict[str, float] = defaultdict(float)
    for week in told["weeks"]:
        for muscle, got in week["muscles"].items():
            sums[muscle] += got["sets"]
    means = {muscle: total / len(told["weeks"]) for muscle, total in sums.items()}
    return {muscle: {"sets_per_week": Near(mean, 2), "band": band(mean)} for muscle, mean in means.items()}


def streaks(book: Book, at_least: int, now: datetime, zone: ZoneInfo) -> Json:
    """Return the weeks in a row with so many days with training: the run that is alive, the longest, this week."""
    days: defaultdict[date, set[date]] = defaultdict(set)
    for log in book.logs:
        days[week_of(log.at, zone)].add(log.at.astimezone(zone).date())
    runs: list[list[date]] = []
    for monday in sorted(monday for monday, trained in days.items() if len(trained) >= at_least):
        if runs and monday - runs[-1][-1] == WEEK:
            runs[-1].append(monday)
        else:
            runs.append([monday])
    this = week_of(now, zone)
    alive = [run for run in runs if run[-1] in {this, this - WEEK}]
    longest = max(runs, key=lambda run: (len(run), run[0]), default=None)
    return {
        "this_week": {"iso_week": week_name(this), "starts_on": str(this), "sessions": len(days[this])},
        "current": _run(alive[-1]) if alive else None,
        "longest": _run(longest) if longest else None,
    }


def _run(mondays: Sequence[date]) -> Json:
    ends_on = mondays[-1] + timedelta(days=6)
    return {"weeks": len(mondays), "starts_on": str(mondays[0]), "ends_on": str(ends_on)}

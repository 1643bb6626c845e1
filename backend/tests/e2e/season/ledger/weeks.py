"""What `GET /progress/muscles`, `/streaks` and `/adherence` show, in the weeks of a time zone."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.e2e.season.compare import InAnyOrder, Near
from tests.e2e.season.ledger.book import WEEK, Book, Log, monday_of, week_name, week_of
from tests.e2e.season.script import Season

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


def days_done(done: Sequence[Json], season: Season, planned: int = 3) -> list[Json]:
    """Return each week of a programme in UTC, this week too, with the days that were done."""
    weeks = weeks_between(season.monday.date(), season.now.date())
    return [
        {
            "starts_on": str(monday),
            "planned": planned,
            "done": [
                one
                for one in done
                if monday_of(datetime.fromisoformat(one["started_at"]).astimezone(UTC).date()) == monday
            ],
        }
        for monday in weeks
    ]


def outcomes(planned: Sequence[Json], today: date) -> dict[str, Json]:
    """Return what became of each planned workout, by its id."""
    return {
        one["workout_id"]: {
            "scheduled_on": str(one["scheduled_on"]),
            "log_ids": one["log_ids"],
            "outcome": "done" if one["log_ids"] else "upcoming" if one["scheduled_on"] >= today else "missed",
        }
        for one in planned
    }


@dataclass(frozen=True)
class Followed:
    """A programme that is followed from a day on: so many days a week, and when they were done."""

    name: str
    days_per_week: int
    since: date
    done_on: Sequence[date]

    def week(self, monday: date, today: date) -> Json | None:
        """Return what became of a week; of the first one its share was planned; more than that makes up nothing."""
        days = sum(monday + timedelta(days=place) >= self.since for place in range(7))
        planned = round(self.days_per_week * days / 7)
        done = min(planned, sum(monday_of(day) == monday for day in self.done_on))
        is_over = monday + WEEK <= today
        left = "missed" if is_over else "upcoming"
        counts = {"planned": planned, "done": done, "missed": 0, "upcoming": 0, left: planned - done}
        return {"name": self.name, "total": counts} if planned else None


def adherence(planned: Sequence[Json], programmes: Sequence[Followed], season: Season, today: date) -> Json:
    """Return what became of what was planned for days, and by programmes for weeks; the totals count both."""
    weeks = []
    for monday in weeks_between(*season.period):
        workouts = outcomes([one for one in planned if monday_of(one["scheduled_on"]) == monday], today)
        followed = [week for one in programmes if (week := one.week(monday, today))]
        counted = Counter(one["outcome"] for one in workouts.values())
        totals = [{**counted, "planned": len(workouts)}, *(one["total"] for one in followed)]
        weeks.append(
            {
                "starts_on": str(monday),
                "total": _sum(totals),
                "workouts": list(workouts.values()),
                "programmes": followed,
            }
        )
    return {"total": _sum([week["total"] for week in weeks]), "weeks": weeks}


def _sum(totals: Sequence[Json]) -> Json:
    counts = {name: sum(one.get(name, 0) for one in totals) for name in ("planned", "done", "missed", "upcoming")}
    due = counts["done"] + counts["missed"]
    return {**counts, "percent": Near(100 * counts["done"] / due) if due else None}

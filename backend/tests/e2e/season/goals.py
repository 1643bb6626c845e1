"""What the ledger says of goals and pictures, put together from what the story tells."""

from datetime import UTC, date, datetime
from typing import Any

from tests.e2e.season.compare import Near
from tests.e2e.season.ledger.body import smoothed
from tests.e2e.season.ledger.book import week_of
from tests.e2e.season.ledger.goals import by_readings, by_sessions, by_strength, by_trend, standing
from tests.e2e.season.ledger.strength import epley
from tests.e2e.season.ledger.weeks import Followed, adherence, average_sets, muscles, weeks_between
from tests.e2e.season.script import HOME
from tests.e2e.season.story import Story

Json = dict[str, Any]
BENCH = "barbell-bench-press"


def goals(story: Story) -> dict[str, Json]:
    """Return how each goal stands."""
    now, due_on = datetime.now(UTC), date.fromisoformat(story.goals["weight"]["due_on"])
    nothing = {"state": "not_enough_data", "likely_on": None, "rate": None}
    return {
        "weight": by_trend(story.season.weighings, 81.5, due_on, now),
        "waist": by_readings(story.waists, 85.0, due_on, now),
        "hips": by_readings(story.hips, 95.0, due_on, now),
        "neck": standing(None, 41.0, 39.0, nothing),
        "bench": by_strength(story.book, BENCH, 120.0, due_on, now),
        "squat": {
            "status": "reached",
            "current": {"value": Near(story.heavy_kg, 2)},
            "progress_percent": 100.0,
            "projection": {"state": "reached"},
        },
        "sessions": by_sessions(story.book, 6.0, due_on, now),
    }


def kept(story: Story) -> Json:
    """Return what became of what was planned, as it is told at home."""
    now = datetime.now(HOME).date()
    days = [datetime.fromisoformat(one["started_at"]).astimezone(HOME).date() for one in story.done_days]
    accepted = story.accepted
    since = datetime.fromisoformat(accepted["active_since"]).astimezone(HOME).date()
    programmes = [
        Followed("Autumn", 3, days[0], days),
        Followed(accepted["name"], accepted["days_per_week"], since, []),
    ]
    return adherence(story.planned, programmes, story.season, now)


def descriptions(story: Story) -> dict[str, str]:
    """Return what each picture says of itself."""
    first, last = story.season.period
    mondays = list(weeks_between(first, last))
    by_week = dict.fromkeys(mondays, 0.0)
    for log in story.book.logs:
        if (monday := week_of(log.at, HOME)) in by_week:
            by_week[monday] += log.volume_kg
    heaviest = max(by_week, key=lambda monday: by_week[monday])
    weighings = story.season.weighings
    days, trend = [at.astimezone(HOME).date() for at, _ in weighings], smoothed(weighings)
    total = kept(story)["total"]
    told = average_sets(muscles(story.book, story.movements, first, last, HOME))
    percent = f"{round(total['percent'].exact, 1):g} % of what was due is done"
    return {
        "adherence": f"From {first} to {last}: {total['done']} done, {total['missed']} missed,"
        f" {total['upcoming']} still to come. {percent}.",
        "muscles": f"Sets a week from {first} to {last}: {_listed(story, told)}.",
        f"e1rm {BENCH}": _strength(story),
        "volume": f"{len(mondays)} weeks from {first} to {last}. {sum(by_week.values()):,.0f} kg together;"
        f" most in the week of {heaviest}: {by_week[heaviest]:,.0f} kg.",
        "weight": f"{len(days)} weighings from {days[0]} to {days[-1]}; the trend goes from {trend[0]:.1f} kg to"
        f" {trend[-1]:.1f} kg.",
    }


def _strength(story: Story) -> str:
    bests = []
    for log in story.book.of(BENCH):
        estimates = [float(estimate) for done in log.sets if (estimate := epley(done)) is not None]
        if estimates:
            bests.append((log.at.date(), max(estimates)))
    first, last, best = (f"{round(value, 1):g} kg" for value in (bests[0][1], bests[-1][1], max(b for _, b in bests)))
    return (
        f"{len(bests)} sessions from {bests[0][0]} to {bests[-1][0]}. Estimated one-rep maximum by Epley:"
        f" first {first}, last {last}, best {best}."
    )


def _listed(story: Story, averages: Json) -> str:
    """Return the muscles with their averages, in the order the API answers with."""
    order = [one["muscle"] for one in story.shown["/progress/muscles"]["averages"]]
    means = {name: float(averages[name]["sets_per_week"].exact) if name in averages else 0.0 for name in order}
    return ", ".join(f"{name.replace('_', ' ').capitalize()} {round(mean, 2):g}" for name, mean in means.items())


def spreadsheet(story: Story) -> dict[str, Json]:
    """Return the lines of the CSV by exercise, moment and number of the set."""
    lines = {}
    for exercise in story.book.exercises:
        for one in story.book.sets_of(exercise):
            at = one.log.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            figures = {name: "" if value is None else str(value) for name, value in vars(one.done).items()}
            lines[f"{exercise} {at} {one.place + 1}"] = figures
    return lines

"""The first day: a profile, the old gym's history, and a programme of one's own out of a template."""

from typing import Any

from tests.e2e.season.history import NAMES, UNKNOWN, logs_of, old_sets, strong_csv
from tests.e2e.season.ledger.book import Done, Log
from tests.e2e.season.script import DAYS, PROFILE, slot_request
from tests.e2e.season.story import Story

Json = dict[str, Any]


def introduce(story: Story) -> None:
    """Tell who one is; half of it is only there for `PUT` to be told from `GET`."""
    story.person.ask("PUT", "/profile", PROFILE)
    shown = story.person.get("/profile")
    expected = {**PROFILE, "equipment": sorted(PROFILE["equipment"])}  # type: ignore[type-var]  # a list of words
    story.comparison.agree("profile", expected, {**shown, "equipment": sorted(shown["equipment"])})


def bring_history(story: Story) -> None:
    """Import the old gym's file: told beforehand, done, and done again without anything being there twice."""
    last_week = [log for log in logs_of(old_sets(story.season)) if log.at >= story.season.day(-1, 0)]
    squat = next(log for log in last_week if log.exercise == "barbell-back-squat")
    bench = next(log for log in last_week if log.exercise == "barbell-bench-press")
    story.log(Log(squat.exercise, squat.at, list(squat.sets)))  # what the file will say, in kilograms
    story.log(Log(bench.exercise, bench.at, [Done(6, 60.0)]))  # and what it will say otherwise

    sets = old_sets(story.season)
    known, every = [one for one in sets if one.name != UNKNOWN], len(sets)
    there = {(log.exercise, log.at) for log in (squat, bench)}
    new = [log for log in logs_of(known) if (log.exercise, log.at) not in there]
    first = {
        "lines": every + 2,
        "new_logs": len(new),
        "new_sets": sum(len(log.sets) for log in new),
        "duplicate_logs": 1,
        "duplicate_sets": 3,
        "differing_logs": 1,
        "differing_sets": 1,
        "unmapped_sets": every - len(known),
        "problem_lines": 1,
        "skipped_lines": 1,
        "new_exercises": 0,
    }
    for dry_run in ("true", "false"):
        story.comparison.agree("import", first, _import(story, dry_run=dry_run)["counts"])
    own = [log for log in logs_of(sets) if log.exercise == NAMES[UNKNOWN]]
    nothing_new = {"duplicate_logs": 1 + len(new), "duplicate_sets": 3 + first["new_sets"], "unmapped_sets": 0}
    second = {**first, **nothing_new, "new_logs": len(own), "new_sets": len(own)}
    mapped = f'{{"{UNKNOWN}": "{NAMES[UNKNOWN]}"}}'
    story.comparison.agree("import", second, _import(story, mapping=mapped)["counts"])
    third = {**second, "new_logs": 0, "new_sets": 0, "duplicate_logs": second["duplicate_logs"] + len(own)}
    third["duplicate_sets"] = second["duplicate_sets"] + len(own)
    story.comparison.agree("import", third, _import(story, mapping=mapped)["counts"])
    for log in (*new, *own):
        story.write_down(log)


def _import(story: Story, **options: str) -> Json:
    query = {"kind": "strong", "unit": "lb", "timezone": "Europe/Berlin", **options}
    file = {"file": ("strong.csv", strong_csv(story.season).encode(), "text/csv")}
    answer: Json = story.person.ask("POST", "/imports", params=query, files=file)
    return answer


def recognise(story: Story) -> None:
    """Find the imported logs by exercise and time, with their sets in kilograms, and note what the API calls them."""
    stored = story.person.every("/workouts-db/logs")
    by_key = {(one["exercise"], one["performed_at"]): one for one in stored}
    story.comparison.agree("imported logs", len(story.book.logs), len(stored))
    for log in story.book.logs:
        found = by_key[log.exercise, log.at.isoformat().replace("+00:00", "Z")]
        story.comparison.agree("imported sets", [vars(done) for done in log.sets], found["sets"])
        log.id = found["id"]


def plan(story: Story) -> None:
    """Copy a template, and make it one's own: loads, other exercises, other rules."""
    copied = story.person.make("/programmes", {"template": "novice-full-body", "name": "Autumn"})
    days = []
    for day in copied["days"]:
        kept = {slot["exercise"]: slot["id"] for slot in day["slots"]}
        slots = []
        for name in DAYS[day["name"]]:
            request = slot_request(name, story.slots[name])
            slots.append({**request, **({"id": kept[request["exercise"]]} if request["exercise"] in kept else {})})
            story.meet(request["exercise"])
        days.append({"id": day["id"], "name": day["name"], "slots": slots})
    replacement = {"name": "Autumn", "days_per_week": 3, "days": days}
    story.programme = story.person.ask("PUT", f"/programmes/{copied['id']}", replacement, headers=story.person.etag)
    assert ("active", "novice-full-body") == (story.programme["status"], story.programme["template"])

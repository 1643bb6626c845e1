"""Twelve weeks of sessions: each of the day whose turn it is, and what it asks for held against the notebook."""

from datetime import datetime, timedelta
from typing import Any

from tests.e2e.season.compare import moment
from tests.e2e.season.ledger.book import Done, Log
from tests.e2e.season.script import DAYS, SKIPPED, SWAPPED, sets_done
from tests.e2e.season.story import Story, wire

Json = dict[str, Any]
INSTEAD = [Done(9, 24.0), Done(8, 24.0), Done(8, 24.0)]


def train(story: Story) -> None:
    """Do every session of the season."""
    counts = dict.fromkeys(story.slots, 0)
    for number, at in enumerate(story.season.sessions):
        _session(story, number, at, counts)


def _session(story: Story, number: int, at: datetime, counts: dict[str, int]) -> None:
    person, days = story.person, story.programme["days"]
    targets = person.get(f"/programmes/{story.programme['id']}/targets")
    day = days[number % len(days)]
    story.comparison.agree("next day", day["id"], targets["next_day_id"])
    begun = person.make("/sessions", {"day_id": day["id"], "started_at": at.isoformat()})
    for name, item in zip(DAYS[day["name"]], begun["exercises"], strict=True):
        slot = story.slots[name]
        story.comparison.agree("progression", {"exercise": slot.exercise, **slot.asked(story.book, at)}, item)
        path = f"/sessions/{begun['id']}/exercises/{item['id']}"
        if SKIPPED.get(number) == name:
            person.ask("PATCH", path, {"skipped": True})
        elif number in SWAPPED and SWAPPED[number][0] == name:
            _swap(story, at, path, SWAPPED[number][1])
        else:
            log = Log(slot.exercise, at, sets_done(name, counts[name], item["targets"]))
            _do(story, path, log, slips=number in {4, 10, 28} and name in {"squat", "bench"})
            slot.note_workout(at, log.id, log.sets)
            counts[name] += 1
    finished_at = (at + timedelta(minutes=70)).isoformat()
    finished = person.make(f"/sessions/{begun['id']}/finish", {"finished_at": finished_at}, 200)
    story.comparison.agree("session", {"started_at": moment(at), "rest_until": None}, finished)
    story.done_days.append({"session_id": begun["id"], "day_id": day["id"], "started_at": moment(at)})


def _swap(story: Story, at: datetime, path: str, exercise: str | None) -> None:
    """Do something else, whose loads the plan knows nothing of."""
    swapped = story.person.ask("POST", f"{path}/swap", {"exercise": exercise} if exercise else {})
    item = next(one for one in swapped["exercises"] if path.endswith(one["id"]))
    story.comparison.agree("swap", ["swap", None], [item["decision"]["kind"], item["targets"][0]["weight_kg"]])
    story.meet(item["exercise"])
    assert exercise in {None, item["exercise"]}
    _do(story, path, Log(item["exercise"], at, INSTEAD), slips=False)


def _do(story: Story, path: str, log: Log, *, slips: bool) -> None:
    """Log the sets; who slips logs a first one that is none, and a wrong one, and sets both right."""
    person = story.person
    story.meet(log.exercise)
    if slips:
        person.make(f"{path}/sets", {"reps": 12, "weight_kg": 20.0})
    for place, done in enumerate(log.sets):
        wrong = {"reps": 99, "weight_kg": 400.0}
        answer = person.make(f"{path}/sets", wrong if slips and place == 0 else wire(done))
    if slips:
        person.ask("PUT", f"{path}/sets/1", wire(log.sets[0]), headers=person.etag)
        answer = person.ask("DELETE", f"{path}/sets/0")
    item = next(one for one in answer["exercises"] if path.endswith(one["id"]))
    story.comparison.agree("logged sets", [vars(done) for done in log.sets], item["sets"])
    log.id = item["log_id"]
    story.write_down(log)


def regret(story: Story) -> None:
    """Begin an empty session by mistake, log something in it, and discard it: nothing of it is left."""
    begun = story.person.make("/sessions", {"started_at": story.season.day(7, 5).isoformat()})
    added = story.person.make(f"/sessions/{begun['id']}/exercises", {"exercise": "barbell-back-squat"})
    path = f"/sessions/{begun['id']}/exercises/{added['exercises'][0]['id']}"
    story.person.make(f"{path}/sets", {"reps": 1, "weight_kg": 300.0})
    story.person.ask("DELETE", f"/sessions/{begun['id']}", status=204)

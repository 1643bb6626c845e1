"""What goes on beside the programme: scales and tape, runs at night, stretching on Saturdays, goals, and today."""

from datetime import datetime, timedelta
from typing import Any

import httpx
from tests.e2e.season.compare import moment
from tests.e2e.season.ledger.book import Done, Log
from tests.e2e.season.ledger.goals import best_of_weeks
from tests.e2e.season.script import LONG_RUNS, STRETCHED_WEEKS, WEEKS
from tests.e2e.season.story import Story, wire

Json = dict[str, Any]
STRETCH = "hip-flexor-stretch"
FAT_PERCENT = 21.4


def measure(story: Story) -> None:
    """Store every weighing; with some of them a waist, and once body fat."""
    for place, (at, weight_kg) in enumerate(story.season.weighings):
        request: Json = {"measured_at": at.isoformat(), "weight_kg": weight_kg}
        if place % 3 == 0:
            waist = round(95.5 - 0.21 * place + (0.4 if place % 2 else -0.2), 1)
            request["circumferences_cm"] = {"waist": waist, "hips": round(101 + 0.1 * place + 0.05 * (place % 4), 1)}
            story.waists.append((at, waist))
            story.hips.append((at, request["circumferences_cm"]["hips"]))
        if place == 24:
            request["body_fat_percent"] = FAT_PERCENT
        answer = story.person.make("/body/measurements", request)
        story.comparison.agree("measurements", {**request, "measured_at": moment(at)}, answer)


def run(story: Story) -> None:
    """Run late on Sundays, and once do something nobody has in a library."""
    for week, (distance_m, seconds, heart_rate) in LONG_RUNS.items():
        done = Done(distance_m=distance_m, duration_seconds=seconds, heart_rate_bpm=heart_rate)
        story.log(Log("outdoor-run", story.season.day(week, 6, 23, 30), [done]))
    own = {"name": "Log Throw", "movement": "hinge", "primary_muscles": ["glutes"], "secondary_muscles": ["traps"]}
    slug = story.person.make("/exercises", own)["slug"]
    story.log(Log(slug, story.season.day(10, 6, 11), [Done(12, 30.0), Done(15, 30.0)]))


def stretch(story: Story) -> None:
    """Plan stretching for every Saturday, the coming week's too, and do it in some weeks, once on the day after."""
    for week in range(WEEKS + 2):
        saturday = story.season.day(week, 5, 8)
        exercise = {"exercise": STRETCH, "target_sets": 2, "target_seconds": 90}
        request = {"name": f"Stretching {week}", "scheduled_on": str(saturday.date()), "exercises": [exercise]}
        planned = story.person.make("/workouts-db/", request)
        log_ids = []
        if week in STRETCHED_WEEKS:
            at = saturday + timedelta(days=week == 6)
            sets = [Done(duration_seconds=90), Done(duration_seconds=80 + week)]
            log_ids = [story.log(Log(STRETCH, at, sets), workout_id=planned["id"])["id"]]
        story.planned.append({"workout_id": planned["id"], "scheduled_on": saturday.date(), "log_ids": log_ids})


def aim(story: Story) -> None:
    """Set goals: one that is well under way, one that moves away, ones that need more weeks, one reached today."""
    due_on = story.season.now.date() + timedelta(days=150)
    squat = max(float(value) for _, value in best_of_weeks(story.book, "barbell-back-squat")[-4:])
    story.heavy_kg = round(squat) + 5.0
    requests: dict[str, Json] = {
        "weight": {"kind": "body_weight", "target_value": 81.5},
        "waist": {"kind": "measurement", "site": "waist", "target_value": 85.0},
        "hips": {"kind": "measurement", "site": "hips", "target_value": 95.0},
        "neck": {"kind": "measurement", "site": "neck", "start_value": 41.0, "target_value": 39.0},
        "bench": {"kind": "one_rep_max", "exercise": "barbell-bench-press", "target_value": 120.0},
        "squat": {"kind": "one_rep_max", "exercise": "barbell-back-squat", "target_value": story.heavy_kg},
        "sessions": {"kind": "weekly_sessions", "target_value": 6.0},
    }
    for name, request in requests.items():
        story.goals[name] = story.person.make("/goals", {**request, "due_on": str(due_on)})
    refused = story.person.ask(
        "POST", "/goals", {"kind": "body_weight", "target_value": 60.0, "due_on": str(due_on)}, status=422
    )
    assert refused["type"].endswith("unsafe-target")


def train_today(story: Story) -> None:
    """Begin the next day now, and lift one heavy single: the rest that follows is told, and a goal is reached."""
    person, days = story.person, story.programme["days"]
    day = days[len(story.done_days) % len(days)]
    begun = person.make("/sessions", {"day_id": day["id"]})
    first, *others = begun["exercises"]
    slot = story.slots["squat"]
    path = f"/sessions/{begun['id']}/exercises"
    done = Done(1, story.heavy_kg)
    log = Log(slot.exercise, datetime.fromisoformat(begun["started_at"]), [done])
    story.comparison.agree("progression", slot.asked(story.book, log.at), first)
    rested = person.make(f"{path}/{first['id']}/sets", wire(done))
    assert 180 == rested["rest_seconds"]
    rest_until = datetime.fromisoformat(rested["rest_until"])
    assert timedelta(seconds=180) <= rest_until - log.at <= timedelta(seconds=240)
    for item in others:
        person.ask("PATCH", f"{path}/{item['id']}", {"skipped": True})
    finished = person.make(f"/sessions/{begun['id']}/finish", status=200)
    log.id = finished["exercises"][0]["log_id"]
    story.write_down(log)
    slot.note_workout(log.at, log.id, log.sets)
    story.done_days.append({"session_id": begun["id"], "day_id": day["id"], "started_at": begun["started_at"]})


def watch(story: Story) -> None:
    """Find the films of an exercise, and download the one for beginners from the bucket."""
    [found] = story.person.get("/exercises/barbell-back-squat/videos")["items"]
    told = story.person.get(f"/videos/{found['path']}")
    story.film = httpx.get(told["url"]).content
    story.comparison.agree("videos", {"level": "beginner", "size_bytes": len(story.film)}, {**told, **found})

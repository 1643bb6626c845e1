"""Leaving and coming back: everything exported, the account deleted, another restored from the export, the end."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.season.person import PASSWORD, Person
from tests.e2e.season.script import DAYS, PROFILE
from tests.e2e.season.story import Story
from tests.e2e.season.views import views

Json = dict[str, Any]


@dataclass
class Ending:
    """What was seen of it."""

    exported: Json = field(default_factory=dict)
    removed: list[Json] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    left: list[Json] = field(default_factory=list)
    restored: list[Json] = field(default_factory=list)
    shown: Json = field(default_factory=dict)


def leave_and_return(story: Story) -> Ending:
    """Do all of it."""
    ending, person = Ending(), story.person
    ending.exported = person.get("/export")
    _delete(ending, person, story)
    back = Person(person.url, person.email)
    with back.http:
        back.register()
        document = json.dumps(ending.exported).encode()
        for _ in range(2):
            answer = back.ask("POST", "/imports", params={"kind": "coachwork"}, content=document)
            ending.restored.append(answer["restored"])
        ending.shown = views(back, story.season, story.book.exercises)
        _delete(ending, back, story)
    return ending


def _delete(ending: Ending, person: Person, story: Story) -> None:
    """Delete the account, and try everything that could still work afterwards."""
    ending.removed.append(person.ask("DELETE", "/users/me")["removed"])
    log = {"exercise": "plank", "sets": [{"duration_seconds": 60}]}
    tried: list[tuple[str, str, Json | None]] = [
        ("POST", "/workouts-db/logs", log),
        ("PUT", "/profile", PROFILE),
        ("POST", "/chat/send", {"message": "Hello"}),
        ("DELETE", "/users/me", None),
        ("POST", "/users/login", {"email": person.email, "password": PASSWORD}),
        ("POST", "/users/refresh", {"refresh_token": person.refresh_token}),
    ]
    for method, path, body in tried:
        ending.refused.append(person.ask(method, path, body, status=401)["type"].rpartition(":")[2])
    ending.left.append(views(person, story.season, []))


def kinds_removed(story: Story) -> dict[str, int]:
    """Return how many of everything there were, by the story."""
    day_names = {day["id"]: day["name"] for day in story.programme["days"]}
    return {
        "profile": 1,
        "exercises": 1,
        "workouts": len(story.planned),
        "planned_exercises": len(story.planned),
        "logs": len(story.book.logs),
        "sets": sum(len(log.sets) for log in story.book.logs),
        "programmes": 2,
        "programme_days": 2 + len(story.accepted["days"]),
        "programme_slots": len(story.slots) + sum(len(day["slots"]) for day in story.accepted["days"]),
        "sessions": len(story.done_days),
        "session_exercises": sum(len(DAYS[day_names[one["day_id"]]]) for one in story.done_days),
        "measurements": len(story.season.weighings),
        "goals": len(story.goals),
        "threads": len({turn["thread_id"] for turn in story.turns}),
        "turns": len(story.turns),
        "open_turns": 0,
        "feedback": 1,
        "memories": len(story.memories),
        "account": 1,
    }


TABLES = {
    "profiles": "profile",
    "exercises": "exercises",
    "workouts": "workouts",
    "workout_exercises": "planned_exercises",
    "performance_logs": "logs",
    "logged_sets": "sets",
    "programmes": "programmes",
    "programme_days": "programme_days",
    "programme_slots": "programme_slots",
    "training_sessions": "sessions",
    "session_exercises": "session_exercises",
    "body_measurements": "measurements",
    "goals": "goals",
    "chat_threads": "threads",
    "chat_turns": "turns",
    "turn_feedback": "feedback",
    "memories": "memories",
}
"""The tables of an export, by the kinds that a deletion counts."""

"""Everything the API shows of a person, read at once."""

import json
import re
from typing import Any

from tests.e2e.season.person import Person
from tests.e2e.season.script import HOME, Season

Json = dict[str, Any]
CHARTS = ("volume", "muscles", "weight", "adherence")
LISTS = ("/workouts-db/logs", "/workouts-db/", "/sessions", "/programmes", "/body/measurements", "/goals", "/memories")
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def views(person: Person, season: Season, exercises: list[str]) -> Json:
    """Return what each operation answers, by its path."""
    first, last = season.period
    period = {"from_": first, "to": last, "tz": HOME.key}
    shown: Json = {path: person.every(path) for path in LISTS}
    shown["/profile"] = person.get("/profile")
    shown["/workouts-db/progress"] = person.get("/workouts-db/progress")
    shown["/progress/records"] = person.get("/progress/records")
    shown["/progress/muscles"] = person.get("/progress/muscles", **period)
    shown["/progress/adherence"] = person.get("/progress/adherence", **period)
    for at_least in (1, 2, 3, 4):
        shown[f"/progress/streaks {at_least}"] = person.get("/progress/streaks", at_least=at_least, tz=HOME.key)
    for exercise in exercises:
        shown[f"/progress/exercises/{exercise}"] = person.get(f"/progress/exercises/{exercise}")
        shown[f"e1rm {exercise}"] = person.get("/progress/charts/e1rm.svg", exercise=exercise)
    for chart in CHARTS:
        shown[chart] = person.get(f"/progress/charts/{chart}.svg", **period)
    shown["/body/weight-trend"] = person.get("/body/weight-trend")
    for goal in ("lose", "maintain", "gain"):
        shown[f"/nutrition/targets {goal}"] = person.get("/nutrition/targets", activity="moderate", goal=goal)
    for programme in shown["/programmes"]:
        path = f"/programmes/{programme['id']}"
        shown[f"targets {programme['name']}"] = person.get(f"{path}/targets")
        shown[f"adherence {programme['name']}"] = person.get(f"{path}/adherence", from_=first)
    shown["/chat/threads"] = [person.get(f"/chat/threads/{one['id']}") for one in person.every("/chat/threads")]
    shown["/usage"] = person.get("/usage")
    shown["logs.csv"] = person.get("/export/logs.csv").splitlines()
    return shown


def without_ids(shown: Json) -> Json:
    """Return it with ids replaced by what they name, and lists sorted: two accounts call the same rows otherwise."""
    names = _names(shown)

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: plain(one) for key, one in value.items()}
        if isinstance(value, list):
            return sorted((plain(one) for one in value), key=json.dumps)
        return _ID.sub(lambda found: names.get(found[0], "gone"), value) if isinstance(value, str) else value

    return {path: plain(value) for path, value in shown.items()}


def _names(shown: Json) -> dict[str, str]:
    """Return what each id names: a kind and when it was made, and within that its place."""
    names: dict[str, str] = {}
    for path in LISTS:
        for item in shown[path]:
            when = item.get("performed_at") or item.get("measured_at") or item["created_at"]
            names[item["id"]] = f"{path} {item.get('exercise')} {when}"
            parts = [*item.get("days", ()), *(slot for day in item.get("days", ()) for slot in day["slots"])]
            if path == "/sessions":
                parts = item["exercises"]
            names |= {part["id"]: f"part {place} of {names[item['id']]}" for place, part in enumerate(parts)}
    for thread in shown["/chat/threads"]:
        names[thread["thread"]["id"]] = f"thread {thread['thread']['created_at']}"
        names |= {turn["turn_id"]: f"turn {turn['created_at']}" for turn in thread["items"]}
    return names

"""What tests of programmes and sessions over HTTP share: bodies, and the calls that make things."""

from typing import Any

from starlette.testclient import TestClient

PROGRAMMES, SESSIONS = "/api/v1/programmes", "/api/v1/sessions"
LOGS = "/api/v1/workouts-db/logs"
SQUAT, BENCH, PLANK = "barbell-back-squat", "barbell-bench-press", "plank"
Json = dict[str, Any]


def three_fives(exercise: str = SQUAT, weight_kg: float = 60.0, **fields: object) -> Json:
    """Return a slot of three sets of five that progresses by load."""
    sets = [{"min_sets": 3, "min_reps": 5, "weight_kg": weight_kg, "rest_seconds": 180}]
    return {"exercise": exercise, "progression": {"rule": "linear"}, "sets": sets, **fields}


def a_programme(**fields: object) -> Json:
    """Return the body of a programme with one day of two slots."""
    days = [{"name": "Day A", "slots": [three_fives(), three_fives(BENCH, 40.0)]}]
    return {"name": "Mine", "days": days, **fields}


def created(client: TestClient, **fields: object) -> Json:
    """Return a new programme."""
    answer = client.post(PROGRAMMES, json=a_programme(**fields))
    assert 201 == answer.status_code, answer.text
    return answer.json()


def copied(client: TestClient, template: str) -> Json:
    """Return a copy of a template."""
    answer = client.post(PROGRAMMES, json={"template": template})
    assert 201 == answer.status_code, answer.text
    return answer.json()


def started(client: TestClient, day: Json | None = None, **fields: object) -> Json:
    """Return a new session of a day, or an empty one."""
    body = {**({"day_id": day["id"]} if day else {}), **fields}
    answer = client.post(SESSIONS, json=body)
    assert 201 == answer.status_code, answer.text
    return answer.json()


def log_set(client: TestClient, session: Json, item: Json, **fields: object) -> Json:
    """Log a set, and return the session."""
    done = {"reps": 5, "weight_kg": 60, **fields}
    answer = client.post(f"{SESSIONS}/{session['id']}/exercises/{item['id']}/sets", json=done)
    assert 201 == answer.status_code, answer.text
    return answer.json()


def do_everything(client: TestClient, session: Json) -> Json:
    """Log every set of a session as it is asked for, finish it, and return it."""
    for item in session["exercises"]:
        for target in item["targets"]:
            for _ in range(target["min_sets"]):
                log_set(client, session, item, reps=target["max_reps"], weight_kg=target["weight_kg"])
    return finished(client, session)


def finished(client: TestClient, session: Json, **fields: object) -> Json:
    """Finish a session, and return it."""
    answer = client.post(f"{SESSIONS}/{session['id']}/finish", json=fields)
    assert 200 == answer.status_code, answer.text
    return answer.json()


def asked_loads(client: TestClient, programme: Json) -> list[float | None]:
    """Return the load that each slot of the first day asks for next."""
    day = client.get(f"{PROGRAMMES}/{programme['id']}/targets").json()["days"][0]
    return [slot["targets"][0]["weight_kg"] for slot in day["slots"]]


def writable(programme: Json) -> Json:
    """Return the body that replaces a programme with itself."""
    days = [
        {
            "id": day["id"],
            "name": day["name"],
            "slots": [{key: value for key, value in slot.items() if key != "exercise_name"} for slot in day["slots"]],
        }
        for day in programme["days"]
    ]
    return {**{key: programme[key] for key in ("name", "notes", "days_per_week", "cycle_weeks")}, "days": days}


def path_of(session: Json, item: Json | None = None, *more: object) -> str:
    """Return where a session is, or an exercise of it, or what is below them."""
    parts = [SESSIONS, session["id"], *(["exercises", item["id"]] if item else []), *more]
    return "/".join(str(part) for part in parts)

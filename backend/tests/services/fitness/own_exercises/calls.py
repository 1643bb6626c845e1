"""Exercises of one's own, asked for over HTTP."""

from starlette.testclient import TestClient
from tests.services.fitness.accounts import Json

EXERCISES, LOGS, WORKOUTS = "/api/v1/exercises", "/api/v1/workouts-db/logs", "/api/v1/workouts-db/"
SQUAT = f"{EXERCISES}/barbell-back-squat"
ANVIL = {
    "name": "Anvil Squat",
    "aliases": ["elbow squat"],
    "movement": "squat",
    "primary_muscles": ["quadriceps", "glutes"],
    "equipment": ["barbell", "rack"],
}
SETS = [{"reps": 5, "weight_kg": 60.0}]


def add(client: TestClient, **fields: object) -> Json:
    """Return a new exercise: the anvil squat, or what the fields make of it."""
    response = client.post(EXERCISES, json={**ANVIL, **fields})
    assert 201 == response.status_code, response.text
    added: Json = response.json()
    return added


def listed(client: TestClient, **filters: object) -> list[str]:
    """Return the slugs that a search for it finds."""
    items = client.get(EXERCISES, params={"q": "anvil", **filters}).json()["items"]
    return [one["slug"] for one in items]


def squats(client: TestClient) -> int:
    """Return how many squats the facets count."""
    facets = client.get(f"{EXERCISES}/facets").json()
    return next(int(one["count"]) for one in facets["movement"] if one["value"] == "squat")

"""Callers with something in every table that is exported."""

from uuid import uuid4

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from tests.services.fitness.accounts import Json, registered

from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected


@pytest.fixture(scope="module")
def app(knowing: Resources) -> FastAPI:
    """Return the application where the coach knows something."""
    return create_app(knowing, selected(knowing.settings.coachwork_services))


@pytest.fixture(scope="module")
def trained(app: FastAPI) -> TestClient:
    """Return a caller with something in every table that is exported; one for all tests, none of which changes it."""
    client = TestClient(app, client=(f"test-{uuid4()}", 50_000))
    token = registered(client, f"{uuid4()}@example.com")["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return _train(client)


@pytest.fixture
def newly_trained(caller: TestClient) -> TestClient:
    """Return another, whom a test may change."""
    return _train(caller)


def _train(caller: TestClient) -> TestClient:
    """Give a caller something in every table that is exported."""

    def post(path: str, body: Json) -> Json:
        answer = caller.post(f"/api/v1{path}", json=body)
        assert answer.status_code in {200, 201}, answer.text
        made: Json = answer.json()
        return made

    profile = {"display_name": "Sam", "height_cm": 176.5, "equipment": ["barbell", "rack"], "injuries": ["knee"]}
    assert 200 == caller.put("/api/v1/profile", json=profile).status_code
    own = post("/exercises", {"name": "Log Flip", "primary_muscles": ["glutes"]})
    plan = {"exercise": own["slug"], "target_sets": 3, "target_reps": 5, "target_weight_kg": 60.5}
    workout = post("/workouts-db/", {"name": "A", "notes": "=1+1", "exercises": [plan]})
    done = {"reps": 5, "weight_kg": 82.5, "rpe": 8.5}
    for exercise in ("barbell-back-squat", own["slug"]):
        post("/workouts-db/logs", {"exercise": exercise, "workout_id": workout["id"], "sets": [done], "notes": "=cmd"})
    post("/workouts-db/logs", {"exercise": "outdoor-run", "sets": [{"distance_m": 5000.5, "duration_seconds": 1500}]})
    post("/body/measurements", {"weight_kg": 80.25, "circumferences_cm": {"waist": 82.5}})
    post("/goals", {"kind": "body_weight", "target_value": 78, "due_on": "2027-03-31"})
    post("/goals", {"kind": "one_rep_max", "exercise": own["slug"], "target_value": 200, "due_on": "2027-03-31"})
    turn = post("/chat/send", {"message": "How many sets a week for my chest?"})
    assert 200 == caller.put(f"/api/v1/chat/turns/{turn['turn_id']}/feedback", json={"verdict": "up"}).status_code
    post("/chat/send", {"message": "I want to hurt myself"})
    post("/memories", {"text": "I train at home"})
    programme = post("/programmes", {"template": caller.get("/api/v1/programme-templates").json()["items"][0]["slug"]})
    for _ in range(2):
        session = post("/sessions", {"day_id": programme["days"][0]["id"]})
        for item in session["exercises"]:
            sets = {"reps": 5, "weight_kg": 60} if item["targets"][0]["min_reps"] else {"duration_seconds": 30}
            post(f"/sessions/{session['id']}/exercises/{item['id']}/sets", sets)
        post(f"/sessions/{session['id']}/finish", {})
    return caller

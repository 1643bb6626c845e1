"""Goals, asked for over HTTP, and what they are measured by."""

from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient

GOALS, MEASUREMENTS = "/api/v1/goals", "/api/v1/body/measurements"
LOGS, PROFILE = "/api/v1/workouts-db/logs", "/api/v1/profile"
SQUAT = "barbell-back-squat"
NOW = datetime.now(UTC)
WEIGHT = {"kind": "body_weight", "target_value": 75.0, "due_on": str(NOW.date() + timedelta(days=180))}
SESSIONS = {**WEIGHT, "kind": "weekly_sessions", "target_value": 4.0}
WAIST = {**WEIGHT, "kind": "measurement", "site": "waist"}
STRENGTH = {**WEIGHT, "kind": "one_rep_max", "exercise": SQUAT, "target_value": 140.0}


def weigh(client: TestClient, *weights_kg: float, gap_days: int = 4) -> list[str]:
    """Log weights this far apart, the last of them now; return their ids."""
    last = len(weights_kg) - 1
    return [
        client.post(
            MEASUREMENTS,
            json={"weight_kg": kg, "measured_at": (NOW - timedelta(days=gap_days * (last - n))).isoformat()},
        ).json()["id"]
        for n, kg in enumerate(weights_kg)
    ]


def lift(client: TestClient, *weeks_ago_and_kg: tuple[float, float]) -> list[str]:
    """Log a set of five squats for each; return the logs' ids."""
    return [
        client.post(
            LOGS,
            json={
                "exercise": SQUAT,
                "sets": [{"reps": 5, "weight_kg": kg}],
                "performed_at": (NOW - timedelta(weeks=ago)).isoformat(),
            },
        ).json()["id"]
        for ago, kg in weeks_ago_and_kg
    ]


def made(client: TestClient, body: dict[str, Any]) -> dict[str, Any]:
    """Return what making a goal answers."""
    response = client.post(GOALS, json=body)
    assert 201 == response.status_code, response.text
    goal: dict[str, Any] = response.json()
    return goal


def refused(client: TestClient, body: dict[str, Any]) -> tuple[str, str]:
    """Return the type of a refusal and where it points; nothing is stored."""
    response = client.post(GOALS, json=body)
    assert 422 == response.status_code, response.text
    assert [] == client.get(GOALS).json()["items"]
    problem = response.json()
    return problem["type"].removeprefix("urn:coachwork:problem:"), problem["errors"][0]["location"]

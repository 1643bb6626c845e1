"""An account's export, and what is restored of it."""

from typing import Any
from uuid import UUID

from starlette.testclient import TestClient
from tests.services.fitness.accounts import Json

EXPORT, IMPORTS, ME = "/api/v1/export", "/api/v1/imports", "/api/v1/users/me"
LOGS, WORKOUTS = "/api/v1/workouts-db/logs", "/api/v1/workouts-db/"


def user_of(client: TestClient) -> UUID:
    """Return who the client acts for."""
    return UUID(client.get(ME).json()["id"])


def exported(client: TestClient) -> Json:
    """Return everything of the caller's."""
    answer = client.get(EXPORT)
    assert 200 == answer.status_code, answer.text
    document: Json = answer.json()
    return document


def restored(client: TestClient, document: Json, **query: Any) -> Json:
    """Restore a document for the caller; return how many rows of each table came of it."""
    answer = client.post(IMPORTS, params={"kind": "coachwork", **query}, json=document)
    assert 200 == answer.status_code, answer.text
    counts: Json = answer.json()["restored"]
    return counts

"""Questions to the coach over HTTP, and how far the answers are."""

from collections.abc import Callable
from typing import Any

from starlette.testclient import TestClient

TURNS = "/api/v1/chat/turns"
SEND = "/api/v1/chat/send"
LATER = {"Prefer": "respond-async"}
Json = dict[str, Any]
NewCaller = Callable[..., TestClient]


def threads_of(client: TestClient) -> list[Json]:
    """Return the caller's threads."""
    items: list[Json] = client.get("/api/v1/chat/threads").json()["items"]
    return items


def asked_later(client: TestClient, message: str = "How much protein do I need?", **fields: Any) -> Json:
    """Ask without waiting; return the turn as it is then."""
    response = client.post(SEND, json={"message": message, **fields}, headers=LATER)
    assert response.status_code == 202, response.text
    state: Json = response.json()
    return state


def state_of(client: TestClient, turn_id: str) -> Json:
    """Return how far a turn is."""
    response = client.get(f"{TURNS}/{turn_id}")
    assert response.status_code == 200, response.text
    state: Json = response.json()
    return state


def ask(client: TestClient, message: str, **fields: Any) -> dict[str, Any]:
    """Send a message and return the turn."""
    response = client.post(SEND, json={"message": message, **fields})
    assert response.status_code == 200, response.text
    turn: dict[str, Any] = response.json()
    return turn

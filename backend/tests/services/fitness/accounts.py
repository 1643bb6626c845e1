"""What tests of accounts share: how to register, log in, and read a problem."""

from typing import Any

from starlette.testclient import TestClient

PASSWORD = "correct horse battery"
Json = dict[str, Any]
ELSEWHERE: Json = {"elsewhere": {"knowledge": {}}}
"""What a deletion says of services that keep nothing here, because the deployment names no table of theirs."""


def registered(client: TestClient, email: str) -> Json:
    """Return what a new user's login answers."""
    client.post("/api/v1/users/register", json={"email": email, "password": PASSWORD})
    return log_in(client, email)


def log_in(client: TestClient, email: str, password: str = PASSWORD) -> Json:
    """Return what login answers."""
    answer: Json = client.post("/api/v1/users/login", json={"email": email, "password": password}).json()
    return answer


def problem(answer: Any) -> tuple[int, str]:
    """Return the status and the type of a problem."""
    assert "application/problem+json" == answer.headers["content-type"]
    return answer.status_code, answer.json()["type"].removeprefix("urn:coachwork:problem:")

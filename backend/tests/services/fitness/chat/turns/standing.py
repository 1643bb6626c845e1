"""What an application is made of, and what it keeps of turns."""

from dataclasses import replace
from typing import Any

from starlette.testclient import TestClient
from tests.services.fitness.turn_calls import threads_of

from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings


def resources_of(client: TestClient) -> Resources:
    """Return what the client's application is made of."""
    resources: Resources = client.app.state.resources  # type: ignore[attr-defined]  # typed as any ASGI app
    return resources


def client_app(client: TestClient, settings: Settings) -> TestClient:
    """Return a client like this one, of an application with other settings."""
    from coachwork.main import create_app
    from coachwork.services.registry import selected

    resources = replace(resources_of(client), settings=settings)
    other = TestClient(create_app(resources, selected(settings.coachwork_services)))
    other.headers.update(client.headers)
    return other


def turns_of(client: TestClient) -> list[str]:
    """Return the ids of all answers in all threads."""
    found = [client.get(f"/api/v1/chat/threads/{thread['id']}").json()["items"] for thread in threads_of(client)]
    return [turn["turn_id"] for turns in found for turn in turns]


def principal_of(client: TestClient) -> Any:
    """Return whom the client acts for."""
    token = str(client.headers["authorization"]).removeprefix("Bearer ")
    return resources_of(client).token_verifier().verify(token)

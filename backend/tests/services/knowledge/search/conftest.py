"""A library of one owner, and ways to ask for it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import registered
from tests.services.knowledge.chat.questions import BOILER, LEASE, given_document

from coachwork.chassis.keywords import KeywordIndex
from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.domain.documents import Document

Json = dict[str, Any]
Search = Callable[..., Json]
SEARCH = "/api/v1/knowledge/search"


@pytest.fixture
def searched(document_resources: Resources, tmp_path: Path) -> Resources:
    """Return the resources, with words indexed in a folder of their own."""
    words = KeywordIndex(tmp_path / "words")
    return replace(document_resources, keyword_index=lambda: words)


@pytest.fixture
def client(client_for: Callable[[Resources], TestClient], searched: Resources) -> TestClient:
    """Return a client of the owner, who has nothing yet."""
    return _signed_in(client_for(searched))


@pytest.fixture
def owner_id(client: TestClient) -> UUID:
    """Return whose documents are searched."""
    return _id_of(client)


@pytest.fixture
def other_client(client_for: Callable[[Resources], TestClient], searched: Resources) -> TestClient:
    """Return a client of another user."""
    return _signed_in(client_for(searched))


@pytest.fixture
def other_id(other_client: TestClient) -> UUID:
    """Return another user's id."""
    return _id_of(other_client)


@pytest.fixture
def other(other_client: TestClient) -> Search:
    """Return a search of another user's."""
    return searching(other_client)


@pytest.fixture
def lease(searched: Resources, owner_id: UUID) -> Document:
    """Return a lease of two pages that is searched."""
    return given_document(searched, owner_id, "Lease.pdf", LEASE, tags=("Home", "contract"))


@pytest.fixture
def boiler(searched: Resources, owner_id: UUID) -> Document:
    """Return a note about the boiler that is searched."""
    return given_document(searched, owner_id, "Boiler.pdf", BOILER, tags=("home",))


@pytest.fixture
def search(client: TestClient, lease: Document, boiler: Document) -> Search:
    """Return a search of the owner's, in a lease and a note about the boiler."""
    return searching(client)


def searching(client: TestClient) -> Search:
    """Return what searches by a client; it must work."""

    def send(query: str, **fields: Any) -> Json:
        response = client.post(SEARCH, json={"query": query, **fields})
        assert response.status_code == 200, response.text
        found: Json = response.json()
        return found

    return send


def places(found: Json) -> list[tuple[str, int]]:
    """Return the names and pages of what was found, the best first."""
    return [(hit["document_name"], hit["page"]) for hit in found["items"]]


def _signed_in(client: TestClient) -> TestClient:
    client.headers["Authorization"] = f"Bearer {registered(client, f'{uuid4()}@example.com')['access_token']}"
    return client


def _id_of(client: TestClient) -> UUID:
    return UUID(client.get("/api/v1/users/me").json()["id"])

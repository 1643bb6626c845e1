"""Callers: principals for the service, HTTP clients for its endpoints."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import Json, registered

from coachwork.chassis.identity.port import Principal


@pytest.fixture
def alice(new_principal: Callable[[], Principal], library: object) -> Principal:
    """Return a user; the library is there."""
    return new_principal()


@pytest.fixture
def bob(new_principal: Callable[[], Principal], library: object) -> Principal:
    """Return another user."""
    return new_principal()


@pytest.fixture
def caller(client: TestClient, sign_in: Callable[[TestClient], dict[str, str]], library: object) -> TestClient:
    """Return an HTTP client that acts for a new user."""
    client.headers.update(sign_in(client))
    return client


@pytest.fixture
def other_caller(
    client: TestClient,
    client_for: Callable[..., TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
    library: object,
) -> TestClient:
    """Return an HTTP client that acts for another new user."""
    other = client_for(client.app)
    other.headers.update(sign_in(other))
    return other


@pytest.fixture
def email() -> str:
    """Return an address nobody has."""
    return f"{uuid4()}@example.com"


@pytest.fixture
def tokens(client: TestClient, email: str) -> Json:
    """Return what a new user's login answers."""
    return registered(client, email)

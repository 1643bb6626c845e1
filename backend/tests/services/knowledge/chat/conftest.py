"""Somebody who asks their documents, and the parts that serve them."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import registered

from coachwork.chassis.resources import Resources

NewCaller = Callable[..., TestClient]


@pytest.fixture
def account(client_for: Callable[[Resources], TestClient], document_resources: Resources) -> tuple[UUID, str]:
    """Return a new user: their id and an access token."""
    signed_in = registered(client_for(document_resources), f"{uuid4()}@example.com")
    return UUID(signed_in["user"]["id"]), signed_in["access_token"]


@pytest.fixture
def owner_id(account: tuple[UUID, str]) -> UUID:
    """Return whose documents are asked."""
    return account[0]


@pytest.fixture
def new_caller(
    account: tuple[UUID, str], client_for: Callable[[Resources], TestClient], document_resources: Resources
) -> NewCaller:
    """Return a maker of clients that act for the owner, served by the resources they are given."""

    def make(resources: Resources | None = None) -> TestClient:
        client = client_for(resources or document_resources)
        client.headers["Authorization"] = f"Bearer {account[1]}"
        return client

    return make


@pytest.fixture
def caller(new_caller: NewCaller) -> TestClient:
    """Return a client that acts for the owner."""
    return new_caller()

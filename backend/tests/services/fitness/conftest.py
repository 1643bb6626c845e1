"""The exercise library as it ships, and a caller who is signed in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.types.json import Jsonb
from starlette.testclient import TestClient

from coachwork.chassis.identity.port import Principal

if TYPE_CHECKING:
    from tests.conftest import TestDatabase

SEEDS = Path(__file__).parents[3] / "seeds" / "fitness"

_LOAD = """
    insert into public.exercises (slug, name, aliases, level, mechanics, movement, measure, primary_muscles,
                                  secondary_muscles, equipment, stresses, instructions, cautions)
    select slug, name, aliases, level, mechanics, movement, measure, primary_muscles,
           secondary_muscles, equipment, stresses, instructions, cautions
    from jsonb_populate_recordset(null::public.exercises, %s)
    on conflict do nothing"""


@pytest.fixture(scope="session")
def library(test_database: "TestDatabase") -> list[dict[str, object]]:
    """Load the exercises that ship, and return them."""
    exercises: list[dict[str, object]] = json.loads((SEEDS / "exercises.json").read_text())
    with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
        connection.execute(_LOAD, [Jsonb(exercises)])
    return exercises


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

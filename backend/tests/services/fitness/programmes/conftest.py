"""A programme of the caller's, and an open session of it."""

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.programmes.calls import Json, created, started


@pytest.fixture
def programme(caller: TestClient) -> Json:
    """Return a programme of the caller's with one day of squats and bench presses."""
    return created(caller)


@pytest.fixture
def session(caller: TestClient, programme: Json) -> Json:
    """Return an open session of that day."""
    return started(caller, programme["days"][0])

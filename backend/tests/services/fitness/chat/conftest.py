"""Users of the coach."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.turn_calls import NewCaller

from coachwork.chassis.resources import Resources


@pytest.fixture
def new_caller(
    knowing: Resources, client_for: Callable[..., TestClient], sign_in: Callable[[TestClient], dict[str, str]]
) -> NewCaller:
    """Return a maker of new users, whose coach has the parts it is given."""

    def make(**parts: Any) -> TestClient:
        client = client_for(replace(knowing, **{name: lambda part=part: part for name, part in parts.items()}))
        client.headers.update(sign_in(client))
        return client

    return make


@pytest.fixture
def caller(new_caller: NewCaller) -> TestClient:
    """Return a new user of the offline coach."""
    return new_caller()

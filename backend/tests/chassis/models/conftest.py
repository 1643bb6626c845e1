"""A local OpenAI for each test that asks for one."""

from collections.abc import Iterator

import pytest
from tests.chassis.models.openai_stage import API_KEY

from rehearsal.vendors.openai_api import OpenAIServer, running_openai


@pytest.fixture
def openai_api() -> Iterator[OpenAIServer]:
    """Return a local OpenAI that lets in one key."""
    with running_openai(api_key=API_KEY) as server:
        yield server

"""What embedding the coach's knowledge may use, over HTTP."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests import token_use
from tests.conftest import TestDatabase

from coachwork.chassis.resources import Resources

from ..accounts import problem
from .test_documents import BASE, document

NewAdmin = Callable[[int], TestClient]


@pytest.fixture
def used_by_all(test_database: TestDatabase) -> Callable[[], int]:
    """Return a function that says what everybody used and reserved today, with what other tests did."""

    return partial(token_use.used_by_all, test_database.owner_url)


@pytest.fixture
def new_admin(other: Resources, client_for: Callable[..., TestClient], sign_in_admin: Callable[..., Any]) -> NewAdmin:
    """Return a maker of administrators of an embedder that is paid for, everybody's tokens of a day being so many."""

    def make(everybody: int) -> TestClient:
        limits = {"chat_tokens_per_day": 1, "chat_tokens_per_day_all": everybody}
        client = client_for(replace(other, settings=other.settings.model_copy(update=limits)))
        client.headers.update(sign_in_admin(client))
        client.post(f"{BASE}/reindex")
        return client

    return make


class TestBudget:
    """POST /passages with an embedder that is paid for."""

    def test_is_everybodys(self, new_admin: NewAdmin, used_by_all: Callable[[], int]) -> None:
        """What was embedded counts for all, and the administrator keeps their own tokens."""
        admin = new_admin(10**12)
        before = used_by_all()
        assert 201 == admin.post(f"{BASE}/passages", json=document()).status_code
        assert before < used_by_all()
        assert (0, []) == tuple(admin.get("/api/v1/usage").json()[name] for name in ("used", "days"))

    def test_has_the_ceiling_of_all(self, new_admin: NewAdmin, used_by_all: Callable[[], int]) -> None:
        """Beyond it nothing is embedded and nothing is stored; who waits until midnight may go on."""
        admin = new_admin(used_by_all() + 5)
        refused = admin.post(f"{BASE}/passages", json=document())
        assert (503, "daily-ceiling-reached") == problem(refused)
        assert 1 <= int(refused.headers["retry-after"]) <= 86_400
        assert [] == admin.get(f"{BASE}/documents").json()["items"]
        assert (503, "daily-ceiling-reached") == problem(admin.get(f"{BASE}/search", params={"q": "creatine " * 5}))
        assert (503, "daily-ceiling-reached") == problem(admin.post(f"{BASE}/reindex"))

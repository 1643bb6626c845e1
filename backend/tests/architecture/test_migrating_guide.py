"""The service that docs/migrating.md builds, built from that page and used."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected

GUIDE = (Path(__file__).parents[3] / "docs" / "migrating.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|sql)\n(.*?)```", GUIDE, re.DOTALL)
ADDED = ("first", "second")


def blocks(language: str) -> list[str]:
    """Return the page's blocks in this language."""
    return [code for name, code in BLOCKS if name == language]


@pytest.fixture
def table(test_database: Any) -> Iterator[None]:
    """The table of the page's migration, for the time of a test."""
    [statements] = blocks("sql")
    with psycopg.connect(test_database.owner_url, autocommit=True) as owner:
        owner.execute(statements)
        yield
        owner.execute("drop table public.quotes")


@pytest.fixture
def client(table: None, resources: Resources, client_for: Callable[[Any], TestClient]) -> TestClient:
    """The page's service, served beside the accounts."""
    names: dict[str, Any] = {"__name__": "quotes"}
    for code in blocks("python")[1:]:
        exec(compile(code, "docs/migrating.md", "exec"), names)
    return client_for(create_app(resources, [*selected(["fitness"]), names["service"]]))


class TestBefore:
    """The server the page begins with."""

    def test_it_runs(self) -> None:
        """As anybody would have written it."""
        names: dict[str, Any] = {"__name__": "server"}
        exec(compile(blocks("python")[0], "docs/migrating.md", "exec"), names)
        client = TestClient(names["server"])
        client.post("/quotes?user=me", json={"text": "first"})
        assert {"text": "first"} == client.get("/quotes/0?user=me").json()


class TestAfter:
    """The service the page makes of it."""

    def test_it_keeps_quotes(self, client: TestClient, sign_in: Callable[[TestClient], dict[str, str]]) -> None:
        """In their order, for their owner."""
        me = sign_in(client)
        for text in ADDED:
            client.post("/api/v1/quotes", headers=me, json={"text": text})
        read = [client.get(f"/api/v1/quotes/{number}", headers=me).json()["text"] for number in range(2)]
        assert list(ADDED) == read

    def test_it_shows_nobody_elses(self, client: TestClient, sign_in: Callable[[TestClient], dict[str, str]]) -> None:
        """Though no statement names a user."""
        client.post("/api/v1/quotes", headers=sign_in(client), json={"text": "mine"})
        answer = client.get("/api/v1/quotes/0", headers=sign_in(client))
        assert (404, "application/problem+json") == (answer.status_code, answer.headers["content-type"])

    def test_it_wants_a_token(self, client: TestClient) -> None:
        """From everybody."""
        assert 401 == client.get("/api/v1/quotes/0").status_code

    def test_it_refuses_what_is_no_quote(
        self, client: TestClient, sign_in: Callable[[TestClient], dict[str, str]]
    ) -> None:
        """With what is wrong, and no 500."""
        assert 422 == client.post("/api/v1/quotes", headers=sign_in(client), json={"text": ""}).status_code

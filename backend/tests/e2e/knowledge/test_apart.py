"""Accounts and documents served by functions of their own: no account goes while the other keeps something of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.e2e.knowledge.people import COLLECTIONS, DOCUMENTS, Person, problem
from tests.services.knowledge.harness import Failing

from coachwork.chassis.errors import DocumentStoreUnavailable
from coachwork.chassis.resources import Resources
from coachwork.main import create_app
from coachwork.services.registry import selected

ME, KNOWLEDGE = "/api/v1/users/me", "/api/v1/knowledge"
ANNOUNCED = {"name": "a.pdf", "size_bytes": 10}
QUESTION = {"message": "How are radiators bled?"}


@pytest.fixture
def serve(person: Person, client_for: Callable[[Any], TestClient]) -> Callable[..., TestClient]:
    """Return a maker of functions that serve some services alone, and the person's way to them."""

    def make(name: str, resources: Resources | None = None) -> TestClient:
        client = client_for(create_app(resources or person.app.state.resources, selected([name])))
        client.headers["Authorization"] = person.client.headers["Authorization"]
        return client

    return make


@pytest.fixture
def fitness(serve: Callable[..., TestClient]) -> TestClient:
    """Return the function of the accounts."""
    return serve("fitness")


@pytest.fixture
def knowledge(serve: Callable[..., TestClient]) -> TestClient:
    """Return the function of the documents."""
    return serve("knowledge")


@pytest.fixture
def notes(test_database: TestDatabase, person: Person) -> Callable[[], list[str]]:
    """Return what looks which services are noted to keep something of the person."""
    user_id = person.id

    def look() -> list[str]:
        with psycopg.connect(test_database.owner_url) as connection:
            found = connection.execute("select service from coachwork.kept_elsewhere where user_id = %s", [user_id])
            return [name for (name,) in found]

    return look


class TestDeletion:
    """`DELETE /users/me` by a function that does not serve documents."""

    def test_of_somebody_without_documents(self, fitness: TestClient, knowledge: TestClient) -> None:
        """Who only looked has nothing there, and may go."""
        for path in (DOCUMENTS, COLLECTIONS, f"{KNOWLEDGE}/threads", f"{KNOWLEDGE}/stats"):
            assert 200 == knowledge.get(path).status_code
        answer = fitness.delete(ME)
        assert (200, {}) == (answer.status_code, answer.json()["elsewhere"])

    @pytest.mark.parametrize(
        ("path", "sent"),
        [
            (DOCUMENTS, {"json": ANNOUNCED}),
            (DOCUMENTS, {"files": {"file": ("a.pdf", b"%PDF-1.7\n%%EOF", "application/pdf")}}),
            (f"{DOCUMENTS}/batch", {"json": {"items": [ANNOUNCED]}}),
            (COLLECTIONS, {"json": {"name": "House"}}),
            (f"{KNOWLEDGE}/chat", {"json": QUESTION}),
            (f"{KNOWLEDGE}/chat/stream", {"json": QUESTION}),
        ],
    )
    def test_of_somebody_with_something_there(
        self, fitness: TestClient, knowledge: TestClient, person: Person, path: str, sent: Any
    ) -> None:
        """Nothing goes, and the answer names what to call first; after that everything goes."""
        user_id = person.id
        assert 300 > knowledge.post(path, **sent).status_code
        person.settle()

        refused = fitness.delete(ME)

        assert (409, "kept-elsewhere") == problem(refused)
        assert "Call first: DELETE /api/v1/knowledge" in refused.json()["detail"]
        assert 200 == fitness.get(ME).status_code
        assert [200, 200] == [knowledge.delete(KNOWLEDGE).status_code, fitness.delete(ME).status_code]
        assert [] == person.left(user_id)

    def test_what_is_made_after_an_erasure(self, fitness: TestClient, knowledge: TestClient) -> None:
        """It is noted as well, also by an instance that noted something before."""
        statuses = [
            knowledge.post(DOCUMENTS, json=ANNOUNCED).status_code,
            knowledge.delete(KNOWLEDGE).status_code,
            knowledge.post(DOCUMENTS, json=ANNOUNCED).status_code,
            fitness.delete(ME).status_code,
        ]
        assert [202, 200, 202, 409] == statuses

    def test_after_an_erasure_that_failed(
        self, serve: Callable[..., TestClient], fitness: TestClient, knowledge: TestClient, person: Person
    ) -> None:
        """The account stays until all of it is erased."""
        knowledge.post(DOCUMENTS, json=ANNOUNCED)
        resources = person.app.state.resources
        down = Failing(resources.tables("documents"), DocumentStoreUnavailable(), "delete_many")
        broken = serve("knowledge", replace(resources, tables=lambda _: down))
        assert (503, "document-store-unavailable") == problem(broken.delete(KNOWLEDGE))
        assert (409, "kept-elsewhere") == problem(fitness.delete(ME))

    def test_where_both_are_served(self, person: Person, notes: Callable[[], list[str]]) -> None:
        """Everything goes with the account, and the note too."""
        person.send()
        assert ["knowledge"] == notes()
        assert 1 == person.client.delete(ME).json()["elsewhere"]["knowledge"]["documents"]
        assert [] == notes()

    def test_while_documents_are_made(self, fitness: TestClient, knowledge: TestClient, person: Person) -> None:
        """Whoever comes first: an account with documents stays, and of one that went nothing is left."""
        user_id = person.id

        def act(number: int) -> tuple[str, int]:
            if number % 4 == 2:
                return "erased", knowledge.delete(KNOWLEDGE).status_code
            if number % 4 == 3:
                return "removed", fitness.delete(ME).status_code
            return "made", knowledge.post(DOCUMENTS, json=ANNOUNCED).status_code

        with ThreadPoolExecutor(4) as pool:
            done = set(pool.map(act, range(24)))

        allowed = {"erased": {200}, "removed": {200, 401, 409}, "made": {202, 401}}
        assert [] == [one for one in done if one[1] not in allowed[one[0]]]
        if fitness.delete(ME).status_code == 409:
            assert [200, 200] == [knowledge.delete(KNOWLEDGE).status_code, fitness.delete(ME).status_code]
        assert [] == person.left(user_id)


class TestAfterwards:
    """What is left to the bearer of an old token."""

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            (DOCUMENTS, ANNOUNCED),
            (f"{DOCUMENTS}/batch", {"items": [ANNOUNCED]}),
            (COLLECTIONS, {"name": "House"}),
            (f"{KNOWLEDGE}/chat", QUESTION),
        ],
    )
    def test_making(self, fitness: TestClient, knowledge: TestClient, person: Person, path: str, body: Any) -> None:
        """Nothing is made for an account that another function deleted."""
        user_id = person.id
        fitness.delete(ME)
        assert (401, "account-gone") == problem(knowledge.post(path, json=body))
        assert [] == person.left(user_id)

    def test_erasing(self, fitness: TestClient, knowledge: TestClient) -> None:
        """It removes what there is: nothing."""
        fitness.delete(ME)
        assert (200, 0) == ((answer := knowledge.delete(KNOWLEDGE)).status_code, answer.json()["documents"])


class TestOthers:
    """Whose note it is."""

    def test_are_not_held_back(
        self, fitness: TestClient, knowledge: TestClient, new_person: Callable[[], Person]
    ) -> None:
        """Somebody's documents keep nobody else's account, and nobody else's erasure lets theirs go."""
        knowledge.post(DOCUMENTS, json=ANNOUNCED)
        other = new_person().client.headers["Authorization"]
        assert 200 == knowledge.delete(KNOWLEDGE, headers={"Authorization": other}).status_code
        assert 200 == fitness.delete(ME, headers={"Authorization": other}).status_code
        assert (409, "kept-elsewhere") == problem(fitness.delete(ME))

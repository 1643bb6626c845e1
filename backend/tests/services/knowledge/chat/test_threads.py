"""Conversations with one's documents: read, searched, shared, deleted; and what becomes of deleted documents."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.knowledge.chat.questions import BOILER, LEASE, THREADS, ask, given_document
from tests.services.knowledge.harness import Failing

from coachwork.chassis.documents import Key, Table, Update
from coachwork.chassis.errors import DocumentStoreUnavailable
from coachwork.chassis.resources import Resources
from coachwork.chassis.turns.errors import ThreadNotFound
from coachwork.services.knowledge.repository.documents import Documents
from coachwork.services.knowledge.service.threads import delete_history, delete_thread, forget_documents

Json = dict[str, Any]
NOTICE = "With how much notice may I end the lease?"


@pytest.fixture
def document_id(owner_id: UUID, document_resources: Resources) -> UUID:
    """Return a lease among the owner's documents."""
    return given_document(document_resources, owner_id, "lease.pdf", LEASE).id


@pytest.fixture
def other(client_for: Callable[[Resources], TestClient], document_resources: Resources, sign_in: Any) -> TestClient:
    """Return somebody else."""
    client = client_for(document_resources)
    client.headers.update(sign_in(client))
    return client


@pytest.fixture
def turn(caller: TestClient, document_id: UUID) -> Json:
    """Return a turn of a new thread."""
    return ask(caller, NOTICE)


class TestList:
    """GET /api/v1/knowledge/threads."""

    def test_the_newest_is_first(self, caller: TestClient, document_id: UUID) -> None:
        """Page by page, each once."""
        asked = [ask(caller, f"{NOTICE} {word}")["thread_id"] for word in ("Now?", "Soon?", "Later?")]
        first = caller.get(THREADS, params={"limit": 2}).json()
        rest = caller.get(THREADS, params={"limit": 2, "cursor": first["next_cursor"]}).json()
        assert asked[::-1] == [thread["id"] for thread in [*first["items"], *rest["items"]]]
        assert rest["next_cursor"] is None

    def test_it_is_named_after_its_first_question(self, caller: TestClient, turn: Json) -> None:
        """And counts its turns, and says when it is forgotten."""
        ask(caller, "And the deposit?", thread_id=turn["thread_id"])
        thread = caller.get(THREADS).json()["items"][0]
        assert (NOTICE, 2) == (thread["title"], thread["turns"])
        kept = datetime.fromisoformat(thread["expires_at"]) - datetime.now(UTC)
        assert timedelta(days=89) < kept <= timedelta(days=90)

    def test_a_forged_cursor_is_refused(self, caller: TestClient, turn: Json) -> None:
        """A 422, whatever it says."""
        forged = caller.get(THREADS, params={"cursor": "WyJUVVJOIyJd"})
        assert (422, "invalid-request") == problem(forged)


class TestRead:
    """GET /api/v1/knowledge/threads/{id}."""

    def test_has_its_turns(self, caller: TestClient, turn: Json) -> None:
        """The newest first, as they were answered."""
        second = ask(caller, "And when is the deposit of the lease paid back?", thread_id=turn["thread_id"])
        found = caller.get(f"{THREADS}/{turn['thread_id']}").json()
        assert [second, turn] == found["items"]

    def test_somebody_elses_is_not_there(self, other: TestClient, turn: Json) -> None:
        """Neither to read nor to delete nor to share."""
        path = f"{THREADS}/{turn['thread_id']}"
        assert (404, "thread-not-found") == problem(other.get(path))
        assert (404, "thread-not-found") == problem(other.delete(path))
        assert (404, "thread-not-found") == problem(other.post(f"{path}/shares", json={}))
        assert (404, "thread-not-found") == problem(other.get(f"{path}/shares"))

    def test_one_that_has_expired_is_not_there(
        self, caller: TestClient, turn: Json, tables: Callable[[str], Table], owner_id: UUID
    ) -> None:
        """The table takes its time to remove it; nobody sees it meanwhile."""
        key = Key(f"OWNER#{owner_id}", f"THREAD#{turn['thread_id']}")
        tables("chat-history").write(Update(key, set={"expires_at": 1}))
        assert 404 == caller.get(f"{THREADS}/{turn['thread_id']}").status_code
        assert [] == caller.get(THREADS).json()["items"]


class TestSearch:
    """GET /api/v1/knowledge/threads/search."""

    def test_finds_every_word(
        self, caller: TestClient, owner_id: UUID, document_resources: Resources, turn: Json
    ) -> None:
        """In questions and answers, whatever the case; the newest first."""
        given_document(document_resources, owner_id, "boiler.pdf", BOILER)
        boiler = ask(caller, "When is the boiler of the flat serviced?")
        found = caller.get(f"{THREADS}/search", params={"query": "OCTOBER boiler"}).json()
        assert ([boiler["turn_id"]], True) == ([one["turn_id"] for one in found["items"]], found["is_complete"])

    def test_says_that_there_is_more(self, caller: TestClient, turn: Json) -> None:
        """More than were asked for."""
        ask(caller, NOTICE)
        found = caller.get(f"{THREADS}/search", params={"query": "notice", "limit": 1}).json()
        assert (1, False) == (len(found["items"]), found["is_complete"])

    def test_finds_nothing_of_others(self, other: TestClient, turn: Json) -> None:
        """Everybody's history is their own."""
        assert [] == other.get(f"{THREADS}/search", params={"query": "notice"}).json()["items"]


class TestDelete:
    """DELETE /api/v1/knowledge/threads/{id}."""

    def test_takes_turns_and_links_with_it(
        self, caller: TestClient, client: TestClient, turn: Json, document_resources: Resources, owner_id: UUID
    ) -> None:
        """Nothing of it is left to anybody."""
        path = f"{THREADS}/{turn['thread_id']}"
        shared = caller.post(f"{path}/shares", json={}).json()
        assert 204 == caller.delete(path).status_code
        assert (404, "thread-not-found") == problem(caller.get(path))
        assert (404, "share-not-found") == problem(caller.get(shared["path"]))
        assert [] == caller.get(f"{THREADS}/search", params={"query": "notice"}).json()["items"]
        assert (404, "turn-not-found") == problem(caller.get(f"/api/v1/knowledge/chat/turns/{turn['turn_id']}"))
        assert [] == document_resources.tables("chat-history").query(f"OWNER#{owner_id}", limit=10).documents

    def test_after_a_failure_the_same_call_removes_the_rest(
        self, turn: Json, document_resources: Resources, owner_id: UUID
    ) -> None:
        """No answer stays that its owner can find, and can no longer delete."""
        table = Failing(document_resources.tables("chat-history"), DocumentStoreUnavailable(), "delete_many", times=1)
        resources = replace(document_resources, tables=lambda _: table)
        thread_id = UUID(turn["thread_id"])
        with pytest.raises(DocumentStoreUnavailable):
            delete_thread(resources, owner_id, thread_id)
        delete_thread(resources, owner_id, thread_id)
        assert [] == document_resources.tables("chat-history").query(f"OWNER#{owner_id}", limit=10).documents
        with pytest.raises(ThreadNotFound):
            delete_thread(resources, owner_id, thread_id)

    def test_everything_at_once(
        self, caller: TestClient, turn: Json, document_resources: Resources, owner_id: UUID
    ) -> None:
        """What account deletion removes: every entry, links included."""
        shared = caller.post(f"{THREADS}/{turn['thread_id']}/shares", json={}).json()
        assert delete_history(document_resources, owner_id) > 0
        assert 0 == delete_history(document_resources, owner_id)
        assert 404 == caller.get(shared["path"]).status_code


class TestShare:
    """Links to a thread."""

    def test_whoever_has_it_reads(
        self,
        caller: TestClient,
        turn: Json,
        client_for: Callable[[Resources], TestClient],
        document_resources: Resources,
    ) -> None:
        """Without an account, word for word, and nothing of the owner but what was said."""
        made = caller.post(f"{THREADS}/{turn['thread_id']}/shares", json={"days": 1})
        assert 201 == made.status_code
        anybody = client_for(document_resources)
        shared = anybody.get(made.json()["path"]).json()
        assert (NOTICE, [turn]) == (shared["title"], shared["items"])
        assert (404, "thread-not-found") != problem(anybody.get(f"{THREADS}/{turn['thread_id']}"))

    def test_the_secret_is_shown_once(
        self, caller: TestClient, turn: Json, tables: Callable[[str], Table], owner_id: UUID
    ) -> None:
        """Neither the list nor the table has it."""
        path = f"{THREADS}/{turn['thread_id']}/shares"
        token = caller.post(path, json={}).json()["token"]
        assert token not in caller.get(path).text
        stored = tables("chat-history").query(f"OWNER#{owner_id}", limit=100).documents
        assert token not in str(stored)

    def test_it_can_be_ended(self, caller: TestClient, turn: Json) -> None:
        """At once; ending it again is a 404."""
        path = f"{THREADS}/{turn['thread_id']}/shares"
        share = caller.post(path, json={}).json()
        assert 204 == caller.delete(f"{path}/{share['id']}").status_code
        assert (404, "share-not-found") == problem(caller.get(share["path"]))
        assert (404, "share-not-found") == problem(caller.delete(f"{path}/{share['id']}"))
        assert [] == caller.get(path).json()["items"]

    def test_it_ends_by_itself(
        self, caller: TestClient, turn: Json, tables: Callable[[str], Table], owner_id: UUID
    ) -> None:
        """Even before the table has removed it."""
        share = caller.post(f"{THREADS}/{turn['thread_id']}/shares", json={}).json()
        mine = tables("chat-history").get(Key(f"OWNER#{owner_id}", f"SHARE#{turn['thread_id']}#{share['id']}"))
        assert mine
        tables("chat-history").write(Update(Key(mine.attributes["link"], "SHARE"), set={"expires_at": 1}))
        assert (404, "share-not-found") == problem(caller.get(share["path"]))

    def test_a_made_up_one_opens_nothing(self, caller: TestClient) -> None:
        """Nor does a text that cannot be one."""
        assert (404, "share-not-found") == problem(caller.get(f"/api/v1/knowledge/shared/{'a' * 43}"))
        assert (422, "invalid-request") == problem(caller.get("/api/v1/knowledge/shared/short"))

    def test_there_are_at_most_twenty(self, caller: TestClient, turn: Json) -> None:
        """A 409 after that."""
        path = f"{THREADS}/{turn['thread_id']}/shares"
        for _ in range(20):
            caller.post(path, json={}).raise_for_status()
        assert (409, "too-many-shares") == problem(caller.post(path, json={}))

    def test_somebody_else_cannot_end_it(self, caller: TestClient, other: TestClient, turn: Json) -> None:
        """It works on."""
        path = f"{THREADS}/{turn['thread_id']}/shares"
        share = caller.post(path, json={}).json()
        assert (404, "share-not-found") == problem(other.delete(f"{path}/{share['id']}"))
        assert 200 == caller.get(share["path"]).status_code


class TestDeletedDocument:
    """Citations of what is no more."""

    def test_stays_and_says_so(
        self, caller: TestClient, turn: Json, document_id: UUID, document_resources: Resources, owner_id: UUID
    ) -> None:
        """Marked deleted, its words withheld, to whoever has a link as well."""
        shared = caller.post(f"{THREADS}/{turn['thread_id']}/shares", json={}).json()
        documents = Documents(document_resources.tables("documents"))
        documents.forget(documents.get_many(owner_id, [document_id])[0])
        for path in (f"{THREADS}/{turn['thread_id']}", shared["path"]):
            cited = caller.get(path).json()["items"][0]["citations"][0]
            assert (str(document_id), "lease.pdf", None, True) == (
                cited["document_id"],
                cited["document_name"],
                cited["excerpt"],
                cited["is_deleted"],
            )

    def test_its_words_are_taken_out(
        self, turn: Json, document_id: UUID, document_resources: Resources, owner_id: UUID
    ) -> None:
        """The table does not keep the excerpts either."""
        assert 1 == forget_documents(document_resources, owner_id, {document_id})
        assert 0 == forget_documents(document_resources, owner_id, {uuid4()})
        stored = (
            document_resources.tables("chat-history").query(f"OWNER#{owner_id}", prefix="TURN#", limit=10).documents
        )
        assert [None] * len(turn["citations"]) == [one["excerpt"] for one in stored[0].attributes["citations"]]

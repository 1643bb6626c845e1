"""How much somebody has in the knowledge base."""

from uuid import UUID

from starlette.testclient import TestClient
from tests.services.knowledge.chat.questions import LEASE, ask, given_document
from tests.services.knowledge.makers import collection, document

from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents

STATS = "/api/v1/knowledge/stats"


class TestStats:
    """`GET /api/v1/knowledge/stats`."""

    def test_of_nothing_are_zeros(self, client: TestClient) -> None:
        """Who has nothing is told so, state by state."""
        found = client.get(STATS).json()
        counts = {name: value for name, value in found.items() if isinstance(value, int)}
        assert (0, 0, 7) == (
            sum(counts.values()),
            sum(found["documents_by_state"].values()),
            len(found["documents_by_state"]),
        )

    def test_count_what_there_is(self, client: TestClient, searched: Resources, owner_id: UUID) -> None:
        """Documents by state, and pages and chunks of those that are searched."""
        table = searched.tables("documents")
        given_document(searched, owner_id, "Lease.pdf", LEASE, size_bytes=5_000)
        Documents(table).create(document(owner_id, state="failed", size_bytes=700), 10)
        Collections(table).create(collection(owner_id), 10)
        found = client.get(STATS).json()
        expected = {"documents": 2, "searched_documents": 1, "pages": 2, "size_bytes": 5_700, "collections": 1}
        assert expected == {name: found[name] for name in expected}
        assert (1, 1) == (found["documents_by_state"]["indexed"], found["documents_by_state"]["failed"])
        assert found["chunks"] >= 2

    def test_count_what_was_asked(self, client: TestClient) -> None:
        """Conversations, and the questions answered in them."""
        thread_id = ask(client, "When is the rent due?")["thread_id"]
        ask(client, "And when does the lease end?", thread_id=thread_id)
        ask(client, "Who services the boiler?")
        found = client.get(STATS).json()
        assert (2, 3) == (found["threads"], found["turns"])

    def test_are_of_nobody_else(self, other_client: TestClient, searched: Resources, owner_id: UUID) -> None:
        """What another has is not counted."""
        given_document(searched, owner_id, "Lease.pdf", LEASE)
        assert 0 == other_client.get(STATS).json()["documents"]

    def test_tell_what_may_be_asked_today(self, client: TestClient, searched: Resources) -> None:
        """The limit is that of all services, and none of it is used."""
        budget = client.get(STATS).json()["budget"]
        limit = searched.settings.chat_tokens_per_day
        assert (limit, 0, 0, limit) == tuple(
            budget[name] for name in ("tokens_per_day", "used", "reserved", "remaining")
        )

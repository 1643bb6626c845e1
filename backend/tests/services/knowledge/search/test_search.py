"""What a search finds, and what it never does."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.knowledge.chat.questions import LEASE, given_document
from tests.services.knowledge.makers import collection, indexed
from tests.services.knowledge.search.conftest import SEARCH, Json, Search, places, searching

from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.domain.documents import Document
from coachwork.services.knowledge.repository.chunks import ChunkStore
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents

NOTICE = "How long is the notice period when ending the lease?"
MODES = ("hybrid", "vector", "keyword")


class TestSearch:
    """`POST /api/v1/knowledge/search`."""

    @pytest.mark.parametrize("mode", MODES)
    def test_finds_the_page_that_says_it(self, search: Search, mode: str) -> None:
        """Each mode has the page with the answer first, and says which mode it was."""
        found = search(NOTICE, mode=mode)
        assert (mode, [], ("Lease.pdf", 2)) == (found["mode"], found["degraded"], places(found)[0])

    @pytest.mark.parametrize("mode", MODES)
    def test_excerpts_stand_where_they_say(self, search: Search, lease: Document, mode: str) -> None:
        """What is quoted is on the page, from and up to the characters it says."""
        wrong = [
            hit
            for hit in search(NOTICE, mode=mode)["items"]
            if hit["document_id"] == str(lease.id)
            and hit["excerpt"] != LEASE[hit["page"] - 1][hit["start"] : hit["end"]]
        ]
        assert [] == wrong

    def test_an_excerpt_has_the_answer(self, search: Search) -> None:
        """The words with most in common with the query are quoted, not the chunk's first."""
        assert "three months' notice" in search(NOTICE)["items"][0]["excerpt"]

    def test_a_hybrid_search_tells_both_places(self, search: Search) -> None:
        """A hit of both legs says where each had it, and its score is their fusion."""
        [first, *_] = search(NOTICE)["items"]
        assert ({"vector": 1, "keyword": 1}, pytest.approx(2 / 61)) == (first["ranks"], first["score"])

    @pytest.mark.parametrize("mode", MODES)
    def test_scores_fall(self, search: Search, mode: str) -> None:
        """The best is first, in the measure of each mode."""
        scores = [hit["score"] for hit in search("flat", mode=mode)["items"]]
        assert sorted(scores, reverse=True) == scores
        assert len(scores) > 1

    def test_gives_no_more_than_asked_for(self, search: Search) -> None:
        """A limit of one is one hit."""
        assert 1 == len(search("flat", limit=1)["items"])

    def test_of_nothing_finds_nothing(self, client: TestClient) -> None:
        """Who has no documents is answered, with nothing."""
        assert {"mode": "hybrid", "items": [], "degraded": []} == searching(client)(NOTICE)

    @pytest.mark.parametrize("query", ["?!", '"', "NEAR(", "賃貸契約", "🐕", "x" * 8_000, "lease " * 1_300, "a AND"])
    @pytest.mark.parametrize("mode", MODES)
    def test_takes_any_text(self, search: Search, query: str, mode: str) -> None:
        """A query is never a command, and never fails."""
        assert [] == search(query, mode=mode)["degraded"]


class TestFilters:
    """What narrows a search."""

    @pytest.mark.parametrize("mode", MODES)
    def test_keeps_to_the_documents_named(self, search: Search, boiler: Document, mode: str) -> None:
        """A search in one document finds nothing of another, however near."""
        found = search(NOTICE + " flat", mode=mode, document_ids=[str(boiler.id)])
        assert {("Boiler.pdf", 1)} == set(places(found))

    def test_every_tag_must_be_there(self, search: Search) -> None:
        """Of two documents with one tag, the one with both is left; letters' case does not matter."""
        found = search("flat", tags=["HOME", "contract"])
        assert {"Lease.pdf"} == {name for name, _ in places(found)}

    def test_keeps_to_a_collection(self, search: Search, searched: Resources, owner_id: UUID) -> None:
        """A search in a collection finds only what is in it."""
        house = collection(owner_id)
        Collections(searched.tables("documents")).create(house, 10)
        given_document(searched, owner_id, "House.pdf", ["The flat of the house."], collection_id=house.id)
        assert [("House.pdf", 1)] == places(search("flat", collection_id=str(house.id)))

    def test_a_collection_that_is_not_there_is_said(self, client: TestClient) -> None:
        """A typing error in the id is no empty result."""
        answer = client.post(SEARCH, json={"query": "flat", "collection_id": str(uuid4())})
        assert (404, "collection-not-found") == problem(answer)

    def test_an_unknown_document_holds_nothing(self, search: Search) -> None:
        """Somebody else's id, or nobody's, is a document without a hit."""
        assert [] == search("flat", document_ids=[str(uuid4())])["items"]


class TestWhatIsSearchable:
    """DynamoDB says what is found; what the indexes hold besides is not."""

    @pytest.mark.parametrize("mode", MODES)
    def test_a_deleted_document_is_not_found(
        self, search: Search, searched: Resources, lease: Document, mode: str
    ) -> None:
        """As soon as its row is gone, with its vectors and its words still in their indexes."""
        search(NOTICE)
        Documents(searched.tables("documents")).forget(lease)
        assert "Lease.pdf" not in {name for name, _ in places(search(NOTICE, mode=mode))}

    @pytest.mark.parametrize("mode", MODES)
    def test_only_the_generation_that_is_searched_is_found(
        self, search: Search, searched: Resources, lease: Document, owner_id: UUID, mode: str
    ) -> None:
        """Cut anew, a document is found as it is now: the old chunks, still indexed, are not."""
        search(NOTICE)
        documents = Documents(searched.tables("documents"))
        documents.forget(lease)
        given_document(
            searched, owner_id, "Lease.pdf", ["Rent only."], id=lease.id, generation=2, building=2, sha256=None
        )
        found = search("lease notice rent", mode=mode, document_ids=[str(lease.id)])
        assert [("Lease.pdf", 1, "Rent only.")] == [
            (hit["document_name"], hit["page"], hit["excerpt"]) for hit in found["items"]
        ]

    @pytest.mark.parametrize("mode", MODES)
    def test_many_old_vectors_hide_nothing(
        self, client: TestClient, searched: Resources, owner_id: UUID, mode: str
    ) -> None:
        """A document cut anew is found although hundreds of old chunks are nearer."""
        old = given_document(searched, owner_id, "Old.pdf", ["The rent of the flat."] * 300)
        Documents(searched.tables("documents")).forget(old)
        given_document(searched, owner_id, "New.pdf", ["About the rent, among many other things, is said a little."])
        assert [("New.pdf", 1)] == places(searching(client)("The rent of the flat", mode=mode))

    def test_what_is_not_indexed_yet_is_not_found(self, search: Search, searched: Resources, owner_id: UUID) -> None:
        """A document under way is not searched, though its chunks lie there."""
        half = indexed(owner_id, name="Half.pdf", state="embedding", generation=0)
        Documents(searched.tables("documents")).create(half, 100)
        assert "Half.pdf" not in {name for name, _ in places(search("flat"))}

    @pytest.mark.parametrize("mode", MODES)
    def test_a_chunk_whose_text_is_gone_is_left_out(
        self, search: Search, searched: Resources, lease: Document, owner_id: UUID, mode: str
    ) -> None:
        """Removed in the middle of a search, a document is not shown without its words."""
        ChunkStore(searched.blobs("documents")).delete(owner_id, lease.id, None)
        assert "Lease.pdf" not in {name for name, _ in places(search(NOTICE, mode=mode))}


class TestErasure:
    """`DELETE /api/v1/knowledge`."""

    def test_takes_the_words_along(self, search: Search, client: TestClient, tmp_path: Path) -> None:
        """What this instance had indexed of the owner is gone with the rest."""
        search(NOTICE)
        before = list((tmp_path / "words").glob("*.sqlite3"))
        assert 200 == client.delete("/api/v1/knowledge").status_code
        assert (1, []) == (len(before), list((tmp_path / "words").glob("*.sqlite3")))


class TestTenants:
    """What is one user's is found by nobody else."""

    @pytest.mark.parametrize("mode", MODES)
    def test_find_only_their_own(
        self, search: Search, searched: Resources, lease: Document, other: Search, mode: str
    ) -> None:
        """Neither without a filter nor by the other's document id."""
        search(NOTICE)
        found: list[Json] = [other(NOTICE, mode=mode), other(NOTICE, mode=mode, document_ids=[str(lease.id)])]
        assert [[], []] == [one["items"] for one in found]

    def test_a_forged_row_of_the_index_is_not_followed(
        self, search: Search, searched: Resources, other_id: UUID, other: Search, lease: Document
    ) -> None:
        """Even a vector that carries another's document as one's own leads to no text of theirs."""
        index = searched.vector_index("knowledge")
        [item] = index.get([f"{lease.id}:1:0"])
        index.upsert([replace(item, id="forged", metadata={**item.metadata, "owner_id": str(other_id)})])
        given_document(searched, other_id, "Mine.pdf", ["Something of mine."])
        assert {"Mine.pdf"} == {name for name, _ in places(other(NOTICE + " something", mode="hybrid"))}
        index.delete(["forged"])

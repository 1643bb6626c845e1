"""Embedding everything anew, over HTTP, on a real Chroma and a real Postgres."""

from starlette.testclient import TestClient

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.resources import Resources
from coachwork.chassis.vectors import VectorIndex
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.service.knowledge import Knowledge
from coachwork.services.fitness.service.library import load_passages
from coachwork.services.fitness.service.reindex import reindex

from ..accounts import problem
from .conftest import SEEDS
from .test_documents import BASE, document

EVERYTHING = 4


def whole(index: VectorIndex) -> dict[str, tuple[str, object]]:
    """Return each passage's text and embedder, by id."""
    return {item.id: (item.text, item.metadata["embedder"]) for item in index.get(index.ids())}


class TestUnchanged:
    """POST /reindex with the same embedder."""

    def test_does_nothing_to_a_whole_index(self, admin: TestClient) -> None:
        """Nothing is embedded."""
        admin.post(f"{BASE}/passages", json=document())
        expected = {"embedder": "offline-lexical-1", "embedded": 0, "removed": 0, "remaining": 0}
        assert expected == admin.post(f"{BASE}/reindex").json()

    def test_puts_back_what_was_lost(self, admin: TestClient, index: VectorIndex) -> None:
        """A document's passages are made of its original; no file is needed."""
        told = admin.post(f"{BASE}/passages", json=document()).json()
        before = whole(index)
        index.delete(told["passage_ids"])
        assert 2 == admin.post(f"{BASE}/reindex").json()["embedded"]
        assert before == whole(index)

    def test_takes_out_what_belongs_to_no_document(
        self, admin: TestClient, index: VectorIndex, stage: Resources
    ) -> None:
        """What a broken call left behind is gone."""
        admin.post(f"{BASE}/passages", json=document())
        with stage.database().service_session() as session:
            session.execute("delete from coachwork.knowledge_documents")
        assert 2 == admin.post(f"{BASE}/reindex").json()["removed"]
        assert ["rest-days", "sleep"] == index.ids()


class TestAnotherEmbedder:
    """POST /reindex after a change of the embedder."""

    def test_embeds_everything_anew(self, admin: TestClient, other_admin: TestClient, other: Resources) -> None:
        """Seeds and documents; before, a search says that the index is another embedder's, and after, it finds."""
        admin.post(f"{BASE}/passages", json=document())
        before = whole(other.vector_index(COLLECTION))
        search = f"{BASE}/search?q=creatine dose"
        assert (503, "vector-index-embedder-mismatch") == problem(other_admin.get(search))

        done = other_admin.post(f"{BASE}/reindex").json()

        assert {"embedder": "other-1", "embedded": EVERYTHING, "removed": EVERYTHING, "remaining": 0} == done
        assert {key: (text, "other-1") for key, (text, _) in before.items()} == whole(other.vector_index(COLLECTION))
        assert "Creatine in short: Dose" == other_admin.get(search).json()["items"][0]["title"]

    def test_goes_on_where_a_call_ended(self, admin: TestClient, other_admin: TestClient, other: Resources) -> None:
        """Each call does so much, and says how much is left; in the end nothing is missing."""
        admin.post(f"{BASE}/passages", json=document())
        expected = whole(other.vector_index(COLLECTION)).keys()
        left = [other_admin.post(f"{BASE}/reindex", params={"limit": 1}).json()["remaining"] for _ in range(4)]
        assert [3, 2, 1, 0] == left
        assert expected == whole(other.vector_index(COLLECTION)).keys()

    def test_loses_nothing_when_time_is_up(self, admin: TestClient, other: Resources) -> None:
        """A call without time does nothing and says that everything remains."""
        admin.post(f"{BASE}/passages", json=document())
        knowledge = Knowledge(other.database(), other.vector_index(COLLECTION), other.embedder())
        assert (0, 0, EVERYTHING) == (
            (done := reindex(knowledge, 100, Deadline(0))).embedded,
            done.removed,
            done.remaining,
        )

    def test_a_seed_that_was_loaded_meanwhile_stays(self, other: Resources, other_admin: TestClient) -> None:
        """The seeds' own tool may come between two calls: its words are the newer ones."""
        other_admin.post(f"{BASE}/reindex", params={"limit": 1})
        index = other.vector_index(COLLECTION)
        newer = [seed.model_copy(update={"text": "Newer words."}) for seed in SEEDS]
        load_passages(index, other.embedder(), newer)
        assert 0 == other_admin.post(f"{BASE}/reindex").json()["remaining"]
        assert {"Newer words."} == {text for text, _ in whole(index).values()}


class TestSeeds:
    """The seeds' own tool beside documents."""

    def test_leaves_documents_alone(self, admin: TestClient, index: VectorIndex, stage: Resources) -> None:
        """It removes seeds that are gone, and nothing an administrator gave."""
        told = admin.post(f"{BASE}/passages", json=document()).json()
        assert (0, 1) == load_passages(index, stage.embedder(), SEEDS[:1])
        assert [*told["passage_ids"], "rest-days"] == index.ids()

    def test_after_another_embedder_the_index_can_be_made_whole(
        self, admin: TestClient, other: Resources, other_admin: TestClient
    ) -> None:
        """The tool makes the collection anew; reindexing puts the documents back."""
        admin.post(f"{BASE}/passages", json=document())
        index = other.vector_index(COLLECTION)
        load_passages(index, other.embedder(), SEEDS)
        assert ["rest-days", "sleep"] == index.ids()
        assert 2 == other_admin.post(f"{BASE}/reindex").json()["embedded"]
        assert EVERYTHING == index.count()

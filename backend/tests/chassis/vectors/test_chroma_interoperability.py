"""What our REST adapter writes, Chroma's own client reads, and the other way round."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from chromadb import HttpClient
from chromadb.api import ClientAPI
from chromadb.config import Settings

from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.chroma import ChromaIndex, RestChroma
from rehearsal.vendors.chroma_server import running_chroma

EAST, NORTH, NORTH_EAST = (1.0, 0.0), (0.0, 1.0), (0.6, 0.8)
COMPASS: dict[str, Any] = {"embedder": "compass-1", "dimensions": 2}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `chroma run` once."""
    with running_chroma(tmp_path_factory.mktemp("chroma")) as started:
        yield started


@pytest.fixture
def theirs(url: str) -> Iterator[ClientAPI]:
    """Yield Chroma's own client."""
    at = urlsplit(url)
    client = HttpClient(str(at.hostname), at.port or 80, settings=Settings(anonymized_telemetry=False))
    with closing(client._server._session):  # type: ignore[attr-defined]  # its own `close` leaves the session open
        yield client


@pytest.fixture
def name() -> str:
    """Return a collection's name that no other test uses."""
    return f"collection_{uuid4().hex}"


@pytest.fixture
def ours(url: str, name: str) -> Iterator[ChromaIndex]:
    """Yield our index."""
    with closing(RestChroma.http(url)) as chroma:
        yield ChromaIndex(chroma, name, **COMPASS)


class TestOursReadByTheirs:
    """A collection made by our adapter."""

    @pytest.fixture(autouse=True)
    def filled(self, ours: ChromaIndex) -> None:
        """Write two items."""
        ours.upsert([Item("east", "Sunrise — 日の出", EAST, {"kind": "side"}), Item("ne", "Between", NORTH_EAST)])

    def test_keeps_its_items(self, theirs: ClientAPI, name: str) -> None:
        """Texts, vectors and metadata are where Chroma's client looks for them."""
        found: Any = theirs.get_collection(name, embedding_function=None).get(
            include=["documents", "metadatas", "embeddings"]
        )

        assert (["east", "ne"], ["Sunrise — 日の出", "Between"]) == (found["ids"], found["documents"])
        assert [{"kind": "side"}, None] == found["metadatas"]
        assert [pytest.approx(EAST), pytest.approx(NORTH_EAST)] == [list(vector) for vector in found["embeddings"]]

    def test_is_compared_by_cosine(self, theirs: ClientAPI, name: str) -> None:
        """A query of twice the length has the same distances."""
        found: Any = theirs.get_collection(name, embedding_function=None).query(query_embeddings=[[2.0, 0.0]])

        assert [["east", "ne"]] == found["ids"]
        assert [0.0, 0.4] == pytest.approx(found["distances"][0], abs=1e-5)

    def test_says_whose_vectors_it_holds(self, theirs: ClientAPI, name: str) -> None:
        """The embedder is in the collection's metadata."""
        assert COMPASS == theirs.get_collection(name, embedding_function=None).metadata


class TestTheirsReadByOurs:
    """A collection made by Chroma's own client."""

    @pytest.fixture(autouse=True)
    def filled(self, theirs: ClientAPI, name: str) -> None:
        """Write two items, as base64, which is how it sends vectors."""
        theirs.create_collection(
            name, metadata=COMPASS, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        ).add(
            ids=["east", "ne"],
            embeddings=[list(EAST), list(NORTH_EAST)],
            documents=["Sunrise", "Between"],
            metadatas=[{"kind": "side", "degrees": 90, "weight": 0.5, "on_map": True}, {"kind": "corner"}],
        )

    def test_is_searched(self, ours: ChromaIndex) -> None:
        """The nearest first, with the similarity for a score."""
        hits = ours.search(NORTH, limit=5)

        assert ["ne", "east"] == [hit.id for hit in hits]
        assert [0.8, 0.0] == pytest.approx([hit.score for hit in hits], abs=1e-5)

    def test_keeps_its_items(self, ours: ChromaIndex) -> None:
        """Texts, vectors and metadata come back with their types."""
        (item,) = ours.get(["east"])

        assert ("Sunrise", list(EAST)) == (item.text, list(item.embedding))
        assert {"kind": "side", "degrees": 90, "weight": 0.5, "on_map": True} == item.metadata

    def test_is_listed_and_counted(self, ours: ChromaIndex) -> None:
        """By all, and by metadata."""
        assert (["east", "ne"], ["ne"], 2) == (ours.ids(), ours.ids({"kind": "corner"}), ours.count())

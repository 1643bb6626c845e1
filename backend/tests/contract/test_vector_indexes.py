"""One contract for every vector index: Chroma embedded, over HTTP, behind Chroma Cloud's door; Weaviate."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors import Item, VectorIndex
from coachwork.chassis.vectors.chroma import Chroma, ChromaIndex, RestChroma
from coachwork.chassis.vectors.chroma.embedded import EmbeddedChroma
from coachwork.chassis.vectors.collections import EmbedderMismatch
from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate
from rehearsal.vendors.chroma_cloud import running_chroma_cloud
from rehearsal.vendors.chroma_server import running_chroma
from rehearsal.vendors.weaviate_server import RunningWeaviate, running_weaviate

API_KEY = "ck-of-the-tests"
EAST, NORTH, NORTH_EAST = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.6, 0.8, 0.0)
ITEMS = [
    Item("east", "Towards the sunrise", EAST, {"kind": "side", "degrees": 90}),
    Item("north", "Towards the pole", NORTH, {"kind": "side", "degrees": 0}),
    Item("north-east", "Between the two", NORTH_EAST, {"kind": "corner", "degrees": 53}),
]


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start `chroma run` once."""
    with running_chroma(tmp_path_factory.mktemp("chroma")) as url:
        yield url


@pytest.fixture(scope="module")
def cloud_url(chroma_url: str) -> Iterator[str]:
    """Start the checking proxy before it."""
    with running_chroma_cloud(chroma_url, API_KEY) as url:
        yield url


@pytest.fixture(scope="module")
def weaviate_server() -> Iterator[RunningWeaviate]:
    """Start the stand-in for Weaviate; at the end it was asked for nothing that it was not taught."""
    with running_weaviate(API_KEY) as server:
        yield server
    assert [] == server.untaught


@pytest.fixture(scope="module", params=["embedded", "http", "cloud", "weaviate"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma | Weaviate]:
    """Yield each way to an engine in turn."""
    if request.param == "embedded":
        opened: Chroma | Weaviate = EmbeddedChroma(tmp_path_factory.mktemp("embedded"))
    elif request.param == "http":
        opened = RestChroma.http(request.getfixturevalue("chroma_url"))
    elif request.param == "cloud":
        opened = cloud(request.getfixturevalue("cloud_url"), API_KEY)
    else:
        server = request.getfixturevalue("weaviate_server")
        opened = Weaviate(server.url, grpc_url=server.grpc_url, api_key=API_KEY)
    with closing(opened):
        yield opened


@pytest.fixture
def name() -> str:
    """Return a collection's name that no other test uses."""
    return f"collection_{uuid4().hex}"


@pytest.fixture
def open_index(engine: Chroma | Weaviate, name: str) -> Callable[..., VectorIndex]:
    """Return a maker of indexes on this test's collection."""

    def make(embedder: str = "compass-1", dimensions: int = 3) -> VectorIndex:
        if isinstance(engine, Weaviate):
            return WeaviateIndex(engine, name, embedder=embedder, dimensions=dimensions)
        return ChromaIndex(engine, name, embedder=embedder, dimensions=dimensions)

    return make


@pytest.fixture
def index(open_index: Callable[..., VectorIndex]) -> VectorIndex:
    """Return an index with three items."""
    filled = open_index()
    filled.upsert(ITEMS)
    return filled


def cloud(url: str, api_key: str) -> RestChroma:
    """Return the way through the proxy, to the tenant and database every Chroma server has."""
    return RestChroma.cloud(url, api_key=api_key, tenant="default_tenant", database="default_database")


class TestUpsert:
    """Items come in."""

    def test_stores_items(self, index: VectorIndex) -> None:
        """What was stored is counted."""
        assert 3 == index.count()

    def test_replaces_an_item_with_the_same_id(self, index: VectorIndex) -> None:
        """The last one stands, text, vector and metadata."""
        index.upsert([Item("east", "Towards the evening's back", NORTH, {"kind": "other"})])

        (item,) = index.get(["east"])
        assert "Towards the evening's back" == item.text
        assert list(NORTH) == pytest.approx(item.embedding)
        assert "other" == item.metadata["kind"]

    def test_takes_an_item_without_metadata(self, index: VectorIndex) -> None:
        """Metadata may be empty."""
        index.upsert([Item("down", "To the ground", (0.0, 0.0, 1.0))])

        assert {} == index.get(["down"])[0].metadata

    def test_takes_more_items_than_one_request_does(self, open_index: Callable[..., VectorIndex]) -> None:
        """A large load is split, and listed whole."""
        index = open_index()
        index.upsert([Item(f"{number:04}", "", EAST) for number in range(600)])

        assert [f"{number:04}" for number in range(600)] == index.ids()

    def test_of_nothing_makes_nothing(self, open_index: Callable[..., VectorIndex]) -> None:
        """No items, no request, no collection."""
        index = open_index()
        index.upsert([])

        assert 0 == index.count()


class TestSearch:
    """The nearest come out."""

    def test_returns_the_nearest_first(self, index: VectorIndex) -> None:
        """Hits are ordered by cosine similarity, which is their score."""
        hits = index.search(EAST, limit=2)

        assert [("east", "Towards the sunrise"), ("north-east", "Between the two")] == [
            (hit.id, hit.text) for hit in hits
        ]
        assert [1.0, 0.6] == pytest.approx([hit.score for hit in hits], abs=1e-5)

    def test_returns_all_when_there_are_fewer_than_the_limit(self, index: VectorIndex) -> None:
        """A limit beyond the collection's size is no error."""
        assert 3 == len(index.search(EAST, limit=50))

    def test_keeps_to_a_metadata_pair(self, index: VectorIndex) -> None:
        """Only items with that value are candidates."""
        assert ["north-east"] == [hit.id for hit in index.search(EAST, limit=3, where={"kind": "corner"})]

    def test_keeps_to_every_metadata_pair(self, index: VectorIndex) -> None:
        """Several pairs must all hold."""
        hits = index.search(EAST, limit=3, where={"kind": "side", "degrees": 0})

        assert ["north"] == [hit.id for hit in hits]

    def test_keeps_to_any_of_several_values(self, index: VectorIndex) -> None:
        """A sequence lets through whoever has one of its values, known or not, of whichever type."""
        hits = index.search(NORTH, limit=3, where={"kind": "side", "degrees": [7, 90, 0]})
        named = index.search(NORTH, limit=3, where={"kind": ("corner", "nook")})

        assert ["north", "east"] == [hit.id for hit in hits]
        assert ["north-east"] == [hit.id for hit in named]

    def test_keeps_to_one_of_one_value(self, index: VectorIndex) -> None:
        """A sequence of one is that one."""
        assert ["north-east"] == [hit.id for hit in index.search(EAST, limit=3, where={"kind": ["corner"]})]

    def test_of_none_of_the_values_finds_nothing(self, index: VectorIndex) -> None:
        """No value lets nothing through, and never means any."""
        assert [] == index.search(EAST, limit=3, where={"kind": "side", "degrees": []})

    def test_takes_a_thousand_values(self, index: VectorIndex) -> None:
        """As many as somebody has documents."""
        where = {"degrees": [90, *range(1000, 1999)]}

        assert ["east"] == [hit.id for hit in index.search(NORTH, limit=3, where=where)]

    def test_finds_each_of_what_is_rare(self, open_index: Callable[..., VectorIndex]) -> None:
        """Few items that a filter lets through are all found, far away among many equal ones that it does not."""
        index = open_index()
        index.upsert([Item(f"{number:04}", "", EAST, {"owner": "other", "page": number}) for number in range(500)])
        index.upsert([Item(f"own-{number}", "", NORTH, {"owner": "own", "page": number}) for number in range(5)])

        hits = index.search(EAST, limit=5, where={"owner": "own", "page": list(range(100))})

        assert [f"own-{number}" for number in range(5)] == sorted(hit.id for hit in hits)

    def test_returns_metadata_with_its_types(self, index: VectorIndex) -> None:
        """A number stays a number."""
        assert {"kind": "side", "degrees": 90} == index.search(EAST, limit=1)[0].metadata

    def test_of_a_missing_collection_is_refused(self, open_index: Callable[..., VectorIndex], name: str) -> None:
        """An index nothing was loaded into says so, rather than finding nothing."""
        with pytest.raises(VectorIndexUnavailable, match=f"{name} does not exist"):
            open_index().search(EAST, limit=1)

    def test_sees_what_another_index_stored(self, index: VectorIndex, open_index: Callable[..., VectorIndex]) -> None:
        """Two indexes on one collection share it."""
        open_index().upsert([Item("west", "Towards the sunset", (-1.0, 0.0, 0.0))])

        assert ["west"] == [hit.id for hit in index.search((-1.0, 0.0, 0.0), limit=1)]


class TestGet:
    """Items by id."""

    def test_returns_items_in_the_order_asked(self, index: VectorIndex) -> None:
        """An unknown id is left out."""
        assert ["north", "east"] == [item.id for item in index.get(["north", "nowhere", "east"])]

    def test_returns_the_item_as_it_was_stored(self, index: VectorIndex) -> None:
        """Text, vector and metadata come back."""
        (item,) = index.get(["north-east"])

        assert ("Between the two", {"kind": "corner", "degrees": 53}) == (item.text, item.metadata)
        assert list(NORTH_EAST) == pytest.approx(item.embedding)

    def test_of_a_missing_collection_is_empty(self, open_index: Callable[..., VectorIndex]) -> None:
        """Nothing was stored, so nothing is there."""
        assert [] == open_index().get(["east"])


class TestIds:
    """What there is."""

    def test_are_sorted(self, index: VectorIndex) -> None:
        """All of them, in order."""
        assert ["east", "north", "north-east"] == index.ids()

    def test_keep_to_a_metadata_pair(self, index: VectorIndex) -> None:
        """Only those of that value."""
        assert ["east", "north"] == index.ids({"kind": "side"})

    def test_keep_to_any_of_several_values(self, index: VectorIndex) -> None:
        """Those that have one of them, or none of none."""
        assert ["north", "north-east"] == index.ids({"degrees": [0, 53, 1]})
        assert [] == index.ids({"degrees": []})

    def test_of_a_missing_collection_are_none(self, open_index: Callable[..., VectorIndex]) -> None:
        """Nothing was stored."""
        assert [] == open_index().ids()


class TestDelete:
    """Items go."""

    def test_removes_items_and_ignores_unknown_ids(self, index: VectorIndex) -> None:
        """What is gone is gone; what never was is no error."""
        index.delete(["east", "nowhere"])

        assert ["north", "north-east"] == index.ids()

    def test_of_nothing_removes_nothing(self, index: VectorIndex) -> None:
        """An empty list never means all."""
        index.delete([])

        assert 3 == index.count()

    def test_in_a_missing_collection_is_no_error(self, open_index: Callable[..., VectorIndex]) -> None:
        """There is nothing to remove."""
        open_index().delete(["east"])

        assert 0 == open_index().count()


class TestEmbedder:
    """A collection remembers whose vectors it holds."""

    def test_another_embedder_cannot_search(self, open_index: Callable[..., VectorIndex]) -> None:
        """The refusal names both."""
        open_index().upsert(ITEMS)

        with pytest.raises(EmbedderMismatch, match=r"compass-1 \(3 dimensions\).*other-2 \(4 dimensions\)"):
            open_index("other-2", 4).search((1.0, 0.0, 0.0, 0.0), limit=1)

    def test_another_embedder_cannot_add(self, index: VectorIndex, open_index: Callable[..., VectorIndex]) -> None:
        """Even of the same length, vectors of two embedders are never mixed."""
        with pytest.raises(EmbedderMismatch):
            open_index("other-2").upsert([Item("up", "", EAST)])
        assert 3 == index.count()

    def test_another_embedder_takes_over_an_empty_collection(
        self, index: VectorIndex, open_index: Callable[..., VectorIndex]
    ) -> None:
        """Once the old vectors are gone, the collection is made anew, of the new length."""
        successor = open_index("other-2", 4)
        successor.delete(successor.ids())
        successor.upsert([Item("up", "To the sky", (0.0, 0.0, 0.0, 1.0))])

        assert ["up"] == [hit.id for hit in successor.search((0.0, 0.0, 0.0, 1.0), limit=5)]
        with pytest.raises(EmbedderMismatch):
            index.search(EAST, limit=1)


class TestThreads:
    """One index, many threads."""

    def test_share_an_index(self, open_index: Callable[..., VectorIndex]) -> None:
        """Writers that race to make the collection lose nothing."""
        index = open_index()
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: index.upsert([Item(str(number), "", EAST)]), range(24)))
            hits = list(pool.map(lambda _: len(index.search(EAST, limit=50)), range(24)))

        assert [24] * 24 == hits


class TestCloudCredentials:
    """Chroma Cloud checks who comes."""

    def test_a_wrong_key_is_refused(self, cloud_url: str, name: str) -> None:
        """The error says what is wrong without the key."""
        with closing(cloud(cloud_url, "ck-wrong")) as chroma:
            index = ChromaIndex(chroma, name, embedder="compass-1", dimensions=3)
            with pytest.raises(VectorIndexUnavailable, match="refused the credentials") as caught:
                index.count()
        assert "ck-wrong" not in caught.value.detail


class TestEmbeddedFolder:
    """The embedded engine keeps its data in a folder."""

    def test_that_cannot_be_made_is_refused(self, tmp_path: Path, name: str) -> None:
        """A file where the folder should be is our error, not a crash."""
        (tmp_path / "file").write_text("")
        chroma = EmbeddedChroma(tmp_path / "file" / "chroma")

        with pytest.raises(VectorIndexUnavailable, match="cannot be made"):
            ChromaIndex(chroma, name, embedder="compass-1", dimensions=3).count()

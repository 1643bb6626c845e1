"""Every vector index: Chroma embedded, over HTTP, behind Chroma Cloud's door; Weaviate."""

from collections.abc import Callable, Iterator
from contextlib import closing
from uuid import uuid4

import pytest
from tests.chroma_cloud import cloud
from tests.contract.vector_indexes.items import ITEMS

from coachwork.chassis.vectors import VectorIndex
from coachwork.chassis.vectors.chroma import Chroma, ChromaIndex, RestChroma
from coachwork.chassis.vectors.chroma.embedded import EmbeddedChroma
from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate
from rehearsal.vendors.weaviate_server import RunningWeaviate, running_weaviate

WEAVIATE_KEY = "key-of-the-tests"


@pytest.fixture(scope="session")
def weaviate_server() -> Iterator[RunningWeaviate]:
    """Start the stand-in for Weaviate; at the end it was asked for nothing that it was not taught."""
    with running_weaviate(WEAVIATE_KEY) as server:
        yield server
    assert [] == server.untaught


@pytest.fixture(scope="session", params=["embedded", "http", "cloud", "weaviate"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma | Weaviate]:
    """Yield each way to an engine in turn."""
    if request.param == "embedded":
        opened: Chroma | Weaviate = EmbeddedChroma(tmp_path_factory.mktemp("embedded"))
    elif request.param == "http":
        opened = RestChroma.http(request.getfixturevalue("chroma_url"))
    elif request.param == "cloud":
        opened = cloud(request.getfixturevalue("cloud_url"))
    else:
        server = request.getfixturevalue("weaviate_server")
        opened = Weaviate(server.url, grpc_url=server.grpc_url, api_key=WEAVIATE_KEY)
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

"""The stand-in for Weaviate, and an index in it."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.chassis.vectors.weaviate.stage import API_KEY, index_on

from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate
from rehearsal.vendors.weaviate_server import RunningWeaviate, running_weaviate


@pytest.fixture
def server() -> Iterator[RunningWeaviate]:
    """Start the stand-in; at the end it was asked for nothing that it was not taught."""
    with running_weaviate(API_KEY) as started:
        yield started
    assert [] == started.untaught


@pytest.fixture
def weaviate(server: RunningWeaviate) -> Iterator[Weaviate]:
    """Yield the way to it."""
    with closing(Weaviate(server.url, grpc_url=server.grpc_url, api_key=API_KEY)) as opened:
        yield opened


@pytest.fixture
def index(weaviate: Weaviate) -> WeaviateIndex:
    """Return an index on a collection that is not there yet."""
    return index_on(weaviate)

"""The stand-in for Weaviate, asked by Weaviate's own client: what it was not taught it says so of, loudly."""

from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from weaviate import WeaviateClient
from weaviate.classes.config import Configure, DataType, Property, Tokenization, VectorDistances
from weaviate.classes.data import DataObject
from weaviate.classes.init import Auth
from weaviate.classes.query import Filter
from weaviate.connect import ConnectionParams
from weaviate.exceptions import UnexpectedStatusCodeError, WeaviateInsertManyAllFailedError, WeaviateQueryError

from rehearsal.vendors.weaviate_server import RunningWeaviate, running_weaviate

API_KEY = "key-of-the-tests"
OURS = Configure.Vectors.self_provided(
    name="default", vector_index_config=Configure.VectorIndex.hnsw(distance_metric=VectorDistances.COSINE)
)


@pytest.fixture
def server() -> Iterator[RunningWeaviate]:
    """Start it."""
    with running_weaviate(API_KEY) as started:
        yield started


@pytest.fixture
def client(server: RunningWeaviate) -> Iterator[WeaviateClient]:
    """Yield the vendor's client, connected."""
    opened = WeaviateClient(
        ConnectionParams.from_url(server.url, grpc_port=urlsplit(server.grpc_url).port or 0),
        auth_client_secret=Auth.api_key(API_KEY),
        skip_init_checks=True,
    )
    with closing(opened):
        opened.connect()
        yield opened


class TestUntaught:
    """What it was never taught."""

    def test_search_fails_and_is_noted(self, client: WeaviateClient, server: RunningWeaviate) -> None:
        """Another kind of search than the one it knows."""
        passages = client.collections.create("Passages", vector_config=OURS)

        with pytest.raises(WeaviateQueryError, match="not taught gRPC: SearchRequest: bm25_search"):
            passages.query.bm25("sunrise", limit=3)
        assert ["gRPC: SearchRequest: bm25_search"] == server.untaught

    def test_filter_fails_and_is_noted(self, client: WeaviateClient, server: RunningWeaviate) -> None:
        """An operator it does not know, even for a property that is not there."""
        passages = client.collections.create("Passages", vector_config=OURS)

        with pytest.raises(WeaviateQueryError, match="a filter of operator"):
            passages.query.fetch_objects(filters=Filter.by_property("page").greater_than(3), limit=3)
        assert 1 == len(server.untaught)

    def test_path_fails_and_is_noted(self, client: WeaviateClient, server: RunningWeaviate) -> None:
        """A part of the REST API."""
        with pytest.raises(UnexpectedStatusCodeError, match="501"):
            client.backup.list_backups("filesystem")
        assert ["GET /v1/backups/filesystem: the path"] == server.untaught

    def test_collection_fails_and_is_noted(self, client: WeaviateClient, server: RunningWeaviate) -> None:
        """A vectorizer of the server's."""
        with pytest.raises(UnexpectedStatusCodeError, match="501"):
            client.collections.create("Passages", vector_config=Configure.Vectors.text2vec_ollama(name="default"))
        assert "POST /v1/schema: vectorConfig" in server.untaught[0]


class TestRefused:
    """What Weaviate refuses, it refuses."""

    def test_taken_name(self, client: WeaviateClient) -> None:
        """The second to make a collection is told."""
        client.collections.create("Passages", vector_config=OURS)

        with pytest.raises(UnexpectedStatusCodeError, match="class name Passages already exists"):
            client.collections.create("passages", vector_config=OURS)

    def test_unknown_property(self, client: WeaviateClient) -> None:
        """No guess is made of what a new property may be."""
        passages = client.collections.create("Passages", vector_config=OURS)

        with pytest.raises(WeaviateInsertManyAllFailedError, match="no such prop with name 'page'"):
            passages.data.insert_many([DataObject(properties={"page": 3}, vector={"default": [1.0, 0.0]})])

    def test_stop_word(self, client: WeaviateClient) -> None:
        """Unless told otherwise, a collection has English stop words, and a filter for one is refused."""
        name = Property(name="name", data_type=DataType.TEXT, tokenization=Tokenization.FIELD)
        passages = client.collections.create("Passages", vector_config=OURS, properties=[name])

        with pytest.raises(WeaviateQueryError, match="only stopwords provided"):
            passages.query.fetch_objects(filters=Filter.by_property("name").equal("the"), limit=3)

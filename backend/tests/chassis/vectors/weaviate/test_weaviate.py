"""Weaviate's own ways: addresses, names, types and collections."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.chassis.vectors.weaviate.stage import EAST, index_on
from weaviate.classes.config import Configure, VectorDistances

from coachwork.chassis.errors import VectorIndexUnavailable
from coachwork.chassis.vectors import Item
from coachwork.chassis.vectors.collections import EmbedderMismatch
from coachwork.chassis.vectors.weaviate.addresses import grpc_url_of
from coachwork.chassis.vectors.weaviate.index import WeaviateIndex
from coachwork.chassis.vectors.weaviate.server import Weaviate


class TestAddresses:
    """Where the gRPC API is."""

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("http://weaviate:8080", "http://weaviate:50051"),
            ("https://weaviate.example.com", "https://weaviate.example.com:50051"),
            ("http://[::1]:8080", "http://[::1]:50051"),
            ("https://x1.c0.europe-west3.gcp.weaviate.cloud", "https://grpc-x1.c0.europe-west3.gcp.weaviate.cloud:443"),
            ("https://mine.weaviate.network", "https://mine.grpc.weaviate.network:443"),
        ],
    )
    def test_is_the_vendors_choice(self, url: str, expected: str) -> None:
        """Beside the server; in Weaviate Cloud on a host of its own."""
        assert expected == grpc_url_of(url)


class TestNames:
    """What a collection and a metadata key may be called."""

    @pytest.mark.parametrize("name", ["", "fitness-rag", "1st", "naïve", "a" * 256])
    def test_that_weaviate_does_not_take_are_refused(self, weaviate: Weaviate, name: str) -> None:
        """At once, not at the first request."""
        with pytest.raises(ValueError, match="a letter, then letters, digits and underscores"):
            WeaviateIndex(weaviate, name, embedder="compass-1", dimensions=2)

    def test_of_keys_are_the_callers_own(self, index: WeaviateIndex) -> None:
        """Names that Weaviate keeps for itself are as good as any."""
        metadata = {"id": "x", "vector": "y", "text": "z", "item_id": "w", "Upper": 1}
        index.upsert([Item("a", "", EAST, metadata)])

        assert metadata == index.get(["a"])[0].metadata
        assert ["a"] == index.ids({"vector": "y", "id": "x", "Upper": 1})

    def test_of_keys_with_other_characters_are_refused(self, index: WeaviateIndex) -> None:
        """Nothing is stored under another name than the caller's."""
        with pytest.raises(ValueError, match="letters, digits and underscores: 'page number'"):
            index.upsert([Item("a", "", EAST, {"page number": 1})])


class TestTypes:
    """Metadata has one type a key."""

    def test_are_kept(self, index: WeaviateIndex) -> None:
        """Texts, whole numbers, numbers and truths come back as they went."""
        metadata = {"name": "N", "page": 3, "weight": 0.5, "on_map": True}
        index.upsert([Item("a", "", EAST, metadata)])

        kept = index.get(["a"])[0].metadata
        assert (metadata, {key: type(value) for key, value in metadata.items()}) == (
            kept,
            {key: type(value) for key, value in kept.items()},
        )

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ({"weight": 1}, ["b"]),
            ({"weight": [1, 0.5, "x"]}, ["a", "b"]),
            ({"on_map": [True]}, ["a"]),
            ({"on_map": 1}, []),
            ({"page": "3"}, []),
            ({"page": [3.0]}, []),
            ({"name": "a"}, ["a"]),
            ({"never": "heard"}, []),
        ],
    )
    def test_are_compared(self, index: WeaviateIndex, where: dict[str, Any], expected: list[str]) -> None:
        """A value of another type equals nothing; a stop word is a value like any other."""
        index.upsert([Item("a", "", EAST, {"name": "a", "page": 3, "weight": 0.5, "on_map": True})])
        index.upsert([Item("b", "", EAST, {"name": "of the", "page": 4, "weight": 1, "on_map": False})])

        assert expected == index.ids(where)
        assert expected == sorted(hit.id for hit in index.search(EAST, limit=5, where=where))

    def test_that_clash_are_refused(self, index: WeaviateIndex) -> None:
        """A key's first value settles what it holds."""
        index.upsert([Item("a", "", EAST, {"page": 3})])

        with pytest.raises(VectorIndexUnavailable, match="passages keeps int as page, not text"):
            index.upsert([Item("b", "", EAST, {"page": "three"})])

    def test_learned_by_several_at_once_are_all_known(self, index: WeaviateIndex) -> None:
        """Writers that race to teach a collection new keys lose nothing."""
        index.upsert([Item("first", "", EAST)])
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: index.upsert([Item(str(n), "", EAST, {f"key_{n % 3}": n})]), range(12)))

        assert [{f"key_{n % 3}": n} for n in range(12)] == [
            item.metadata for item in index.get([str(n) for n in range(12)])
        ]


class TestIds:
    """More than a query of Weaviate's returns."""

    def test_are_listed_whole(self, index: WeaviateIndex) -> None:
        """Beyond 10,000, filtered or not, they are read by the cursor."""
        items = [Item(f"{n:05}", "", EAST, {"kind": "many"}) for n in range(10_001)]
        index.upsert([Item("other", "", EAST, {"kind": "other"}), *items])

        assert [item.id for item in items] == index.ids({"kind": ["many", "more"]})
        assert 10_002 == len(index.ids())


class TestCollections:
    """A collection that others change, too."""

    def test_made_anew_by_another_embedder_is_noticed(self, weaviate: Weaviate) -> None:
        """What is remembered of it is asked for again when the server refuses."""
        ours, theirs = index_on(weaviate), WeaviateIndex(weaviate, "passages", embedder="other-2", dimensions=3)
        ours.upsert([Item("a", "", EAST)])
        ours.delete(["a"])
        theirs.upsert([Item("a", "", (1.0, 0.0, 0.0))])

        with pytest.raises(EmbedderMismatch, match=r"other-2 \(3 dimensions\)"):
            ours.search(EAST, limit=1)

    def test_that_is_gone_is_empty(self, index: WeaviateIndex, weaviate: Weaviate) -> None:
        """Whoever removed it removed its items."""
        index.upsert([Item("a", "", EAST)])
        with weaviate.use() as client:
            client.collections.delete("Passages")

        assert ([], 0) == (index.get(["a"]), index.count())

    def test_of_somebody_else_is_refused(self, index: WeaviateIndex, weaviate: Weaviate) -> None:
        """One that says nothing of an embedder may hold anything."""
        with weaviate.use() as client:
            client.collections.create(
                "Passages",
                vector_config=Configure.Vectors.self_provided(
                    name="default",
                    vector_index_config=Configure.VectorIndex.hnsw(distance_metric=VectorDistances.COSINE),
                ),
            )

        with pytest.raises(EmbedderMismatch, match="an unknown embedder"):
            index.search(EAST, limit=1)


class TestRefusedObjects:
    """Items that the server does not store."""

    def test_fail_and_are_not_logged(self, index: WeaviateIndex, caplog: pytest.LogCaptureFixture) -> None:
        """The client would write every such object, text and all, into the log."""
        index.upsert([Item("a", "", EAST)])
        odd = Item("b", "what nobody should read", (1.0, 0.0, 0.0))

        with pytest.raises(VectorIndexUnavailable) as caught:
            index.upsert([Item("c", "", EAST), odd])
        assert "a vector with length 3" in str(caught.value.__cause__)
        assert "nobody" not in caplog.text

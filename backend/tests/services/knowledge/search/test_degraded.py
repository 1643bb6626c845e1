"""A search when a part of it is down: it goes on with the rest and says so, or says what is down."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.services.fitness.accounts import problem
from tests.services.knowledge.search.conftest import SEARCH, Json, Search, places

from coachwork.chassis.errors import ModelUnavailable, ObjectStoreUnavailable, VectorIndexUnavailable
from coachwork.chassis.keywords import KeywordIndex
from coachwork.chassis.models.lexical import LexicalEmbedder
from coachwork.chassis.models.port import Counted
from coachwork.chassis.resources import Resources

NOTICE = "notice period when ending the lease"
Send = Callable[..., Any]


class DownIndex:
    """A vector index that does not answer."""

    def search(self, *_: object, **__: object) -> list[Any]:
        """Fail."""
        raise VectorIndexUnavailable


class DownStore:
    """An object store that does not answer."""

    def read(self, *_: object) -> bytes:
        """Fail."""
        raise ObjectStoreUnavailable


class PaidEmbedder(LexicalEmbedder):
    """An embedder that counts: three tokens a text."""

    name = "paid"

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Embed, and tell."""
        if counted:
            counted(3 * len(texts))
        return super().embed(texts)


class DownEmbedder(LexicalEmbedder):
    """An embedder that does not answer."""

    def embed(self, texts: Sequence[str], *, counted: Counted | None = None) -> list[list[float]]:
        """Fail."""
        raise ModelUnavailable


@pytest.fixture
def send(search: Search, client: TestClient, client_for: Callable[[Resources], TestClient]) -> Send:
    """Return what searches as the owner, who has searched before, with these resources."""
    search("flat")

    def post(resources: Resources, mode: str) -> Any:
        served = client_for(resources)
        served.headers["Authorization"] = client.headers["Authorization"]
        return served.post(SEARCH, json={"query": NOTICE, "mode": mode})

    return post


def found(answer: Any) -> tuple[list[str], tuple[str, int]]:
    """Return what is degraded, and the first hit."""
    body: Json = answer.json()
    return body["degraded"], places(body)[0]


class TestWithoutVectors:
    """The vector index, or the embedder, is down."""

    @pytest.fixture(params=["index", "embedder"])
    def down(self, request: pytest.FixtureRequest, searched: Resources) -> Resources:
        """Return the resources with one of them down."""
        if request.param == "index":
            return replace(searched, vector_index=lambda _: DownIndex())
        return replace(searched, embedder=DownEmbedder)

    def test_a_hybrid_search_goes_on_by_words(self, send: Send, down: Resources) -> None:
        """What has the words is found, and the answer says what is missing."""
        assert (["vector"], ("Lease.pdf", 2)) == found(send(down, "hybrid"))

    def test_a_search_by_words_needs_neither(self, send: Send, down: Resources) -> None:
        """Nothing is missing."""
        assert ([], ("Lease.pdf", 2)) == found(send(down, "keyword"))

    def test_a_search_by_vectors_says_what_is_down(self, send: Send, down: Resources) -> None:
        """There is nothing to go on with."""
        assert 503 == send(down, "vector").status_code


class TestWithoutWords:
    """This instance has no room for an index of words."""

    @pytest.fixture
    def down(self, searched: Resources, tmp_path: Path) -> Resources:
        """Return the resources with a file where the folder should be."""
        (tmp_path / "in the way").write_text("")
        words = KeywordIndex(tmp_path / "in the way")
        return replace(searched, keyword_index=lambda: words)

    def test_a_hybrid_search_goes_on_by_vectors(self, send: Send, down: Resources) -> None:
        """Texts are read from where they are kept."""
        assert (["keyword"], ("Lease.pdf", 2)) == found(send(down, "hybrid"))

    def test_a_search_by_vectors_needs_none(self, send: Send, down: Resources) -> None:
        """Nothing is missing."""
        assert ([], ("Lease.pdf", 2)) == found(send(down, "vector"))

    def test_a_search_by_words_says_what_is_down(self, send: Send, down: Resources) -> None:
        """There is nothing to go on with."""
        assert (503, "keyword-index-unavailable") == problem(send(down, "keyword"))


class TestWithoutRoom:
    """The index of words holds a part of the documents."""

    @pytest.mark.parametrize("mode", ["hybrid", "keyword"])
    def test_says_that_not_all_was_searched(self, send: Send, searched: Resources, tmp_path: Path, mode: str) -> None:
        """A document without room, or whose chunks are not there, is searched by vectors alone."""
        words = KeywordIndex(tmp_path / "small", max_bytes=1)
        answer = send(replace(searched, keyword_index=lambda: words, blobs=lambda _: _Nothing()), mode)
        assert ["keyword"] == answer.json()["degraded"]


class _Nothing:
    """An object store with nothing in it."""

    def read(self, *_: object) -> None:
        """Find nothing."""


class TestWithoutTexts:
    """The object store is down."""

    def test_what_was_indexed_is_found_by_words(self, send: Send, searched: Resources) -> None:
        """An instance that has the texts needs them from nowhere."""
        down = replace(searched, blobs=lambda _: DownStore())
        assert ([], ("Lease.pdf", 2)) == found(send(down, "keyword"))

    @pytest.mark.parametrize("mode", ["hybrid", "vector", "keyword"])
    def test_what_was_not_cannot_be_shown(self, send: Send, searched: Resources, tmp_path: Path, mode: str) -> None:
        """An instance that has not says what is down."""
        words = KeywordIndex(tmp_path / "new")
        down = replace(searched, blobs=lambda _: DownStore(), keyword_index=lambda: words)
        assert (503, "object-store-unavailable") == problem(send(down, mode))


class TestTokens:
    """The query's embedding is paid for."""

    def test_are_counted(self, send: Send, client: TestClient, searched: Resources) -> None:
        """What the embedder counts is used up, of the budget that all services share."""
        send(replace(searched, embedder=PaidEmbedder), "hybrid")
        assert 3 == client.get("/api/v1/knowledge/stats").json()["budget"]["used"]

    @pytest.mark.parametrize("mode", ["hybrid", "vector"])
    def test_that_are_spent_end_searching_by_vectors(self, send: Send, searched: Resources, mode: str) -> None:
        """Who has none left is told when there are more."""
        settings = searched.settings.model_copy(update={"chat_tokens_per_day": 1})
        answer = send(replace(searched, embedder=PaidEmbedder, settings=settings), mode)
        assert (429, "token-budget-spent") == problem(answer)

    def test_that_are_spent_leave_searching_by_words(self, send: Send, searched: Resources) -> None:
        """Words cost nothing."""
        settings = searched.settings.model_copy(update={"chat_tokens_per_day": 1})
        answer = send(replace(searched, embedder=PaidEmbedder, settings=settings), "keyword")
        assert ([], ("Lease.pdf", 2)) == found(answer)

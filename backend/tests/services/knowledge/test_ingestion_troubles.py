"""Ingestion in trouble: documents taken away meanwhile, and parts that are down."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.pdfs import pdf
from tests.services.knowledge.harness import Before, Failing, KnowledgeHarness, is_whole

from coachwork.chassis.budget.errors import TokenBudgetSpent
from coachwork.chassis.errors import (
    DocumentStoreUnavailable,
    ModelUnavailable,
    ObjectStoreUnavailable,
    VectorIndexUnavailable,
)
from coachwork.chassis.resources import Resources
from coachwork.services.knowledge.errors import UploadMissing
from coachwork.services.knowledge.schemas.documents import ChunkingRequest
from coachwork.services.knowledge.service.documents import cancel_document, rechunk_document, retry_document
from coachwork.services.knowledge.service.ingestion import BATCH, ingest
from coachwork.services.knowledge.service.removal import remove_document
from coachwork.services.knowledge.service.uploads import complete

LONG = pdf([f"Page {number} tells of valves. It says little else." for number in range(1, 9)])
MANY = pdf([f"Page {number} tells of radiators. It says no more." for number in range(1, BATCH + 9)])
OTHER_CUTS = ChunkingRequest(chunk_characters=200, overlap_sentences=0)


class TestTakenAway:
    """A document that its owner cancels or deletes while it is ingested."""

    def test_cancelled(self, harness: KnowledgeHarness) -> None:
        """Nothing of it is searched, and work on it ends at its next step."""
        document = harness.receive(LONG)
        during = Interrupted(harness.resources.embedder(), lambda: cancel_document(harness.owner(), document.id))
        harness.work(harness.owner(replace(harness.resources, embedder=lambda: during)))
        after = harness.read(document)
        assert ("cancelled", 0, False) == (after.state, after.generation, after.is_searched)

    def test_cancelled_and_tried_again(self, harness: KnowledgeHarness) -> None:
        """It is whole in the end."""
        document = harness.receive(LONG)
        cancel_document(harness.owner(), document.id)
        harness.work()
        assert "cancelled" == harness.read(document).state
        retry_document(harness.owner(), document.id)
        harness.work()
        assert is_whole(harness, harness.read(document))

    def test_deleted(self, harness: KnowledgeHarness) -> None:
        """What the attempt writes afterwards it takes along."""
        document = harness.receive(LONG)
        during = Interrupted(harness.resources.embedder(), lambda: remove_document(harness.owner(), document.id))
        harness.work(harness.owner(replace(harness.resources, embedder=lambda: during)))
        assert ([], [], []) == (harness.rows(), harness.objects(), harness.vectors())

    def test_deleted_where_the_attempt_fails(self, harness: KnowledgeHarness) -> None:
        """It takes along what it has written all the same."""
        document = harness.receive(MANY)
        spent = Failing(harness.resources.embedder(), ModelUnavailable(), "embed", spared=1)
        during = Before(
            harness.resources.vector_index("knowledge"), "upsert", lambda: remove_document(harness.owner(), document.id)
        )
        harness.work(harness.owner(replace(harness.resources, embedder=lambda: spent, vector_index=lambda _: during)))
        assert ([], [], []) == (harness.rows(), harness.objects(), harness.vectors())

    def test_cancelled_before_it_arrives(self, harness: KnowledgeHarness) -> None:
        """Then its file is ingested only when that is asked for."""
        document = harness.announce()
        cancel_document(harness.owner(), document.id)
        with pytest.raises(UploadMissing):
            retry_document(harness.owner(), document.id)
        harness.put(document)
        assert "cancelled" == complete(harness.owner(), document.id).state
        retry_document(harness.owner(), document.id)
        harness.work()
        assert "indexed" == harness.read(document).state


class Interrupted:
    """An embedder during whose first call something else happens."""

    def __init__(self, embedder: Any, happens: Callable[[], object]) -> None:
        self._embedder = embedder
        self._happens: Callable[[], object] | None = happens

    def embed(self, texts: Any, **named: Any) -> Any:
        """Let it happen, and embed."""
        if self._happens:
            self._happens()
            self._happens = None
        return self._embedder.embed(texts, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)


class TestPartsDown:
    """A part that is down in the middle: a failure that says so, after which the same works."""

    @pytest.mark.parametrize(
        ("part", "names", "failure", "slug"),
        [
            ("vector_index", ["ids"], VectorIndexUnavailable(), "vector-index-unavailable"),
            ("vector_index", ["upsert"], VectorIndexUnavailable(), "vector-index-unavailable"),
            ("blobs", ["read"], ObjectStoreUnavailable(), "object-store-unavailable"),
            ("blobs", ["write"], ObjectStoreUnavailable(), "object-store-unavailable"),
            ("embedder", ["embed"], ModelUnavailable(), "model-unavailable"),
            (
                "embedder",
                ["embed"],
                TokenBudgetSpent(limit=10, remaining=0, wanted=5, retry_after_seconds=60),
                "token-budget-spent",
            ),
        ],
    )
    def test_it_fails_and_may_be_retried(
        self, harness: KnowledgeHarness, part: str, names: list[str], failure: Exception, slug: str
    ) -> None:
        """The document says which part it was, is not searched, and is whole after a retry."""
        document = harness.receive()
        harness.work(harness.owner(failing(harness.resources, part, failure, *names)))
        after = harness.read(document)
        assert after.reason is not None
        assert ("failed", f"urn:coachwork:problem:{slug}", True, False) == (
            after.state, after.reason["type"], after.reason["is_retryable"], after.is_searched
        )  # fmt: skip
        retry_document(harness.owner(), document.id)
        harness.work()
        assert is_whole(harness, harness.read(document))

    def test_the_tables(self, harness: KnowledgeHarness) -> None:
        """Where nothing can be said of it, the task is to be tried again, and then it is whole."""
        document = harness.receive()
        parts = failing(harness.resources, "tables", DocumentStoreUnavailable(), "write", "transact", spared=1)
        with pytest.raises(DocumentStoreUnavailable):
            harness.work(harness.owner(parts))
        harness.later(minutes=10)
        ingest(harness.owner(), document.id)
        assert is_whole(harness, harness.read(document))

    def test_what_is_left_over(self, harness: KnowledgeHarness) -> None:
        """When what was searched before cannot be removed, the new generation is searched all the same."""
        before = harness.indexed()
        rechunk_document(harness.owner(), before.id, OTHER_CUTS)
        harness.work(harness.owner(failing(harness.resources, "vector_index", VectorIndexUnavailable(), "delete")))
        after = harness.read(before)
        assert ("indexed", 2, False) == (after.state, after.generation, is_whole(harness, after))
        rechunk_document(harness.owner(), before.id, OTHER_CUTS)
        harness.work()
        assert is_whole(harness, harness.read(before))


def failing(resources: Resources, part: str, failure: Exception, *names: str, spared: int = 0) -> Resources:
    """Return the resources with a part some of whose methods raise."""
    whole = getattr(resources, part)
    port = Failing(whole() if part == "embedder" else whole(_PURPOSES[part]), failure, *names, spared=spared)
    return replace(resources, **{part: lambda *_: port})


_PURPOSES = {"vector_index": "knowledge", "blobs": "documents", "tables": "documents"}

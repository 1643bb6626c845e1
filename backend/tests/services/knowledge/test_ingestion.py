"""Ingestion: once, whole or not at all, whenever it is broken off."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from tests.pdfs import pdf
from tests.services.knowledge.harness import FILE, PAGES, Failing, Fate, KnowledgeHarness, is_whole

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import TasksUnavailable, VectorIndexUnavailable
from coachwork.chassis.tasks.port import Invocation
from coachwork.services.knowledge.schemas.documents import ChunkingRequest
from coachwork.services.knowledge.service.documents import read_document, rechunk_document, retry_document
from coachwork.services.knowledge.service.ingestion import ingest
from coachwork.services.knowledge.service.removal import remove_document
from coachwork.services.knowledge.service.uploads import arrived, complete

pytestmark = pytest.mark.long(seconds=20)

LONG = pdf([f"Page {number} tells of valves. It says little else." for number in range(1, 9)])
OTHER_CUTS = ChunkingRequest(chunk_characters=200, overlap_sentences=0)


class TestWhole:
    """A file that is as it should be."""

    def test_it_is_indexed(self, harness: KnowledgeHarness) -> None:
        """It is searched, its counts are those of the file, and its hash is the file's."""
        document = harness.indexed()
        assert ("indexed", 1, 2, 2, None) == (
            document.state, document.generation, document.pages_done, document.pages_total, document.reason
        )  # fmt: skip
        assert (sha256(FILE).hexdigest(), len(FILE)) == (document.sha256, document.size_bytes)
        assert is_whole(harness, document)
        assert [document] == harness.owner().documents.indexed(harness.owner_id)

    def test_its_chunks_are_its_text(self, harness: KnowledgeHarness) -> None:
        """What the pages say is in the chunks, page by page."""
        document = harness.indexed()
        chunks = harness.owner().chunks.read(harness.owner_id, document.id, 1) or []
        for number, text in enumerate(PAGES, 1):
            said = " ".join(chunk.text for chunk in chunks if chunk.page == number)
            assert text in " ".join(said.split())

    def test_the_vectors_say_whose_they_are(self, harness: KnowledgeHarness) -> None:
        """Each carries its owner, document, generation, number and page, by which a search keeps to what it may see."""
        document = harness.indexed()
        [first, *_] = harness.owner().index.get([f"{document.id}:1:0"])
        ids = {"owner_id": str(harness.owner_id), "document_id": str(document.id)}
        assert {**ids, "generation": 1, "number": 0, "page": 1} == first.metadata


class TestOnce:
    """However often it is told that a file is there."""

    def test_told_twice(self, harness: KnowledgeHarness) -> None:
        """One task is begun."""
        document = harness.announce()
        harness.put(document)
        for _ in range(2):
            complete(harness.owner(), document.id)
        assert 1 == len(harness.tasks.held)

    def test_told_by_both(self, harness: KnowledgeHarness) -> None:
        """The caller and the object store: it is ingested once, by whoever came first."""
        document = harness.announce()
        harness.put(document)
        owner = harness.owner()
        arrived(owner.resources, f"originals/{harness.owner_id}/{document.id}.pdf", owner.invocation)
        after = complete(harness.owner(), document.id)
        assert ("indexed", 1, []) == (after.state, after.attempt, harness.tasks.held)

    def test_at_the_same_time(self, harness: KnowledgeHarness) -> None:
        """Six that are told at once make one document of one generation."""
        document = harness.announce()
        harness.put(document)
        owner = harness.owner()
        key = f"originals/{harness.owner_id}/{document.id}.pdf"
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(lambda _: arrived(owner.resources, key, owner.invocation), range(6)))
        after = harness.read(document)
        assert ("indexed", 1, 1) == (after.state, after.attempt, after.generation)
        assert is_whole(harness, after)

    def test_the_event_again(self, harness: KnowledgeHarness) -> None:
        """A task that comes again for what is done changes nothing."""
        document = harness.indexed()
        ingest(harness.owner(), document.id)
        assert document == harness.read(document)

    def test_of_a_document_that_is_gone(self, harness: KnowledgeHarness) -> None:
        """Nor does one for what was deleted."""
        document = harness.receive()
        remove_document(harness.owner(), document.id)
        harness.work()
        assert ([], [], []) == (harness.rows(), harness.objects(), harness.vectors())


class TestKilled:
    """A process that ends at any moment."""

    def test_at_each_moment(self, new_harness: Callable[[], KnowledgeHarness]) -> None:
        """Whenever it ends, nothing half of it is searched; the next attempt makes it whole."""
        moment, is_killed = 0, True
        while is_killed:
            moment, harness = moment + 1, new_harness()
            document = harness.receive()
            with harness.killed():
                harness.work(harness.owner(harness.mortal(Fate(moment))))
            now = harness.read(document)
            is_killed = now.state != "indexed"
            assert is_killed == (harness.owner().documents.indexed(harness.owner_id) == [])
            harness.later(hours=1)
            ingest(harness.owner(), document.id)
            after = harness.read(document)
            assert ("indexed", None, True) == (after.state, after.reason, is_whole(harness, after)), moment
        assert moment > 15

    def test_while_it_is_cut_anew(self, new_harness: Callable[[], KnowledgeHarness]) -> None:
        """Whenever it ends, the old chunks are searched or the new ones, all of them and never both."""
        moment, is_killed = 0, True
        while is_killed:
            moment, harness = moment + 1, new_harness()
            before = harness.indexed(LONG)
            rechunk_document(harness.owner(), before.id, OTHER_CUTS)
            with harness.killed():
                harness.work(harness.owner(harness.mortal(Fate(moment))))
            now = harness.read(before)
            is_killed = now.state != "indexed"
            assert (1 if is_killed else 2) == now.generation
            owner = harness.owner()
            chunks = owner.chunks.read(harness.owner_id, now.id, now.generation)
            assert chunks is not None
            wanted = {f"{now.id}:{now.generation}:{chunk.number}" for chunk in chunks}
            assert wanted <= set(harness.vectors()), moment
            harness.later(hours=1)
            ingest(harness.owner(), before.id)
            assert 2 == harness.read(before).generation
        assert moment > 15

    def test_by_the_system(self, harness: KnowledgeHarness) -> None:
        """Its owner is told as soon as it counts as gone, and may try again."""
        document = harness.receive()
        with harness.killed():
            harness.work(harness.owner(harness.mortal(Fate(6))))
        assert "parsing" == read_document(harness.owner(), document.id).state
        harness.later(minutes=10)
        told = read_document(harness.owner(), document.id)
        assert told.reason is not None
        assert ("failed", "urn:coachwork:problem:ingestion-abandoned", True) == (
            told.state, told.reason["type"], told.reason["is_retryable"]
        )  # fmt: skip
        retry_document(harness.owner(), document.id)
        harness.work()
        assert is_whole(harness, harness.read(document))

    def test_before_it_began(self, harness: KnowledgeHarness) -> None:
        """A task that nobody took up is told likewise."""
        document = harness.receive()
        harness.later(minutes=10)
        assert "failed" == read_document(harness.owner(), document.id).state

    def test_what_was_paid_for(self, harness: KnowledgeHarness) -> None:
        """What an earlier attempt embedded is not embedded again."""
        document = harness.receive(pdf([f"Page {number} tells of valves." for number in range(1, 71)]))
        index = Failing(harness.resources.vector_index("knowledge"), VectorIndexUnavailable(), "upsert", spared=1)
        harness.work(harness.owner(replace(harness.resources, vector_index=lambda _: index)))
        assert ("failed", 64) == (harness.read(document).state, len(harness.vectors()))
        retry_document(harness.owner(), document.id)
        counted = Counting(harness.resources.embedder())
        harness.work(harness.owner(replace(harness.resources, embedder=lambda: counted)))
        assert (True, harness.read(document).chunks - 64) == (is_whole(harness, harness.read(document)), counted.texts)


class Counting:
    """An embedder that counts the texts it is given."""

    def __init__(self, embedder: Any) -> None:
        self._embedder = embedder
        self.texts = 0

    def embed(self, texts: Any, **named: Any) -> Any:
        """Embed, and count."""
        self.texts += len(texts)
        return self._embedder.embed(texts, **named)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._embedder, name)


class TestTime:
    """An invocation that ends before the work does."""

    def test_it_is_handed_over(self, harness: KnowledgeHarness) -> None:
        """Another invocation goes on from the pages that were read, and from the chunks that were embedded."""
        document = harness.receive(LONG)
        moments = iter(range(0, 10_000, 9))
        invocations = 0
        while harness.tasks.held:
            harness.tasks.held.pop()
            invocations += 1
            ends = Deadline(30, clock=lambda: float(next(moments)))
            ingest(replace(harness.owner(), invocation=Invocation("arn:aws:lambda", ends)), document.id)
        after = harness.read(document)
        assert ("indexed", 8) == (after.state, after.pages)
        assert invocations > 2
        assert is_whole(harness, after)
        assert [f"chunks/{harness.owner_id}/{document.id}/1.jsonl.gz"] == harness.objects()[1:]

    def test_it_gets_nowhere(self, harness: KnowledgeHarness) -> None:
        """An invocation that ends before anything was done hands nothing over: it would go on for ever."""
        document = harness.receive()
        none_left = replace(harness.owner(), invocation=Invocation("arn:aws:lambda", Deadline(0.0)))
        harness.work(none_left)
        after = harness.read(document)
        assert after.state in {"indexed", "failed"}
        assert [] == harness.tasks.held

    def test_nobody_takes_it(self, harness: KnowledgeHarness) -> None:
        """It has failed, and says why."""
        harness.tasks.is_open = False
        with pytest.raises(TasksUnavailable):
            harness.receive()
        [document] = harness.owner().documents.all(harness.owner_id)
        assert document.reason is not None
        assert ("failed", True) == (document.state, document.reason["is_retryable"])

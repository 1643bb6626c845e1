"""Ingestion: once, whole or not at all, whenever it is broken off."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from tests.pdfs import pdf
from tests.services.knowledge.rig import FILE, PAGES, Failing, Fate, Rig, is_whole

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

    def test_it_is_indexed(self, rig: Rig) -> None:
        """It is searched, its counts are those of the file, and its hash is the file's."""
        document = rig.indexed()
        assert ("indexed", 1, 2, 2, None) == (
            document.state, document.generation, document.pages_done, document.pages_total, document.reason
        )  # fmt: skip
        assert (sha256(FILE).hexdigest(), len(FILE)) == (document.sha256, document.size_bytes)
        assert is_whole(rig, document)
        assert [document] == rig.owner().documents.indexed(rig.owner_id)

    def test_its_chunks_are_its_text(self, rig: Rig) -> None:
        """What the pages say is in the chunks, page by page."""
        document = rig.indexed()
        chunks = rig.owner().chunks.read(rig.owner_id, document.id, 1) or []
        for number, text in enumerate(PAGES, 1):
            said = " ".join(chunk.text for chunk in chunks if chunk.page == number)
            assert text in " ".join(said.split())

    def test_the_vectors_say_whose_they_are(self, rig: Rig) -> None:
        """Each carries its owner, document, generation, number and page, by which a search keeps to what it may see."""
        document = rig.indexed()
        [first, *_] = rig.owner().index.get([f"{document.id}:1:0"])
        ids = {"owner_id": str(rig.owner_id), "document_id": str(document.id)}
        assert {**ids, "generation": 1, "number": 0, "page": 1} == first.metadata


class TestOnce:
    """However often it is told that a file is there."""

    def test_told_twice(self, rig: Rig) -> None:
        """One task is begun."""
        document = rig.announce()
        rig.put(document)
        for _ in range(2):
            complete(rig.owner(), document.id)
        assert 1 == len(rig.tasks.held)

    def test_told_by_both(self, rig: Rig) -> None:
        """The caller and the object store: it is ingested once, by whoever came first."""
        document = rig.announce()
        rig.put(document)
        owner = rig.owner()
        arrived(owner.resources, f"originals/{rig.owner_id}/{document.id}.pdf", owner.invocation)
        after = complete(rig.owner(), document.id)
        assert ("indexed", 1, []) == (after.state, after.attempt, rig.tasks.held)

    def test_at_the_same_time(self, rig: Rig) -> None:
        """Six that are told at once make one document of one generation."""
        document = rig.announce()
        rig.put(document)
        owner = rig.owner()
        key = f"originals/{rig.owner_id}/{document.id}.pdf"
        with ThreadPoolExecutor(6) as threads:
            list(threads.map(lambda _: arrived(owner.resources, key, owner.invocation), range(6)))
        after = rig.read(document)
        assert ("indexed", 1, 1) == (after.state, after.attempt, after.generation)
        assert is_whole(rig, after)

    def test_the_event_again(self, rig: Rig) -> None:
        """A task that comes again for what is done changes nothing."""
        document = rig.indexed()
        ingest(rig.owner(), document.id)
        assert document == rig.read(document)

    def test_of_a_document_that_is_gone(self, rig: Rig) -> None:
        """Nor does one for what was deleted."""
        document = rig.receive()
        remove_document(rig.owner(), document.id)
        rig.work()
        assert ([], [], []) == (rig.rows(), rig.objects(), rig.vectors())


class TestKilled:
    """A process that ends at any moment."""

    def test_at_each_moment(self, new_rig: Callable[[], Rig]) -> None:
        """Whenever it ends, nothing half of it is searched; the next attempt makes it whole."""
        moment, is_killed = 0, True
        while is_killed:
            moment, rig = moment + 1, new_rig()
            document = rig.receive()
            with rig.killed():
                rig.work(rig.owner(rig.mortal(Fate(moment))))
            now = rig.read(document)
            is_killed = now.state != "indexed"
            assert is_killed == (rig.owner().documents.indexed(rig.owner_id) == [])
            rig.later(hours=1)
            ingest(rig.owner(), document.id)
            after = rig.read(document)
            assert ("indexed", None, True) == (after.state, after.reason, is_whole(rig, after)), moment
        assert moment > 15

    def test_while_it_is_cut_anew(self, new_rig: Callable[[], Rig]) -> None:
        """Whenever it ends, the old chunks are searched or the new ones, all of them and never both."""
        moment, is_killed = 0, True
        while is_killed:
            moment, rig = moment + 1, new_rig()
            before = rig.indexed(LONG)
            rechunk_document(rig.owner(), before.id, OTHER_CUTS)
            with rig.killed():
                rig.work(rig.owner(rig.mortal(Fate(moment))))
            now = rig.read(before)
            is_killed = now.state != "indexed"
            assert (1 if is_killed else 2) == now.generation
            owner = rig.owner()
            chunks = owner.chunks.read(rig.owner_id, now.id, now.generation)
            assert chunks is not None
            wanted = {f"{now.id}:{now.generation}:{chunk.number}" for chunk in chunks}
            assert wanted <= set(rig.vectors()), moment
            rig.later(hours=1)
            ingest(rig.owner(), before.id)
            assert 2 == rig.read(before).generation
        assert moment > 15

    def test_by_the_system(self, rig: Rig) -> None:
        """Its owner is told as soon as it counts as gone, and may try again."""
        document = rig.receive()
        with rig.killed():
            rig.work(rig.owner(rig.mortal(Fate(6))))
        assert "parsing" == read_document(rig.owner(), document.id).state
        rig.later(minutes=10)
        told = read_document(rig.owner(), document.id)
        assert told.reason is not None
        assert ("failed", "urn:coachwork:problem:ingestion-abandoned", True) == (
            told.state, told.reason["type"], told.reason["is_retryable"]
        )  # fmt: skip
        retry_document(rig.owner(), document.id)
        rig.work()
        assert is_whole(rig, rig.read(document))

    def test_before_it_began(self, rig: Rig) -> None:
        """A task that nobody took up is told likewise."""
        document = rig.receive()
        rig.later(minutes=10)
        assert "failed" == read_document(rig.owner(), document.id).state

    def test_what_was_paid_for(self, rig: Rig) -> None:
        """What an earlier attempt embedded is not embedded again."""
        document = rig.receive(pdf([f"Page {number} tells of valves." for number in range(1, 71)]))
        index = Failing(rig.resources.vector_index("knowledge"), VectorIndexUnavailable(), "upsert", spared=1)
        rig.work(rig.owner(replace(rig.resources, vector_index=lambda _: index)))
        assert ("failed", 64) == (rig.read(document).state, len(rig.vectors()))
        retry_document(rig.owner(), document.id)
        counted = Counting(rig.resources.embedder())
        rig.work(rig.owner(replace(rig.resources, embedder=lambda: counted)))
        assert (True, rig.read(document).chunks - 64) == (is_whole(rig, rig.read(document)), counted.texts)


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

    def test_it_is_handed_over(self, rig: Rig) -> None:
        """Another invocation goes on from the pages that were read, and from the chunks that were embedded."""
        document = rig.receive(LONG)
        moments = iter(range(0, 10_000, 9))
        invocations = 0
        while rig.tasks.held:
            rig.tasks.held.pop()
            invocations += 1
            ends = Deadline(30, clock=lambda: float(next(moments)))
            ingest(replace(rig.owner(), invocation=Invocation("arn:aws:lambda", ends)), document.id)
        after = rig.read(document)
        assert ("indexed", 8) == (after.state, after.pages)
        assert invocations > 2
        assert is_whole(rig, after)
        assert [f"chunks/{rig.owner_id}/{document.id}/1.jsonl.gz"] == rig.objects()[1:]

    def test_it_gets_nowhere(self, rig: Rig) -> None:
        """An invocation that ends before anything was done hands nothing over: it would go on for ever."""
        document = rig.receive()
        none_left = replace(rig.owner(), invocation=Invocation("arn:aws:lambda", Deadline(0.0)))
        rig.work(none_left)
        after = rig.read(document)
        assert after.state in {"indexed", "failed"}
        assert [] == rig.tasks.held

    def test_nobody_takes_it(self, rig: Rig) -> None:
        """It has failed, and says why."""
        rig.tasks.is_open = False
        with pytest.raises(TasksUnavailable):
            rig.receive()
        [document] = rig.owner().documents.all(rig.owner_id)
        assert document.reason is not None
        assert ("failed", True) == (document.state, document.reason["is_retryable"])

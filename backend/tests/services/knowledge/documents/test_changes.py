"""Changes of documents in their table: what is claimed, freed and refused."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from tests.services.knowledge.documents.table import HASH, MOST, Clock, outcome
from tests.services.knowledge.makers import LATER, NOW, collection, document, indexed

from coachwork.chassis.documents.port import Document as Stored
from coachwork.chassis.documents.port import Key, Table
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.documents import Document
from coachwork.services.knowledge.errors import DocumentNotFound, DuplicateDocument
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents


def claims(table: Table, one: Document) -> list[Stored]:
    """Return the claims that the owner of a document has stored."""
    return list(table.query(f"OWNER#{one.owner_id}", prefix="HASH#", limit=100).documents)


class TestChange:
    """`Documents.change`."""

    def test_nobodys_change_is_lost(self, documents: Documents) -> None:
        """Whatever ten write at once, each finds what the others wrote."""
        one = indexed()
        documents.create(one, MOST)

        def tag(name: str) -> Document:
            return documents.change(one.owner_id, one.id, lambda seen: replace(seen, tags=(*seen.tags, name)))

        with ThreadPoolExecutor(5) as threads:
            list(threads.map(tag, "abcdefghij"))
        found = documents.get(one.owner_id, one.id)
        assert found is not None
        assert list("abcdefghij") == sorted(found.tags)

    def test_one_of_many_takes_it(self, documents: Documents) -> None:
        """Of eight that are told to ingest it, one does."""
        one = document(state="queued", due_at=LATER)
        documents.create(one, MOST)

        def take() -> Document:
            return documents.change(one.owner_id, one.id, lambda seen: ingestion.taken(seen, NOW, LATER))

        with ThreadPoolExecutor(8) as threads:
            outcomes = sorted(threads.map(outcome, [take] * 8))
        assert ["done", *["ingestion-stopped"] * 7] == outcomes

    def test_a_failure_releases_its_hash(self, documents: Documents, table: Table) -> None:
        """The file can be uploaded again, and then the failed one cannot be retried."""
        one = document(state="queued", sha256=HASH, due_at=LATER)
        documents.create(one, MOST)
        documents.change(one.owner_id, one.id, lambda seen: ingestion.failed(seen, 0, {"status": 422}, NOW))
        assert [] == claims(table, one)
        again = document(one.owner_id, sha256=HASH)
        documents.create(again, MOST)
        with pytest.raises(DuplicateDocument) as refusal:
            documents.change(one.owner_id, one.id, lambda seen: ingestion.retried(seen, NOW, LATER))
        assert again.id == refusal.value.document_id

    def test_a_hash_that_turns_out(self, documents: Documents) -> None:
        """Where no hash was declared, it is claimed when it is known: of two that arrive, one has it."""
        pair = [document(state="parsing", attempt=1, due_at=LATER) for _ in range(2)]
        pair[1] = replace(pair[1], owner_id=pair[0].owner_id)
        tries = []
        for one in pair:
            documents.create(one, MOST)
            known = partial(ingestion.identified, attempt=1, sha256=HASH, now=NOW)
            tries.append(partial(documents.change, one.owner_id, one.id, known))
        with ThreadPoolExecutor(2) as threads:
            assert ["done", "duplicate-document"] == sorted(threads.map(outcome, tries))

    def test_an_upload_that_arrives(self, documents: Documents, table: Table, clock: Clock) -> None:
        """Its claim expires no longer."""
        one = document(sha256=HASH)
        documents.create(one, MOST)
        documents.change(one.owner_id, one.id, lambda seen: ingestion.arrived(seen, NOW, LATER))
        assert [{"document_id": str(one.id)}] == [claim.attributes for claim in claims(table, one)]
        clock.now += timedelta(days=1)
        with pytest.raises(DuplicateDocument):
            documents.create(document(one.owner_id, sha256=HASH), MOST)

    def test_an_upload_that_never_arrives(self, documents: Documents, clock: Clock) -> None:
        """It is not found any more, its hash is free, and removing its row takes nothing from the next one."""
        one = document(sha256=HASH)
        documents.create(one, MOST)
        clock.now += timedelta(hours=2)
        again = document(one.owner_id, sha256=HASH, expires_at=clock.now + timedelta(hours=1))
        documents.create(again, MOST)
        assert [again.id] == [left.id for left in documents.all(one.owner_id)]
        assert [again.id, one.id] == [row.id for row in documents.rows(one.owner_id, at_once=1)]
        documents.change(one.owner_id, one.id, lambda seen: ingestion.removed(seen, clock.now))
        assert documents.forget(one)
        with pytest.raises(DuplicateDocument) as refusal:
            documents.create(document(one.owner_id, sha256=HASH), MOST)
        assert again.id == refusal.value.document_id

    def test_into_another_collection(self, documents: Documents, collections: Collections) -> None:
        """It takes its claim along, unless the file is there."""
        one, papers = indexed(sha256=HASH), None
        papers = collection(one.owner_id)
        collections.create(papers, MOST)
        documents.create(one, MOST)
        move = partial(ingestion.edited, now=NOW, collection_id=papers.id)
        documents.change(one.owner_id, one.id, move)
        other = indexed(one.owner_id, sha256=HASH)
        documents.create(other, MOST)
        with pytest.raises(DuplicateDocument):
            documents.change(other.owner_id, other.id, move)

    def test_no_such_document(self, documents: Documents) -> None:
        """There is nothing to change."""
        with pytest.raises(DocumentNotFound):
            documents.change(uuid4(), uuid4(), lambda seen: seen)

    def test_nothing_changed(self, documents: Documents, table: Table) -> None:
        """Then nothing is written."""
        one = indexed()
        documents.create(one, MOST)
        before = table.get(Key(f"OWNER#{one.owner_id}", f"DOC#{one.id}"))
        documents.change(one.owner_id, one.id, lambda seen: seen)
        assert before == table.get(Key(f"OWNER#{one.owner_id}", f"DOC#{one.id}"))

"""Documents in their table: one hash is one document's, however many write at once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from tests.services.knowledge.documents.table import HASH, MOST, Clock, outcome
from tests.services.knowledge.makers import LATER, NOW, collection, digest, document, indexed

from coachwork.chassis.documents.port import Table
from coachwork.chassis.identity.errors import AccountGone
from coachwork.services.knowledge.errors import CollectionNotFound, DuplicateDocument, TooManyDocuments
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents
from coachwork.services.knowledge.repository.everything import close


class TestCreate:
    """`Documents.create`."""

    def test_it_is_as_it_was_made(self, documents: Documents, collections: Collections) -> None:
        """Every field of a document comes back."""
        owner = uuid4()
        papers = collection(owner)
        collections.create(papers, MOST)
        one = indexed(
            owner, collection_id=papers.id, tags=("a", "b"), sha256=HASH, reason={"status": 503, "title": "x"},
            attempt=4, version=9, building=3, due_at=LATER,
        )  # fmt: skip
        documents.create(one, MOST)
        assert one == documents.get(owner, one.id)

    def test_the_same_file_again(self, documents: Documents) -> None:
        """It is refused, and says which document the file is."""
        one = document(sha256=HASH)
        documents.create(one, MOST)
        with pytest.raises(DuplicateDocument) as refusal:
            documents.create(document(one.owner_id, sha256=HASH), MOST)
        assert one.id == refusal.value.document_id

    def test_elsewhere(self, documents: Documents, collections: Collections) -> None:
        """In another collection, or of another owner, it is another document."""
        one = document(sha256=HASH)
        papers = collection(one.owner_id)
        collections.create(papers, MOST)
        for each in (one, document(one.owner_id, sha256=HASH, collection_id=papers.id), document(sha256=HASH)):
            documents.create(each, MOST)
            assert each == documents.get(each.owner_id, each.id)

    def test_many_at_once(self, documents: Documents) -> None:
        """Of twenty that upload the same file at the same time, one does."""
        owner = uuid4()
        tries = [partial(documents.create, document(owner, sha256=HASH), MOST) for _ in range(20)]
        with ThreadPoolExecutor(10) as threads:
            outcomes = sorted(threads.map(outcome, tries))
        assert ["done", *["duplicate-document"] * 19] == outcomes
        assert 1 == len(list(documents.all(owner)))

    def test_the_limit_at_once(self, documents: Documents) -> None:
        """Of twelve different ones five are stored where five may be."""
        owner = uuid4()
        with ThreadPoolExecutor(6) as threads:
            outcomes = list(threads.map(outcome, [partial(documents.create, document(owner), 5) for _ in range(12)]))
        assert (5, 7) == (outcomes.count("done"), outcomes.count("too-many-documents"))

    def test_what_expired_makes_room(self, documents: Documents, clock: Clock) -> None:
        """Uploads that never arrived count no longer."""
        owner = uuid4()
        documents.create(document(owner), 1)
        with pytest.raises(TooManyDocuments):
            documents.create(document(owner), 1)
        clock.now += timedelta(hours=2)
        documents.create(indexed(owner), 1)
        with pytest.raises(TooManyDocuments):
            documents.create(document(owner), 1)

    def test_what_is_forgotten_makes_room(self, documents: Documents) -> None:
        """So does what was deleted."""
        one = indexed()
        documents.create(one, 1)
        assert [True, False] == [documents.forget(one), documents.forget(one)]
        documents.create(indexed(one.owner_id), 1)

    def test_no_such_collection(self, documents: Documents, collections: Collections) -> None:
        """A document is put into a collection of its owner's only."""
        others = collection(uuid4())
        collections.create(others, MOST)
        with pytest.raises(CollectionNotFound):
            documents.create(document(collection_id=others.id), MOST)

    def test_a_collection_that_is_closing(self, documents: Documents, collections: Collections, clock: Clock) -> None:
        """While a collection is being deleted nothing is put into it; if that is broken off, it opens again."""
        papers = collection(uuid4())
        collections.create(papers, MOST)
        collections.change(papers.owner_id, papers.id, lambda one: replace(one, closing_until=LATER))
        one = indexed(papers.owner_id, collection_id=papers.id)
        with pytest.raises(CollectionNotFound):
            documents.create(one, MOST)
        clock.now = LATER + timedelta(seconds=1)
        documents.create(one, MOST)

    def test_a_deleted_account(self, documents: Documents, collections: Collections, table: Table) -> None:
        """A token that outlives its account makes nothing."""
        owner = uuid4()
        close(table, owner, LATER)
        for attempt in (partial(documents.create, document(owner)), partial(collections.create, collection(owner))):
            with pytest.raises(AccountGone):
                attempt(MOST)


class TestFind:
    """What is found."""

    def test_the_newest_first(self, documents: Documents) -> None:
        """In the order of their making, from any of them on, and only the owner's own."""
        owner = uuid4()
        made = [indexed(owner) for _ in range(4)]
        for one in (*made, indexed()):
            documents.create(one, MOST)
        assert [one.id for one in reversed(made)] == [one.id for one in documents.all(owner)]
        assert [made[0].id] == [one.id for one in documents.rows(owner, after=made[1].id, at_once=1)]

    def test_indexed(self, documents: Documents, collections: Collections) -> None:
        """Only what is searched, of the collection, the tags and the ids that are wanted."""
        owner = uuid4()
        papers = collection(owner)
        collections.create(papers, MOST)
        plain, tagged = indexed(owner), indexed(owner, tags=("Tax", "Home"))
        filed = indexed(owner, collection_id=papers.id)
        for one in (plain, tagged, filed, document(owner), document(owner, state="failed"), indexed()):
            documents.create(one, MOST)
        everything = [filed.id, tagged.id, plain.id]
        assert everything == [one.id for one in documents.indexed(owner)]
        assert [filed] == documents.indexed(owner, collection_id=papers.id)
        assert [tagged] == documents.indexed(owner, tags=["tax"])
        assert [plain] == documents.indexed(owner, document_ids=[plain.id, uuid4(), plain.id])
        assert [] == documents.indexed(owner, document_ids=[])

    def test_many(self, documents: Documents) -> None:
        """Those that there are, in the order asked."""
        owner = uuid4()
        first, second, expired = indexed(owner), indexed(owner), document(owner, expires_at=NOW)
        for one in (first, second, expired):
            documents.create(one, MOST)
        wanted = [second.id, uuid4(), expired.id, first.id]
        assert [second, first] == documents.get_many(owner, wanted)

    def test_with_a_file(self, documents: Documents) -> None:
        """The owner's documents of one file, also the failed ones, and nobody else's."""
        one = indexed(sha256=HASH)
        before = document(one.owner_id, sha256=HASH, state="failed")
        for each in (before, one, indexed(sha256=HASH), indexed(one.owner_id, sha256=digest("b"))):
            documents.create(each, MOST)
        assert {one.id, before.id} == {found.id for found in documents.with_file(one.owner_id, HASH)}

    def test_of_another_owner(self, documents: Documents) -> None:
        """By its id alone nobody finds it."""
        one = indexed()
        documents.create(one, MOST)
        assert (None, []) == (documents.get(uuid4(), one.id), documents.get_many(uuid4(), [one.id]))

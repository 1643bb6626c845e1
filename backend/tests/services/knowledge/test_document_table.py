"""Documents in their table: one hash is one document's, however many write at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from tests.document_tables import DocumentStage
from tests.services.knowledge.makers import LATER, NOW, collection, digest, document, indexed

from coachwork.chassis.documents.port import Document as Stored
from coachwork.chassis.documents.port import Key, Table
from coachwork.chassis.errors import CoachworkError
from coachwork.chassis.identity.errors import AccountGone
from coachwork.services.knowledge.domain import ingestion
from coachwork.services.knowledge.domain.documents import Document
from coachwork.services.knowledge.errors import (
    CollectionNotFound,
    DocumentNotFound,
    DuplicateDocument,
    TooManyCollections,
    TooManyDocuments,
)
from coachwork.services.knowledge.repository.collections import Collections
from coachwork.services.knowledge.repository.documents import Documents
from coachwork.services.knowledge.repository.everything import close

MOST = 50
HASH = digest("a")


class Clock:
    """A present that moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the present."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return a clock."""
    return Clock()


@pytest.fixture
def table(started_documents: DocumentStage) -> Table:
    """Return the table; every test has owners of its own."""
    return started_documents.table("documents")


@pytest.fixture
def documents(table: Table, clock: Clock) -> Documents:
    """Return the documents in it."""
    return Documents(table, clock)


@pytest.fixture
def collections(table: Table, clock: Clock) -> Collections:
    """Return the collections in it."""
    return Collections(table, clock)


def outcome(attempt: Callable[[], object]) -> str:
    """Return how an attempt ends: "done", or the slug of its refusal."""
    try:
        attempt()
    except CoachworkError as refusal:
        return refusal.slug
    return "done"


def claims(table: Table, one: Document) -> list[Stored]:
    """Return the claims that the owner of a document has stored."""
    return list(table.query(f"OWNER#{one.owner_id}", prefix="HASH#", limit=100).documents)


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
        assert [one.id] == [gone.id for gone in documents.expired(one.owner_id)]
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


class TestFind:
    """What is found."""

    def test_the_newest_first(self, documents: Documents) -> None:
        """In the order of their making, from any of them on, and only the owner's own."""
        owner = uuid4()
        made = [indexed(owner) for _ in range(4)]
        for one in (*made, indexed()):
            documents.create(one, MOST)
        assert [one.id for one in reversed(made)] == [one.id for one in documents.all(owner)]
        assert [made[0].id] == [one.id for one in documents.all(owner, after=made[1].id)]

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
        assert [plain] == documents.indexed(owner, document_ids=[plain.id, uuid4()])
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


class TestCollections:
    """`Collections`."""

    def test_the_limit(self, collections: Collections) -> None:
        """There are as many as there may be; one that is deleted makes room."""
        first = collection(uuid4())
        collections.create(first, 1)
        with pytest.raises(TooManyCollections):
            collections.create(collection(first.owner_id), 1)
        assert [True, False] == [collections.forget(first), collections.forget(first)]
        collections.create(collection(first.owner_id), 1)

    def test_pages(self, collections: Collections) -> None:
        """The newest first, a page at a time."""
        owner = uuid4()
        made = [collection(owner) for _ in range(3)]
        for one in made:
            collections.create(one, MOST)
        first, has_more = collections.page(owner, after=None, limit=2)
        rest, has_yet_more = collections.page(owner, after=first[-1].id, limit=2)
        assert ([made[2], made[1], made[0]], True, False) == ([*first, *rest], has_more, has_yet_more)

    def test_a_change_meanwhile(self, collections: Collections, clock: Clock) -> None:
        """What was changed since it was read is not forgotten."""
        papers = collection(uuid4())
        collections.create(papers, MOST)
        clock.now = LATER
        after = collections.change(papers.owner_id, papers.id, lambda one: replace(one, name="Books"))
        assert (after, False) == (collections.get(papers.owner_id, papers.id), collections.forget(papers))
        assert ("Books", 2, LATER) == (after.name, after.version, after.updated_at)

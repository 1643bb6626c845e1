"""Removal: at once for whoever looks, and everywhere in the end, whenever it is broken off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import uuid4

import pytest
from tests.pdfs import pdf
from tests.services.knowledge.harness import FILE, Before, Failing, Fate, KnowledgeHarness

from coachwork.chassis.errors import ObjectStoreUnavailable, PreconditionFailed, VectorIndexUnavailable
from coachwork.chassis.identity.errors import AccountGone
from coachwork.services.knowledge.errors import (
    BusyElsewhere,
    CollectionNotEmpty,
    CollectionNotFound,
    DocumentNotFound,
    RemovalUnfinished,
)
from coachwork.services.knowledge.schemas.collections import CollectionPatch, CollectionQuery, CollectionRequest
from coachwork.services.knowledge.schemas.documents import ChunkingRequest, PdfPatch, PdfQuery
from coachwork.services.knowledge.service.collections import (
    create_collection,
    edit_collection,
    list_collections,
    read_collection,
    remove_collection,
)
from coachwork.services.knowledge.service.documents import (
    edit_document,
    list_documents,
    read_document,
    rechunk_document,
)
from coachwork.services.knowledge.service.erasure import erase, erase_account
from coachwork.services.knowledge.service.removal import remove_document

OTHER = pdf(["Something else."])
DIGEST = sha256(FILE).hexdigest()
NOTHING: tuple[list[str], list[str], list[str]] = ([], [], [])


def left(harness: KnowledgeHarness) -> tuple[list[str], list[str], list[str]]:
    """Return what is left of an owner's, wherever it is."""
    return harness.rows(), harness.objects(), harness.vectors()


class TestDocument:
    """`remove_document`."""

    def test_everything_goes(self, harness: KnowledgeHarness) -> None:
        """Its file, its chunks, its vectors, its row and its claim; others stay whole."""
        document, other = harness.indexed(), harness.indexed(OTHER)
        removed = remove_document(harness.owner(), document.id)
        assert (document.id, document.chunks, len(FILE)) == (removed.document_id, removed.vectors, removed.file_bytes)
        assert [] == [one for place in left(harness) for one in place if str(document.id) in one]
        assert [f"{other.id}:1:0"] == harness.vectors()
        assert "indexed" == harness.indexed().state

    def test_older_generations_too(self, harness: KnowledgeHarness) -> None:
        """Whatever was cut anew, or was begun to be."""
        document = harness.indexed()
        rechunk_document(harness.owner(), document.id, ChunkingRequest(chunk_characters=200))
        with harness.killed():
            harness.work(harness.owner(harness.mortal(Fate(14))))
        remove_document(harness.owner(), document.id)
        assert NOTHING == left(harness)

    def test_somebody_elses(self, harness: KnowledgeHarness, new_harness: Callable[[], KnowledgeHarness]) -> None:
        """It is not found."""
        document = harness.indexed()
        with pytest.raises(DocumentNotFound):
            remove_document(new_harness().owner(), document.id)
        assert document == harness.read(document)

    def test_a_newer_version(self, harness: KnowledgeHarness) -> None:
        """It stays when it is not the version that was seen."""
        document = harness.indexed()
        with pytest.raises(PreconditionFailed):
            remove_document(harness.owner(), document.id, document.version - 1)
        assert document == harness.read(document)

    def test_killed_at_each_moment(self, new_harness: Callable[[], KnowledgeHarness]) -> None:
        """Wherever it ends it is found by nobody any more, and the next list goes on with what is left."""
        moment, is_killed = 1, True  # before the second call, the first that writes
        while is_killed:
            moment, harness = moment + 1, new_harness()
            document = harness.indexed()
            fate = Fate(moment)
            is_killed = True
            with harness.killed():
                remove_document(harness.owner(harness.mortal(fate)), document.id)
                is_killed = False
            if harness.owner().documents.get(harness.owner_id, document.id) is None:
                assert [] == list_documents(harness.owner(), PdfQuery())[0]
                assert NOTHING == left(harness), moment
        assert moment > 8

    @pytest.mark.parametrize(
        ("part", "failure"), [("blobs", ObjectStoreUnavailable()), ("vector_index", VectorIndexUnavailable())]
    )
    def test_a_part_that_is_down(self, harness: KnowledgeHarness, part: str, failure: Exception) -> None:
        """It is said; nobody finds the document meanwhile, and the same call finishes it."""
        document = harness.indexed()
        purpose = "knowledge" if part == "vector_index" else "documents"
        port = Failing(getattr(harness.resources, part)(purpose), failure, "delete", "delete_prefix")
        with pytest.raises(type(failure)):
            remove_document(harness.owner(replace(harness.resources, **{part: lambda _: port})), document.id)
        with pytest.raises(DocumentNotFound):
            read_document(harness.owner(), document.id)
        remove_document(harness.owner(), document.id)
        assert NOTHING == left(harness)


class TestCollection:
    """Collections, and what is in them."""

    def test_one_that_holds_documents(self, harness: KnowledgeHarness) -> None:
        """It stays, and takes documents as before."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        harness.indexed(collection_id=made.id)
        with pytest.raises(CollectionNotEmpty):
            remove_collection(harness.owner(), made.id, with_documents=False)
        assert made == read_collection(harness.owner(), made.id)
        harness.receive(OTHER, collection_id=made.id)

    def test_with_all_it_holds(self, harness: KnowledgeHarness) -> None:
        """They go with it; documents elsewhere stay."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        harness.indexed(collection_id=made.id)
        kept = harness.indexed()
        assert 1 == remove_collection(harness.owner(), made.id, with_documents=True).documents
        assert [kept.id] == [one.id for one in harness.owner().documents.all(harness.owner_id)]
        with pytest.raises(CollectionNotFound):
            read_collection(harness.owner(), made.id)

    def test_answers_are_gone_through_once(self, harness: KnowledgeHarness) -> None:
        """However many documents go with it."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        for text in ("One.", "Two.", "Three."):
            harness.indexed(pdf([text]), collection_id=made.id)
        read: list[str] = []
        history = Before(harness.resources.tables("chat-history"), "query", lambda: read.append("turns"), each=True)
        tables = {"documents": harness.resources.tables("documents"), "chat-history": history}
        owner = harness.owner(replace(harness.resources, tables=tables.__getitem__))
        assert 3 == remove_collection(owner, made.id, with_documents=True).documents
        assert (["turns"], NOTHING) == (read, left(harness))

    def test_one_that_is_renamed_meanwhile(self, harness: KnowledgeHarness) -> None:
        """It is not said to be deleted while it is there; the same call again deletes it."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        harness.indexed(collection_id=made.id)
        rename = partial(edit_collection, harness.owner(), made.id, CollectionPatch(name="Home"), None)
        index = Before(harness.resources.vector_index("knowledge"), "delete", rename)
        with pytest.raises(RemovalUnfinished):
            remove_collection(
                harness.owner(replace(harness.resources, vector_index=lambda _: index)), made.id, with_documents=True
            )
        assert "Home" == read_collection(harness.owner(), made.id).name
        remove_collection(harness.owner(), made.id, with_documents=True)
        assert NOTHING == left(harness)

    def test_a_part_that_is_down_in_the_middle(self, harness: KnowledgeHarness) -> None:
        """What was removed before is gone whole, the rest is there, and the same call goes on."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        for text in ("One.", "Two.", "Three."):
            harness.indexed(pdf([text]), collection_id=made.id)
        index = Failing(harness.resources.vector_index("knowledge"), VectorIndexUnavailable(), "delete", spared=1)
        with pytest.raises(VectorIndexUnavailable):
            remove_collection(
                harness.owner(replace(harness.resources, vector_index=lambda _: index)), made.id, with_documents=True
            )
        assert 2 == len([row for row in harness.rows() if row.startswith("DOC#")])
        assert 1 == remove_collection(harness.owner(), made.id, with_documents=True).documents
        assert [] == list_documents(harness.owner(), PdfQuery())[0]
        assert NOTHING == left(harness)

    def test_one_that_is_empty_by_now(self, harness: KnowledgeHarness) -> None:
        """When its documents have moved elsewhere it can go."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        document = harness.indexed(collection_id=made.id)
        edit_document(harness.owner(), document.id, PdfPatch(collection_id=None), None)
        remove_collection(harness.owner(), made.id, with_documents=False)
        assert None is harness.read(document).collection_id

    def test_a_version_that_is_not_the_last(self, harness: KnowledgeHarness) -> None:
        """Neither a change nor a removal forgets what somebody else changed."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        edit_collection(harness.owner(), made.id, CollectionPatch(description="All of it"), made.version)
        for attempt in (
            partial(edit_collection, harness.owner(), made.id, CollectionPatch(name="Home"), made.version),
            partial(remove_collection, harness.owner(), made.id, with_documents=True, expected=made.version),
        ):
            with pytest.raises(PreconditionFailed):
                attempt()
        assert ("House", "All of it") == (
            read_collection(harness.owner(), made.id).name,
            read_collection(harness.owner(), made.id).description,
        )

    def test_somebody_elses(self, harness: KnowledgeHarness, new_harness: Callable[[], KnowledgeHarness]) -> None:
        """It is neither listed nor found."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        other = new_harness().owner()
        with pytest.raises(CollectionNotFound):
            remove_collection(other, made.id, with_documents=True)
        assert ([], None) == list_collections(other, CollectionQuery())


class TestErasure:
    """Everything at once."""

    def test_it_says_what_there_was(
        self, harness: KnowledgeHarness, new_harness: Callable[[], KnowledgeHarness]
    ) -> None:
        """All of the owner's is gone, and nothing of another's."""
        other = new_harness()
        theirs = other.indexed()
        create_collection(harness.owner(), CollectionRequest(name="House"))
        harness.indexed()
        harness.announce(OTHER)
        vectors = len(harness.vectors())
        erased = erase(harness.owner())
        assert (2, 1, 2, vectors) == (erased.documents, erased.collections, erased.objects, erased.vectors)
        assert NOTHING == left(harness)
        assert theirs == other.read(theirs)
        assert len(other.vectors()) == theirs.chunks

    def test_life_goes_on(self, harness: KnowledgeHarness) -> None:
        """Afterwards the owner begins anew."""
        harness.indexed()
        erase(harness.owner())
        assert "indexed" == harness.indexed().state

    def test_while_it_is_ingested(self, harness: KnowledgeHarness) -> None:
        """What is written meanwhile goes as well, once the ingestion finds that its document is gone."""
        document = harness.receive()

        class Erasing:
            """An embedder during whose call everything is erased."""

            def __getattr__(self, name: str) -> object:
                if name == "embed":
                    erase(harness.owner())
                return getattr(harness.resources.embedder(), name)

        harness.work(harness.owner(replace(harness.resources, embedder=Erasing)))
        assert None is harness.owner().documents.get(harness.owner_id, document.id)
        assert NOTHING == left(harness)

    def test_what_is_made_meanwhile(self, harness: KnowledgeHarness) -> None:
        """It goes too, and leaves neither a count nor a claim behind."""
        harness.announce(OTHER)

        def make() -> None:
            harness.announce(sha256=DIGEST)
            create_collection(harness.owner(), CollectionRequest(name="House"))

        table = Before(harness.resources.tables("documents"), "delete_many", make)
        erased = erase(harness.owner(replace(harness.resources, tables=lambda _: table)))
        assert (2, 1) == (erased.documents, erased.collections)
        assert NOTHING == left(harness)
        assert () == tuple(harness.resources.tables("documents").query(f"OWNER#{harness.owner_id}", limit=10).documents)
        harness.announce(sha256=DIGEST)

    def test_what_is_made_always(self, harness: KnowledgeHarness) -> None:
        """Where there is always something new it says so, rather than going on for ever."""
        harness.announce()
        table = Before(harness.resources.tables("documents"), "delete_many", harness.announce, each=True)
        with pytest.raises(BusyElsewhere):
            erase(harness.owner(replace(harness.resources, tables=lambda _: table)))

    def test_with_the_account(self, harness: KnowledgeHarness) -> None:
        """A token that lives on makes nothing any more; another call removes what there is then: nothing."""
        harness.indexed()
        first = erase_account(harness.resources, harness.owner_id)
        again = erase_account(harness.resources, harness.owner_id)
        assert (1, {0}) == (first["documents"], set(again.values()))
        for attempt in (harness.receive, partial(create_collection, harness.owner(), CollectionRequest(name="x"))):
            with pytest.raises(AccountGone):
                attempt()
        row = harness.resources.tables("documents").query(f"OWNER#{harness.owner_id}", limit=10).documents[0]
        assert row.attributes["expires_at"] > (harness.now + timedelta(hours=20)).timestamp()

    def test_where_nothing_is_kept(self, harness: KnowledgeHarness) -> None:
        """A deployment without a table has nothing to erase."""
        settings = harness.resources.settings.model_copy(update={"documents_table_name": None})
        assert {} == erase_account(replace(harness.resources, settings=settings), uuid4())

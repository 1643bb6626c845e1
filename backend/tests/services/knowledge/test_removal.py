"""Removal: at once for whoever looks, and everywhere in the end, whenever it is broken off."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from hashlib import sha256
from uuid import uuid4

import pytest
from tests.pdfs import pdf
from tests.services.knowledge.rig import FILE, Before, Failing, Fate, Rig

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


def left(rig: Rig) -> tuple[list[str], list[str], list[str]]:
    """Return what is left of an owner's, wherever it is."""
    return rig.rows(), rig.objects(), rig.vectors()


class TestDocument:
    """`remove_document`."""

    def test_everything_goes(self, rig: Rig) -> None:
        """Its file, its chunks, its vectors, its row and its claim; others stay whole."""
        document, other = rig.indexed(), rig.indexed(OTHER)
        removed = remove_document(rig.owner(), document.id)
        assert (document.id, document.chunks, len(FILE)) == (removed.document_id, removed.vectors, removed.file_bytes)
        assert [] == [one for place in left(rig) for one in place if str(document.id) in one]
        assert [f"{other.id}:1:0"] == rig.vectors()
        assert "indexed" == rig.indexed().state

    def test_older_generations_too(self, rig: Rig) -> None:
        """Whatever was cut anew, or was begun to be."""
        document = rig.indexed()
        rechunk_document(rig.owner(), document.id, ChunkingRequest(chunk_characters=200))
        with rig.killed():
            rig.work(rig.owner(rig.mortal(Fate(14))))
        remove_document(rig.owner(), document.id)
        assert NOTHING == left(rig)

    def test_somebody_elses(self, rig: Rig, new_rig: Callable[[], Rig]) -> None:
        """It is not found."""
        document = rig.indexed()
        with pytest.raises(DocumentNotFound):
            remove_document(new_rig().owner(), document.id)
        assert document == rig.read(document)

    def test_a_newer_version(self, rig: Rig) -> None:
        """It stays when it is not the version that was seen."""
        document = rig.indexed()
        with pytest.raises(PreconditionFailed):
            remove_document(rig.owner(), document.id, document.version - 1)
        assert document == rig.read(document)

    def test_killed_at_each_moment(self, new_rig: Callable[[], Rig]) -> None:
        """Wherever it ends it is found by nobody any more, and the next list goes on with what is left."""
        moment, is_killed = 1, True  # before the second call, the first that writes
        while is_killed:
            moment, rig = moment + 1, new_rig()
            document = rig.indexed()
            fate = Fate(moment)
            is_killed = True
            with rig.killed():
                remove_document(rig.owner(rig.mortal(fate)), document.id)
                is_killed = False
            if rig.owner().documents.get(rig.owner_id, document.id) is None:
                assert [] == list_documents(rig.owner(), PdfQuery())[0]
                assert NOTHING == left(rig), moment
        assert moment > 8

    @pytest.mark.parametrize(
        ("part", "failure"), [("blobs", ObjectStoreUnavailable()), ("vector_index", VectorIndexUnavailable())]
    )
    def test_a_part_that_is_down(self, rig: Rig, part: str, failure: Exception) -> None:
        """It is said; nobody finds the document meanwhile, and the same call finishes it."""
        document = rig.indexed()
        purpose = "knowledge" if part == "vector_index" else "documents"
        port = Failing(getattr(rig.resources, part)(purpose), failure, "delete", "delete_prefix")
        with pytest.raises(type(failure)):
            remove_document(rig.owner(replace(rig.resources, **{part: lambda _: port})), document.id)
        with pytest.raises(DocumentNotFound):
            read_document(rig.owner(), document.id)
        remove_document(rig.owner(), document.id)
        assert NOTHING == left(rig)


class TestCollection:
    """Collections, and what is in them."""

    def test_one_that_holds_documents(self, rig: Rig) -> None:
        """It stays, and takes documents as before."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        rig.indexed(collection_id=made.id)
        with pytest.raises(CollectionNotEmpty):
            remove_collection(rig.owner(), made.id, with_documents=False)
        assert made == read_collection(rig.owner(), made.id)
        rig.receive(OTHER, collection_id=made.id)

    def test_with_all_it_holds(self, rig: Rig) -> None:
        """They go with it; documents elsewhere stay."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        rig.indexed(collection_id=made.id)
        kept = rig.indexed()
        assert 1 == remove_collection(rig.owner(), made.id, with_documents=True).documents
        assert [kept.id] == [one.id for one in rig.owner().documents.all(rig.owner_id)]
        with pytest.raises(CollectionNotFound):
            read_collection(rig.owner(), made.id)

    def test_answers_are_gone_through_once(self, rig: Rig) -> None:
        """However many documents go with it."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        for text in ("One.", "Two.", "Three."):
            rig.indexed(pdf([text]), collection_id=made.id)
        read: list[str] = []
        history = Before(rig.resources.tables("chat-history"), "query", lambda: read.append("turns"), each=True)
        tables = {"documents": rig.resources.tables("documents"), "chat-history": history}
        owner = rig.owner(replace(rig.resources, tables=tables.__getitem__))
        assert 3 == remove_collection(owner, made.id, with_documents=True).documents
        assert (["turns"], NOTHING) == (read, left(rig))

    def test_one_that_is_renamed_meanwhile(self, rig: Rig) -> None:
        """It is not said to be deleted while it is there; the same call again deletes it."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        rig.indexed(collection_id=made.id)
        rename = partial(edit_collection, rig.owner(), made.id, CollectionPatch(name="Home"), None)
        index = Before(rig.resources.vector_index("knowledge"), "delete", rename)
        with pytest.raises(RemovalUnfinished):
            remove_collection(
                rig.owner(replace(rig.resources, vector_index=lambda _: index)), made.id, with_documents=True
            )
        assert "Home" == read_collection(rig.owner(), made.id).name
        remove_collection(rig.owner(), made.id, with_documents=True)
        assert NOTHING == left(rig)

    def test_a_part_that_is_down_in_the_middle(self, rig: Rig) -> None:
        """What was removed before is gone whole, the rest is there, and the same call goes on."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        for text in ("One.", "Two.", "Three."):
            rig.indexed(pdf([text]), collection_id=made.id)
        index = Failing(rig.resources.vector_index("knowledge"), VectorIndexUnavailable(), "delete", spared=1)
        with pytest.raises(VectorIndexUnavailable):
            remove_collection(
                rig.owner(replace(rig.resources, vector_index=lambda _: index)), made.id, with_documents=True
            )
        assert 2 == len([row for row in rig.rows() if row.startswith("DOC#")])
        assert 1 == remove_collection(rig.owner(), made.id, with_documents=True).documents
        assert [] == list_documents(rig.owner(), PdfQuery())[0]
        assert NOTHING == left(rig)

    def test_one_that_is_empty_by_now(self, rig: Rig) -> None:
        """When its documents have moved elsewhere it can go."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        document = rig.indexed(collection_id=made.id)
        edit_document(rig.owner(), document.id, PdfPatch(collection_id=None), None)
        remove_collection(rig.owner(), made.id, with_documents=False)
        assert None is rig.read(document).collection_id

    def test_a_version_that_is_not_the_last(self, rig: Rig) -> None:
        """Neither a change nor a removal forgets what somebody else changed."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        edit_collection(rig.owner(), made.id, CollectionPatch(description="All of it"), made.version)
        for attempt in (
            partial(edit_collection, rig.owner(), made.id, CollectionPatch(name="Home"), made.version),
            partial(remove_collection, rig.owner(), made.id, with_documents=True, expected=made.version),
        ):
            with pytest.raises(PreconditionFailed):
                attempt()
        assert ("House", "All of it") == (
            read_collection(rig.owner(), made.id).name,
            read_collection(rig.owner(), made.id).description,
        )

    def test_somebody_elses(self, rig: Rig, new_rig: Callable[[], Rig]) -> None:
        """It is neither listed nor found."""
        made = create_collection(rig.owner(), CollectionRequest(name="House"))
        other = new_rig().owner()
        with pytest.raises(CollectionNotFound):
            remove_collection(other, made.id, with_documents=True)
        assert ([], None) == list_collections(other, CollectionQuery())


class TestErasure:
    """Everything at once."""

    def test_it_says_what_there_was(self, rig: Rig, new_rig: Callable[[], Rig]) -> None:
        """All of the owner's is gone, and nothing of another's."""
        other = new_rig()
        theirs = other.indexed()
        create_collection(rig.owner(), CollectionRequest(name="House"))
        rig.indexed()
        rig.announce(OTHER)
        vectors = len(rig.vectors())
        erased = erase(rig.owner())
        assert (2, 1, 2, vectors) == (erased.documents, erased.collections, erased.objects, erased.vectors)
        assert NOTHING == left(rig)
        assert theirs == other.read(theirs)
        assert len(other.vectors()) == theirs.chunks

    def test_life_goes_on(self, rig: Rig) -> None:
        """Afterwards the owner begins anew."""
        rig.indexed()
        erase(rig.owner())
        assert "indexed" == rig.indexed().state

    def test_while_it_is_ingested(self, rig: Rig) -> None:
        """What is written meanwhile goes as well, once the ingestion finds that its document is gone."""
        document = rig.receive()

        class Erasing:
            """An embedder during whose call everything is erased."""

            def __getattr__(self, name: str) -> object:
                if name == "embed":
                    erase(rig.owner())
                return getattr(rig.resources.embedder(), name)

        rig.work(rig.owner(replace(rig.resources, embedder=Erasing)))
        assert None is rig.owner().documents.get(rig.owner_id, document.id)
        assert NOTHING == left(rig)

    def test_what_is_made_meanwhile(self, rig: Rig) -> None:
        """It goes too, and leaves neither a count nor a claim behind."""
        rig.announce(OTHER)

        def make() -> None:
            rig.announce(sha256=DIGEST)
            create_collection(rig.owner(), CollectionRequest(name="House"))

        table = Before(rig.resources.tables("documents"), "delete_many", make)
        erased = erase(rig.owner(replace(rig.resources, tables=lambda _: table)))
        assert (2, 1) == (erased.documents, erased.collections)
        assert NOTHING == left(rig)
        assert () == tuple(rig.resources.tables("documents").query(f"OWNER#{rig.owner_id}", limit=10).documents)
        rig.announce(sha256=DIGEST)

    def test_what_is_made_always(self, rig: Rig) -> None:
        """Where there is always something new it says so, rather than going on for ever."""
        rig.announce()
        table = Before(rig.resources.tables("documents"), "delete_many", rig.announce, each=True)
        with pytest.raises(BusyElsewhere):
            erase(rig.owner(replace(rig.resources, tables=lambda _: table)))

    def test_with_the_account(self, rig: Rig) -> None:
        """A token that lives on makes nothing any more; another call removes what there is then: nothing."""
        rig.indexed()
        first = erase_account(rig.resources, rig.owner_id)
        again = erase_account(rig.resources, rig.owner_id)
        assert (1, {0}) == (first["documents"], set(again.values()))
        for attempt in (rig.receive, partial(create_collection, rig.owner(), CollectionRequest(name="x"))):
            with pytest.raises(AccountGone):
                attempt()
        row = rig.resources.tables("documents").query(f"OWNER#{rig.owner_id}", limit=10).documents[0]
        assert row.attributes["expires_at"] > (rig.now + timedelta(hours=20)).timestamp()

    def test_where_nothing_is_kept(self, rig: Rig) -> None:
        """A deployment without a table has nothing to erase."""
        settings = rig.resources.settings.model_copy(update={"documents_table_name": None})
        assert {} == erase_account(replace(rig.resources, settings=settings), uuid4())

"""Uploads while a part is down, or somebody else is faster."""

from dataclasses import replace

import pytest
from tests.services.knowledge.harness import Before, Failing, Fate, KnowledgeHarness, arrive

from coachwork.chassis.errors import DocumentStoreUnavailable, ObjectStoreUnavailable
from coachwork.chassis.tasks.port import Invocation
from coachwork.services.knowledge.domain.documents import original_key
from coachwork.services.knowledge.errors import DocumentNotFound
from coachwork.services.knowledge.service.removal import remove_document
from coachwork.services.knowledge.service.uploads import arrived


class TestPartsDown:
    """A part that is down: nothing is lost, and the same works later."""

    def test_the_object_store(self, harness: KnowledgeHarness) -> None:
        """A file that could not be stored leaves nothing, and may be sent again at once."""
        blobs = Failing(harness.resources.blobs("documents"), ObjectStoreUnavailable(), "write")
        down = replace(harness, resources=replace(harness.resources, blobs=lambda _: blobs))
        with pytest.raises(ObjectStoreUnavailable):
            down.receive()
        assert [] == harness.rows()
        assert "indexed" == harness.indexed().state

    def test_the_table_once_the_file_is_stored(self, harness: KnowledgeHarness) -> None:
        """What was not taken leaves nothing either: neither the file nor the claim of its hash."""
        table = Failing(
            harness.resources.tables("documents"), DocumentStoreUnavailable(), "transact", spared=1, times=1
        )
        down = replace(harness, resources=replace(harness.resources, tables=lambda _: table))
        with pytest.raises(DocumentStoreUnavailable):
            down.receive()
        assert ([], []) == (harness.rows(), harness.objects())
        assert "indexed" == harness.indexed().state

    def test_deleted_before_its_file_is_there(self, harness: KnowledgeHarness) -> None:
        """Whoever deletes it finds no file, so whoever stores the file removes it."""

        def delete() -> None:
            [document] = harness.owner().documents.all(harness.owner_id)
            remove_document(harness.owner(), document.id)

        blobs = Before(harness.resources.blobs("documents"), "write", delete)
        busy = replace(harness, resources=replace(harness.resources, blobs=lambda _: blobs))
        with pytest.raises(DocumentNotFound):
            busy.receive()
        assert ([], []) == (harness.rows(), harness.objects())

    def test_an_event_of_a_file(self, harness: KnowledgeHarness) -> None:
        """It is tried again by whoever sent it: nothing was begun."""
        document = harness.announce()
        harness.put(document)
        table = Failing(harness.resources.tables("documents"), DocumentStoreUnavailable(), "get")
        resources = replace(harness.owner().resources, tables=lambda _: table)
        with pytest.raises(DocumentStoreUnavailable):
            arrived(resources, original_key(harness.owner_id, document.id), Invocation())
        arrive(harness, document)
        assert "indexed" == harness.read(document).state

    def test_an_event_whose_work_broke_off(self, harness: KnowledgeHarness) -> None:
        """When it comes again after a minute, as Lambda has it, the work goes on."""
        document = harness.announce()
        harness.put(document)
        key = original_key(harness.owner_id, document.id)
        with harness.killed():
            arrived(harness.mortal(Fate(9)), key, Invocation())
        assert "parsing" == harness.read(document).state
        arrive(harness, document)
        assert ("parsing", 1) == (harness.read(document).state, harness.read(document).attempt)
        lost = harness.read(document)
        harness.owner().documents.change(harness.owner_id, lost.id, lambda one: replace(one, due_at=harness.now))
        arrive(harness, document)
        assert ("indexed", 2) == (harness.read(document).state, harness.read(document).attempt)

"""Uploads while a part is down, or somebody else is faster."""

from dataclasses import replace

import pytest
from tests.services.knowledge.rig import Before, Failing, Fate, Rig, arrive

from coachwork.chassis.errors import DocumentStoreUnavailable, ObjectStoreUnavailable
from coachwork.chassis.tasks.port import Invocation
from coachwork.services.knowledge.domain.documents import original_key
from coachwork.services.knowledge.errors import DocumentNotFound
from coachwork.services.knowledge.service.removal import remove_document
from coachwork.services.knowledge.service.uploads import arrived


class TestPartsDown:
    """A part that is down: nothing is lost, and the same works later."""

    def test_the_object_store(self, rig: Rig) -> None:
        """A file that could not be stored leaves nothing, and may be sent again at once."""
        blobs = Failing(rig.resources.blobs("documents"), ObjectStoreUnavailable(), "write")
        down = replace(rig, resources=replace(rig.resources, blobs=lambda _: blobs))
        with pytest.raises(ObjectStoreUnavailable):
            down.receive()
        assert [] == rig.rows()
        assert "indexed" == rig.indexed().state

    def test_the_table_once_the_file_is_stored(self, rig: Rig) -> None:
        """What was not taken leaves nothing either: neither the file nor the claim of its hash."""
        table = Failing(rig.resources.tables("documents"), DocumentStoreUnavailable(), "transact", spared=1, times=1)
        down = replace(rig, resources=replace(rig.resources, tables=lambda _: table))
        with pytest.raises(DocumentStoreUnavailable):
            down.receive()
        assert ([], []) == (rig.rows(), rig.objects())
        assert "indexed" == rig.indexed().state

    def test_deleted_before_its_file_is_there(self, rig: Rig) -> None:
        """Whoever deletes it finds no file, so whoever stores the file removes it."""

        def delete() -> None:
            [document] = rig.owner().documents.all(rig.owner_id)
            remove_document(rig.owner(), document.id)

        blobs = Before(rig.resources.blobs("documents"), "write", delete)
        busy = replace(rig, resources=replace(rig.resources, blobs=lambda _: blobs))
        with pytest.raises(DocumentNotFound):
            busy.receive()
        assert ([], []) == (rig.rows(), rig.objects())

    def test_an_event_of_a_file(self, rig: Rig) -> None:
        """It is tried again by whoever sent it: nothing was begun."""
        document = rig.announce()
        rig.put(document)
        table = Failing(rig.resources.tables("documents"), DocumentStoreUnavailable(), "get")
        resources = replace(rig.owner().resources, tables=lambda _: table)
        with pytest.raises(DocumentStoreUnavailable):
            arrived(resources, original_key(rig.owner_id, document.id), Invocation())
        arrive(rig, document)
        assert "indexed" == rig.read(document).state

    def test_an_event_whose_work_broke_off(self, rig: Rig) -> None:
        """When it comes again after a minute, as Lambda has it, the work goes on."""
        document = rig.announce()
        rig.put(document)
        key = original_key(rig.owner_id, document.id)
        with rig.killed():
            arrived(rig.mortal(Fate(9)), key, Invocation())
        assert "parsing" == rig.read(document).state
        arrive(rig, document)
        assert ("parsing", 1) == (rig.read(document).state, rig.read(document).attempt)
        lost = rig.read(document)
        rig.owner().documents.change(rig.owner_id, lost.id, lambda one: replace(one, due_at=rig.now))
        arrive(rig, document)
        assert ("indexed", 2) == (rig.read(document).state, rig.read(document).attempt)

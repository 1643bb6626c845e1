"""Uploads: what is announced and what arrives, and each way in which the two are not the same."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from tests.pdfs import bomb, drawn, pdf
from tests.services.knowledge.harness import FILE, KnowledgeHarness, arrive

from coachwork.chassis.errors import CoachworkError
from coachwork.chassis.pdf import UnreadablePdf
from coachwork.chassis.tasks.port import Invocation
from coachwork.services.knowledge.domain.documents import Document
from coachwork.services.knowledge.errors import (
    CollectionNotFound,
    DocumentNotFound,
    DuplicateDocument,
    FileTooLarge,
    TooManyDocuments,
    UnfitName,
    UploadMissing,
)
from coachwork.services.knowledge.schemas.collections import CollectionRequest
from coachwork.services.knowledge.schemas.documents import PdfQuery, PdfRequest
from coachwork.services.knowledge.service.collections import create_collection
from coachwork.services.knowledge.service.documents import list_documents, retry_document
from coachwork.services.knowledge.service.removal import remove_document
from coachwork.services.knowledge.service.uploads import announce_many, arrived, complete

OTHER = pdf(["Something else."])
DIGEST = sha256(FILE).hexdigest()


def encrypted() -> bytes:
    """Return a PDF that wants a password."""
    content = BytesIO()
    canvas = Canvas(content, encrypt=StandardEncryption("secret", "owner"))
    canvas.drawString(72, 720, "Nobody reads this.")
    canvas.save()
    return content.getvalue()


def reason(harness: KnowledgeHarness, document: Document) -> dict[str, Any]:
    """Return why a document failed."""
    found = harness.read(document)
    assert ("failed", False) == (found.state, found.is_searched)
    assert found.reason is not None
    return dict(found.reason)


class TestUnreadable:
    """Files that are no PDF that can be read: each document says what is wrong with its own."""

    @pytest.mark.parametrize(
        ("content", "cause"),
        [
            (b"PK\x03\x04 a zip, whatever its name", "not-a-pdf"),
            (FILE[: len(FILE) // 3], "broken"),
            (encrypted(), "encrypted"),
            (pdf([""] * 10_000), "too-many-pages"),
            (pdf(["", ""]), "no-text"),
            (bomb(b" " * 1000, 300_000), "too-much-memory"),
        ],
        ids=["no PDF", "truncated", "encrypted", "10,000 empty pages", "pictures alone", "a bomb"],
    )
    def test_what_is_wrong(self, harness: KnowledgeHarness, content: bytes, cause: str) -> None:
        """The document fails and nothing else does; the file's hash is free again."""
        for _ in range(2):
            document = harness.announce(content, sha256=sha256(content).hexdigest())
            harness.put(document, content)
            complete(harness.owner(), document.id)
            harness.work()
            told = reason(harness, document)
            assert ("urn:coachwork:problem:unreadable-pdf", cause, False) == (
                told["type"], told["cause"], told["is_retryable"]
            )  # fmt: skip
        assert [] == harness.vectors()

    def test_sent_with_the_request(self, harness: KnowledgeHarness) -> None:
        """What does not even begin as a PDF is refused at once, and nothing is stored."""
        with pytest.raises(UnreadablePdf):
            harness.receive(b"hello")
        assert [] == harness.rows()

    def test_javascript_inside(self, harness: KnowledgeHarness) -> None:
        """Scripts, and actions when it is opened, are neither run nor read: its text is all there is of it."""
        script = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
        document = harness.indexed(drawn([b"BT /F1 12 Tf 72 720 Td (Harmless words.) Tj ET"], of_catalog=script))
        chunks = harness.owner().chunks.read(harness.owner_id, document.id, 1) or []
        assert ["Harmless words."] == [chunk.text for chunk in chunks]


class TestNotAsAnnounced:
    """An upload that is not what was announced."""

    def test_another_hash(self, harness: KnowledgeHarness) -> None:
        """It fails, and the announced hash is free for the file that has it."""
        document = harness.announce(OTHER, sha256=DIGEST)
        harness.put(document, OTHER)
        complete(harness.owner(), document.id)
        harness.work()
        assert "urn:coachwork:problem:upload-differs" == reason(harness, document)["type"]
        assert "indexed" == harness.indexed(FILE).state

    def test_another_size(self, harness: KnowledgeHarness) -> None:
        """It fails before anybody reads it, however that is told."""
        for tell in (lambda one: complete(harness.owner(), one.id), lambda one: arrive(harness, one)):
            document = harness.announce(FILE, sha256=DIGEST)
            harness.put(document, OTHER)
            tell(document)
            assert "urn:coachwork:problem:upload-differs" == reason(harness, document)["type"]
        assert [] == harness.tasks.held

    def test_too_large(self, harness: KnowledgeHarness) -> None:
        """It is refused before it is uploaded."""
        with pytest.raises(FileTooLarge):
            harness.announce(FILE, size_bytes=50_000_001)

    def test_larger_than_a_document_may_be(self, harness: KnowledgeHarness) -> None:
        """One that got into the bucket all the same is not read."""
        document = harness.announce()
        harness.put(document)
        complete(harness.owner(), document.id)
        small = harness.resources.settings.model_copy(update={"document_max_bytes": 500})
        harness.work(harness.owner(replace(harness.resources, settings=small)))
        assert "failed" == harness.read(document).state


class TestNeverArrives:
    """A document whose file is not uploaded."""

    def test_told_too_early(self, harness: KnowledgeHarness) -> None:
        """Then it goes on waiting."""
        document = harness.announce()
        with pytest.raises(UploadMissing):
            complete(harness.owner(), document.id)
        assert "awaiting_upload" == harness.read(document).state

    def test_it_expires(self, harness: KnowledgeHarness) -> None:
        """After its time it is not found, its hash is free, and the next list removes what is left of it."""
        document = harness.announce(sha256=DIGEST)
        harness.later(hours=1)
        with pytest.raises(DocumentNotFound):
            complete(harness.owner(), document.id)
        assert "indexed" == harness.indexed(FILE).state
        remaining, _ = list_documents(harness.owner(), PdfQuery())
        assert 1 == len(remaining)
        assert [] == [row for row in harness.rows() if str(document.id) in row]

    def test_it_arrives_too_late(self, harness: KnowledgeHarness) -> None:
        """The file is removed."""
        document = harness.announce()
        harness.put(document)
        remove_document(harness.owner(), document.id)
        harness.put(document)
        arrive(harness, document)
        assert [] == harness.objects()

    @pytest.mark.parametrize(
        "key", ["originals/x.pdf", "chunks/a/b/1.jsonl.gz", "originals/3335cafa-a487-4c64-8cc7-2d7239b5d482/notes.txt"]
    )
    def test_what_nobody_waits_for(self, harness: KnowledgeHarness, key: str) -> None:
        """An object that is no document's file is left alone."""
        harness.owner().originals.write(key, b"x", "text/plain")
        arrived(harness.owner().resources, key, Invocation())
        assert harness.owner().originals.describe(key) is not None
        harness.owner().originals.delete(key)


class TestDuplicates:
    """The same file again."""

    def test_announced_with_its_hash(self, harness: KnowledgeHarness) -> None:
        """It is refused before it is uploaded, and says which document it is."""
        first = harness.indexed()
        with pytest.raises(DuplicateDocument) as refusal:
            harness.announce(sha256=DIGEST)
        assert first.id == refusal.value.document_id

    def test_announced_without_it(self, harness: KnowledgeHarness) -> None:
        """It fails when it is read, and says which document it is; when that is gone, it can be tried again."""
        first, second = harness.indexed(), harness.announce()
        harness.put(second)
        complete(harness.owner(), second.id)
        harness.work()
        told = reason(harness, second)
        assert ("urn:coachwork:problem:duplicate-document", str(first.id)) == (told["type"], told["duplicate_of"])
        remove_document(harness.owner(), first.id)
        retry_document(harness.owner(), second.id)
        harness.work()
        assert "indexed" == harness.read(second).state

    def test_in_another_collection(self, harness: KnowledgeHarness) -> None:
        """There it is a document of its own."""
        made = create_collection(harness.owner(), CollectionRequest(name="House"))
        harness.indexed()
        assert "indexed" == harness.indexed(collection_id=made.id).state

    def test_sent_at_once(self, harness: KnowledgeHarness) -> None:
        """Of eight that are sent at the same time one is stored, and no file of the others is left."""

        def send(_: int) -> str:
            try:
                return harness.receive().state
            except DuplicateDocument as refusal:
                return refusal.slug

        with ThreadPoolExecutor(8) as threads:
            outcomes = sorted(threads.map(send, range(8)))
        assert [*["duplicate-document"] * 7, "queued"] == outcomes
        assert 1 == len(harness.objects())

    def test_in_a_batch(self, harness: KnowledgeHarness) -> None:
        """Each is judged as if it came alone: the second of two alike is refused, the others are not for that."""
        harness.indexed()
        wanted = [("a", DIGEST), ("b", "0" * 64), ("c", "0" * 64), ("\u202e", None), ("d", None)]
        items = [PdfRequest(name=name, size_bytes=10, sha256=digest) for name, digest in wanted]
        outcomes = [
            one.slug if isinstance(one, CoachworkError) else one.document.name
            for one in announce_many(harness.owner(), items)
        ]
        assert ["duplicate-document", "b", "duplicate-document", "unfit-name", "d"] == outcomes


class TestLimits:
    """How much somebody may have, and where."""

    def test_documents(self, harness: KnowledgeHarness) -> None:
        """As many as the deployment says; one that is deleted makes room."""
        settings = harness.resources.settings.model_copy(update={"documents_per_user": 1})
        small = replace(harness, resources=replace(harness.resources, settings=settings))
        first = small.receive()
        with pytest.raises(TooManyDocuments):
            small.announce(OTHER)
        remove_document(small.owner(), first.id)
        small.announce(OTHER)

    def test_somebody_elses_collection(
        self, harness: KnowledgeHarness, new_harness: Callable[[], KnowledgeHarness]
    ) -> None:
        """It is as if it were not there."""
        theirs = create_collection(new_harness().owner(), CollectionRequest(name="House"))
        with pytest.raises(CollectionNotFound):
            harness.receive(collection_id=theirs.id)
        assert ([], []) == (harness.rows(), harness.objects())

    def test_a_name_of_nothing(self, harness: KnowledgeHarness) -> None:
        """It is refused, wherever it comes from; one that climbs is made harmless."""
        with pytest.raises(UnfitName):
            harness.receive(name="../\u202e.")
        assert "passwd" == harness.receive(name="../../etc/passwd").name

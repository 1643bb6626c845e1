"""What can go wrong with documents and collections, besides the chassis's own."""

from uuid import UUID

from coachwork.chassis.errors import Conflict, DependencyError, InvalidRequest, NotFound, PayloadTooLarge, WrongValue


class DocumentNotFound(NotFound):
    """The caller has no such document, or it was to be uploaded and never was."""

    slug = "document-not-found"
    title = "There is no document with this id"


class CollectionNotFound(NotFound):
    """The caller has no such collection."""

    slug = "collection-not-found"
    title = "There is no collection with this id"


class ChunkNotFound(NotFound):
    """The document has fewer chunks."""

    slug = "chunk-not-found"
    title = "The document has no chunk of this number"


class UnfitName(InvalidRequest):
    """Of the name nothing is left once what does not belong into one is taken out."""

    slug = "unfit-name"
    title = "The name has nothing in it that can be shown"

    def __init__(self) -> None:
        super().__init__(values=[WrongValue("body/name", "wants letters, digits or signs that can be seen")])


class FileTooLarge(PayloadTooLarge):
    """The file is larger than documents may be."""

    slug = "file-too-large"
    title = "The file is too large"

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"A document may have at most {most_bytes} bytes")


class DuplicateDocument(Conflict):
    """The same file is in the same collection; `document_id` is the document it is."""

    slug = "duplicate-document"
    title = "The same file is there already"

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"The same file is there already, as document {document_id}")
        self.document_id = document_id


class TooManyDocuments(Conflict):
    """The caller has as many documents as anybody may."""

    slug = "too-many-documents"
    title = "There are as many documents as there can be"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} documents, as many as there can be: delete one first")


class TooManyCollections(Conflict):
    """The caller has as many collections as anybody may."""

    slug = "too-many-collections"
    title = "There are as many collections as there can be"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} collections, as many as there can be: delete one first")


class CollectionNotEmpty(Conflict):
    """It holds documents, and was not to be deleted with them."""

    slug = "collection-not-empty"
    title = "The collection holds documents: move or delete them, or ask for that with documents=delete"


class BusyElsewhere(Conflict):
    """So many others wrote to the same that this write found no moment; nothing was stored."""

    slug = "busy-elsewhere"
    title = "Too much is changed at once: try again"


class UploadMissing(Conflict):
    """The file has not arrived."""

    slug = "upload-missing"
    title = "The file has not been uploaded"


class UploadDiffers(InvalidRequest):
    """What arrived is not what was announced."""

    slug = "upload-differs"
    title = "The uploaded file is not the one that was announced"


class IngestionUnderWay(Conflict):
    """It is being ingested, so it cannot be begun."""

    slug = "ingestion-under-way"
    title = "The document is being ingested: wait for it, or cancel it"


class NothingToRetry(Conflict):
    """It has neither failed nor been cancelled."""

    slug = "nothing-to-retry"
    title = "The document has neither failed nor been cancelled"


class NothingToCancel(Conflict):
    """It is not being ingested."""

    slug = "nothing-to-cancel"
    title = "The document is not being ingested"


class NotIndexed(Conflict):
    """It has no chunks yet."""

    slug = "not-indexed"
    title = "The document is not indexed"


class IngestionStopped(Conflict):
    """The document is no longer this attempt's: it was cancelled, deleted, or taken up by another."""

    slug = "ingestion-stopped"
    title = "The document is ingested by somebody else, or by nobody any more"


class IngestionAbandoned(DependencyError):
    """Whoever ingested it gave no sign for too long."""

    slug = "ingestion-abandoned"
    title = "The ingestion was broken off: try again"


class IngestionOutOfTime(DependencyError):
    """An invocation ended without having come any further."""

    slug = "ingestion-out-of-time"
    title = "The ingestion did not get on in the time there was: try again"


class RemovalUnfinished(DependencyError):
    """There was more than could be removed in the time of a request."""

    slug = "removal-unfinished"
    title = "Not everything is removed yet: the same call again goes on"


class ShareNotFound(NotFound):
    """The link opens nothing: it never did, it has ended, or its thread is gone."""

    slug = "share-not-found"
    title = "This link opens nothing"


class TooManyShares(Conflict):
    """The thread has as many links as there can be."""

    slug = "too-many-shares"
    title = "The thread has as many links as there can be"

    def __init__(self, most: int) -> None:
        super().__init__(f"The thread has {most} links, as many as there can be: end one first")

"""What can go wrong with documents and collections, besides the chassis's own."""

from uuid import UUID

from coachwork.chassis.errors import Conflict, DependencyError, InvalidRequest, NotFound, PayloadTooLarge, WrongValue


class DocumentNotFound(NotFound):
    """The caller has no such document, or its upload never arrived in time."""

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
    """Nothing is left of the name once control characters, folders and invisible characters are removed."""

    slug = "unfit-name"
    title = "The name has no visible characters"

    def __init__(self) -> None:
        super().__init__(values=[WrongValue("body/name", "must contain visible letters, digits or symbols")])


class FileTooLarge(PayloadTooLarge):
    """The file is larger than documents may be."""

    slug = "file-too-large"
    title = "The file is too large"

    def __init__(self, most_bytes: int) -> None:
        super().__init__(f"A document may have at most {most_bytes} bytes")


class DuplicateDocument(Conflict):
    """The collection already has this file, as document `document_id`."""

    slug = "duplicate-document"
    title = "The collection already has this file"

    def __init__(self, document_id: UUID) -> None:
        super().__init__(f"The collection already has this file, as document {document_id}")
        self.document_id = document_id


class TooManyDocuments(Conflict):
    """The caller has as many documents as anybody may."""

    slug = "too-many-documents"
    title = "You have reached the limit of documents"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} documents, which is the limit: delete one first")


class TooManyCollections(Conflict):
    """The caller has as many collections as anybody may."""

    slug = "too-many-collections"
    title = "You have reached the limit of collections"

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} collections, which is the limit: delete one first")


class CollectionNotEmpty(Conflict):
    """It holds documents, and deleting them as well was not asked for."""

    slug = "collection-not-empty"
    title = "The collection holds documents: move or delete them, or ask for that with documents=delete"


class BusyElsewhere(Conflict):
    """Concurrent writes to the same items kept this one from succeeding; nothing was stored."""

    slug = "busy-elsewhere"
    title = "Too many changes at once: try again"


class UploadMissing(Conflict):
    """The file has not arrived."""

    slug = "upload-missing"
    title = "The file has not been uploaded"


class UploadDiffers(InvalidRequest):
    """What arrived is not what was announced."""

    slug = "upload-differs"
    title = "The uploaded file differs from what was announced"


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
    title = "The document is being ingested by another attempt, or no longer at all"


class IngestionAbandoned(DependencyError):
    """The attempt that ingested it stopped giving signs of life."""

    slug = "ingestion-abandoned"
    title = "The ingestion was interrupted: try again"


class IngestionOutOfTime(DependencyError):
    """An invocation ran out of time without making progress."""

    slug = "ingestion-out-of-time"
    title = "The ingestion made no progress in the time available: try again"


class RemovalUnfinished(DependencyError):
    """There was more than one request can remove."""

    slug = "removal-unfinished"
    title = "Not everything is removed yet: repeat the call to continue"


class ShareNotFound(NotFound):
    """The link never existed, has expired or was revoked, or its thread is gone."""

    slug = "share-not-found"
    title = "This link is not valid"


class TooManyShares(Conflict):
    """The thread has as many links as it may."""

    slug = "too-many-shares"
    title = "The thread has reached the limit of links"

    def __init__(self, most: int) -> None:
        super().__init__(f"The thread has {most} links, which is the limit: revoke one first")

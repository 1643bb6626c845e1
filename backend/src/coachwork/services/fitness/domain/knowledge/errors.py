"""What can go wrong with the coach's knowledge.

NotFound                        404
└── DocumentNotFound
Conflict                        409
├── DocumentKnown
├── KnowledgeBusy
└── TooManyDocuments
InvalidRequest                  422, naming the value
└── UnfitDocument
"""

from coachwork.chassis.errors import Conflict, InvalidRequest, NotFound, WrongValue


class DocumentNotFound(NotFound):
    """The coach was given no such document."""

    slug = "document-not-found"
    title = "There is no document with this id"


class DocumentKnown(Conflict):
    """The same text is there under another title: answers would quote it twice."""

    slug = "document-known"
    title = "The same text is there under another title"


class KnowledgeBusy(Conflict):
    """Another administrator changes the knowledge this very moment; nothing was changed, and a retry may succeed."""

    slug = "knowledge-busy"
    title = "The knowledge is being changed by somebody else: try again in a moment"


class TooManyDocuments(Conflict):
    """There are as many documents as there can be."""

    slug = "too-many-documents"
    title = "There are as many documents as there can be: delete one first"


class UnfitDocument(InvalidRequest):
    """A document cannot become passages; `message` says why."""

    slug = "unfit-document"
    title = "This document cannot become passages"

    def __init__(self, location: str, message: str) -> None:
        super().__init__(message, [WrongValue(location, message)])

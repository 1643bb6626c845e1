"""Documents as they are shown."""

from typing import Any

from fastapi import Request, Response

from coachwork.chassis.http.preconditions import set_etag
from coachwork.chassis.http.turns import POLL
from coachwork.chassis.turns.limits import POLL_SECONDS
from coachwork.services.knowledge.domain.documents import UNFINISHED, Document
from coachwork.services.knowledge.schemas.documents import PdfCreatedResponse, PdfResponse, PdfUploadForm
from coachwork.services.knowledge.service.uploads import Announced

STATE: dict[int | str, dict[str, Any]] = {
    202: {"headers": POLL, "description": "It is done behind this answer: read the document to see how far it is"}
}
"""How an operation tells that the document's state is to be watched."""


def shown(document: Document) -> PdfResponse:
    """Return what its owner sees of a document."""
    return PdfResponse(
        **{name: value for name, value in vars(document).items() if name in PdfResponse.model_fields},
        is_searched=document.is_searched,
        chunk_characters=document.chunking.characters,
        overlap_sentences=document.chunking.overlap_sentences,
    )


def answered(response: Response, document: Document) -> PdfResponse:
    """Return the same, with its version, and when to look again where something is going to happen."""
    set_etag(response, document.version)
    if document.state in UNFINISHED:
        response.headers["Retry-After"] = str(POLL_SECONDS)
    return shown(document)


def announced(found: Announced, seconds: int) -> PdfCreatedResponse:
    """Return a new document and where its file goes."""
    return PdfCreatedResponse(
        document=shown(found.document),
        upload=PdfUploadForm.model_validate(found.upload),
        upload_expires_in_seconds=seconds,
    )


def located(request: Request, response: Response, thing_id: object) -> None:
    """Say where the new thing is, behind whatever stage the request came through."""
    response.headers["Location"] = f"{request.scope['path']}/{thing_id}"

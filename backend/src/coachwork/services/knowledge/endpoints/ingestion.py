"""A document's ingestion: begun, tried again, cancelled, done otherwise."""

from uuid import UUID

from fastapi import APIRouter, Response, status

from coachwork.chassis.errors import (
    DocumentStoreUnavailable,
    ObjectStoreUnavailable,
    TasksUnavailable,
    Unauthenticated,
)
from coachwork.chassis.http.problems import documented
from coachwork.services.knowledge.endpoints.callers import CurrentOwner
from coachwork.services.knowledge.endpoints.shown import STATE, answered
from coachwork.services.knowledge.errors import (
    BusyElsewhere,
    DocumentNotFound,
    DuplicateDocument,
    IngestionUnderWay,
    NothingToCancel,
    NothingToRetry,
    NotIndexed,
    UploadMissing,
)
from coachwork.services.knowledge.schemas.documents import ChunkingRequest, PdfResponse
from coachwork.services.knowledge.service.documents import cancel_document, rechunk_document, retry_document
from coachwork.services.knowledge.service.uploads import complete

router = APIRouter(
    prefix="/api/v1/documents/{document_id:uuid}",
    tags=["documents"],
    responses=documented(
        Unauthenticated, DocumentNotFound, BusyElsewhere, DocumentStoreUnavailable, ObjectStoreUnavailable
    ),
)


@router.post(
    "/complete",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="complete_document",
    responses={**STATE, **documented(UploadMissing, TasksUnavailable)},
)
def post_complete(owner: CurrentOwner, document_id: UUID, response: Response) -> PdfResponse:
    """Report that the file is uploaded, which starts its ingestion; has no effect if that is known already."""
    return answered(response, complete(owner, document_id))


@router.post(
    "/retry",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="retry_document",
    responses={**STATE, **documented(NothingToRetry, UploadMissing, DuplicateDocument, TasksUnavailable)},
)
def post_retry(owner: CurrentOwner, document_id: UUID, response: Response) -> PdfResponse:
    """Retry a failed or cancelled ingestion; finished work is not repeated."""
    return answered(response, retry_document(owner, document_id))


@router.post("/cancel", operation_id="cancel_document", responses=documented(NothingToCancel))
def post_cancel(owner: CurrentOwner, document_id: UUID, response: Response) -> PdfResponse:
    """Cancel an upload or an ingestion; a document being re-chunked stays as it was."""
    return answered(response, cancel_document(owner, document_id))


@router.post(
    "/rechunk",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="rechunk_document",
    responses={**STATE, **documented(IngestionUnderWay, NotIndexed, TasksUnavailable)},
)
def post_rechunk(owner: CurrentOwner, document_id: UUID, body: ChunkingRequest, response: Response) -> PdfResponse:
    """Cut a document into other chunks; until that is complete, the previous chunks are searched."""
    return answered(response, rechunk_document(owner, document_id, body))

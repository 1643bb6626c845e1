"""Documents: announced or sent, listed, read, changed, deleted."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response, status

from coachwork.chassis.errors import (
    CoachworkError,
    DatabaseUnavailable,
    DocumentStoreUnavailable,
    ObjectStoreUnavailable,
    PreconditionFailed,
    TasksUnavailable,
    Unauthenticated,
    VectorIndexUnavailable,
)
from coachwork.chassis.http.dependencies import CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion
from coachwork.chassis.http.problems import documented, problem_of
from coachwork.chassis.http.schemas import Page
from coachwork.chassis.http.turns import POLL
from coachwork.chassis.identity.errors import AccountGone
from coachwork.chassis.pdf import UnreadablePdf
from coachwork.services.knowledge.endpoints.bodies import SentDocument, SentFile, content_of
from coachwork.services.knowledge.endpoints.callers import CurrentOwner, making
from coachwork.services.knowledge.endpoints.shown import announced, answered, located, shown
from coachwork.services.knowledge.errors import (
    BusyElsewhere,
    CollectionNotFound,
    DocumentNotFound,
    DuplicateDocument,
    FileTooLarge,
    TooManyDocuments,
    UnfitName,
)
from coachwork.services.knowledge.schemas.documents import (
    PdfBatchRequest,
    PdfBatchResponse,
    PdfCreatedResponse,
    PdfPatch,
    PdfQuery,
    PdfRefusedResponse,
    PdfRemovedResponse,
    PdfRequest,
    PdfResponse,
)
from coachwork.services.knowledge.service.documents import edit_document, list_documents, read_document
from coachwork.services.knowledge.service.removal import remove_document
from coachwork.services.knowledge.service.uploads import Announced, announce, announce_many, receive

router = APIRouter(
    prefix="/api/v1/documents",
    tags=["documents"],
    responses=documented(Unauthenticated, DocumentStoreUnavailable, ObjectStoreUnavailable),
)
_CREATE = (AccountGone, BusyElsewhere, CollectionNotFound, DuplicateDocument, FileTooLarge, TooManyDocuments, UnfitName)
_DOWN = (DatabaseUnavailable, DocumentStoreUnavailable, ObjectStoreUnavailable)
_CHANGE = (DocumentNotFound, PreconditionFailed)


@router.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="create_document",
    responses=documented(*_CREATE, UnreadablePdf, *_DOWN, TasksUnavailable),
    openapi_extra=content_of(PdfRequest),
)
def post_document(owner: CurrentOwner, sent: SentDocument, request: Request, response: Response) -> PdfCreatedResponse:
    """Announce a PDF and get a form to upload it with, or send one of at most 4.4 MB with the request.

    A file sent with the request is ingested at once. An uploaded file is ingested when the object store reports it, or
    on `POST /api/v1/documents/{document_id}/complete`.
    """
    if isinstance(sent, SentFile):
        with making(owner):
            document = receive(owner, sent.content, sent.name, sent.fields)
        created = PdfCreatedResponse(document=shown(document), upload=None, upload_expires_in_seconds=None)
    else:
        with making(owner):
            created = announced(announce(owner, sent), owner.resources.settings.document_upload_seconds)
    located(request, response, created.document.id)
    return created


@router.post(
    "/batch",
    status_code=status.HTTP_202_ACCEPTED,
    operation_id="create_documents",
    responses=documented(AccountGone, *_DOWN),
)
def post_documents(
    owner: CurrentOwner, resources: CurrentResources, body: PdfBatchRequest, request: Request
) -> PdfBatchResponse:
    """Announce up to 50 PDFs at once; a refused one does not affect the others."""
    seconds = resources.settings.document_upload_seconds
    with making(owner):
        made = announce_many(owner, body.items)
    return PdfBatchResponse(items=[_outcome(one, seconds, request.state.request_id) for one in made])


@router.get("", operation_id="list_own_documents")
def get_documents(owner: CurrentOwner, query: Annotated[PdfQuery, Query()]) -> Page[PdfResponse]:
    """List your documents, the newest first; filtered by `sha256`, one created a moment ago may be missing."""
    found, next_cursor = list_documents(owner, query)
    return Page(items=[shown(one) for one in found], next_cursor=next_cursor)


@router.get(
    "/{document_id:uuid}",
    operation_id="read_document",
    responses={200: {"headers": POLL}, **documented(DocumentNotFound)},
)
def get_document(owner: CurrentOwner, document_id: UUID, response: Response) -> PdfResponse:
    """Read one of your documents, with the progress of its ingestion or the reason of its failure."""
    return answered(response, read_document(owner, document_id))


@router.patch(
    "/{document_id:uuid}",
    operation_id="update_document",
    responses=documented(*_CHANGE, BusyElsewhere, CollectionNotFound, DuplicateDocument, UnfitName),
)
def patch_document(
    owner: CurrentOwner, document_id: UUID, patch: PdfPatch, expected: ExpectedVersion, response: Response
) -> PdfResponse:
    """Rename a document, change its tags, or move it to another collection or to none."""
    return answered(response, edit_document(owner, document_id, patch, expected))


@router.delete(
    "/{document_id:uuid}",
    operation_id="remove_document",
    responses=documented(*_CHANGE, BusyElsewhere, VectorIndexUnavailable),
)
def delete_document(owner: CurrentOwner, document_id: UUID, expected: ExpectedVersion) -> PdfRemovedResponse:
    """Delete a document with its file, chunks and vectors; citations of it are marked as deleted."""
    return PdfRemovedResponse.model_validate(remove_document(owner, document_id, expected))


def _outcome(one: Announced | CoachworkError, seconds: int, request_id: str) -> PdfCreatedResponse | PdfRefusedResponse:
    if isinstance(one, CoachworkError):
        return PdfRefusedResponse(problem=problem_of(request_id, one))
    return announced(one, seconds)

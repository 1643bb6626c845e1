"""What is in a document: its chunks, and its file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from coachwork.chassis.errors import DocumentStoreUnavailable, ObjectStoreUnavailable, Unauthenticated
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.knowledge.endpoints.callers import CurrentOwner
from coachwork.services.knowledge.errors import ChunkNotFound, DocumentNotFound, NotIndexed, UploadMissing
from coachwork.services.knowledge.schemas.documents import ChunkQuery, ChunkResponse, PdfDownloadResponse
from coachwork.services.knowledge.service.documents import download_url, list_chunks, read_chunk

router = APIRouter(
    prefix="/api/v1/documents/{document_id:uuid}",
    tags=["documents"],
    responses=documented(Unauthenticated, DocumentNotFound, DocumentStoreUnavailable, ObjectStoreUnavailable),
)


@router.get("/chunks", operation_id="list_chunks", responses=documented(NotIndexed))
def get_chunks(owner: CurrentOwner, document_id: UUID, query: Annotated[ChunkQuery, Query()]) -> Page[ChunkResponse]:
    """List the chunks of a document, in order."""
    found, next_cursor = list_chunks(owner, document_id, query)
    return Page(items=[ChunkResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/chunks/{number}", operation_id="read_chunk", responses=documented(ChunkNotFound, NotIndexed))
def get_chunk(
    owner: CurrentOwner,
    document_id: UUID,
    number: Annotated[int, Path(ge=0, lt=10**9, description="Its place in the document, from 0")],
) -> ChunkResponse:
    """Read one chunk."""
    return ChunkResponse.model_validate(read_chunk(owner, document_id, number))


@router.get("/download", operation_id="download_document", responses=documented(UploadMissing))
def get_download(owner: CurrentOwner, document_id: UUID, response: Response) -> PdfDownloadResponse:
    """Get a temporary URL that downloads the file under the document's name."""
    url = download_url(owner, document_id)
    response.headers["Cache-Control"] = "no-store"  # whoever has the URL has the file
    return PdfDownloadResponse(url=url, expires_in_seconds=owner.resources.settings.document_url_seconds)

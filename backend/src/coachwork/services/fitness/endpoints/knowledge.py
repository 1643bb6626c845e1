"""The coach's knowledge, for administrators."""

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import ValidationError

from coachwork.chassis.budget.callers import embedder_for_everybody
from coachwork.chassis.budget.errors import DailyCeilingReached
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import (
    DatabaseUnavailable,
    Forbidden,
    InvalidRequest,
    ModelUnavailable,
    Unauthenticated,
    VectorIndexUnavailable,
    WrongValue,
)
from coachwork.chassis.http.dependencies import CurrentAdmin, CurrentInvocation, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.chassis.http.uploads import Upload, UploadedFile
from coachwork.chassis.pdf import UnreadablePdf
from coachwork.chassis.vectors import Hit, Item
from coachwork.services.fitness.domain.knowledge import COLLECTION
from coachwork.services.fitness.domain.knowledge.errors import (
    DocumentKnown,
    DocumentNotFound,
    KnowledgeBusy,
    TooManyDocuments,
    UnfitDocument,
)
from coachwork.services.fitness.schemas.knowledge import (
    DocumentId,
    DocumentQuery,
    DocumentRequest,
    DocumentResponse,
    FileDocument,
    HitResponse,
    IngestResponse,
    PassageQuery,
    PassageResponse,
    ReindexQuery,
    ReindexResponse,
    SearchQuery,
    SearchResponse,
)
from coachwork.services.fitness.service.knowledge import Ingested, Knowledge
from coachwork.services.fitness.service.reindex import reindex

_REINDEX_SECONDS = 15.0
"""After this a call begins nothing more: what is begun then ends well within API Gateway's 29 seconds."""


def _knowledge(admin: CurrentAdmin, resources: CurrentResources) -> Knowledge:  # noqa: ARG001  any administrator may
    return Knowledge(
        resources.database(), resources.vector_index(COLLECTION), embedder_for_everybody(resources, "fitness")
    )


AdminKnowledge = Annotated[Knowledge, Depends(_knowledge)]
"""The knowledge, for an administrator; the operation answers 401 or 403 to anybody else."""

router = APIRouter(
    prefix="/api/v1/knowledge-base",
    tags=["knowledge"],
    responses=documented(Unauthenticated, Forbidden, DatabaseUnavailable, ModelUnavailable, VectorIndexUnavailable),
)
_INGEST: dict[int | str, dict[str, Any]] = {
    **documented(KnowledgeBusy, DocumentKnown, TooManyDocuments, UnfitDocument, UnreadablePdf, DailyCeilingReached),
    200: {"model": IngestResponse, "description": "It was there already, or replaces the one before"},
}
_FIELDS = {
    name: {"type": "string", "description": text}
    for name, text in (
        ("title", "Another document of this title replaces the one before"),
        ("topic", "training, nutrition, recovery or safety"),
        ("format", "markdown, which is cut at its headings, or text; a PDF is recognised"),
        ("source", "JSON: title, authors, publisher, year, kind and perhaps a locator"),
    )
}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file", "title", "topic", "source"],
                    "properties": {"file": {"type": "string", "format": "binary"}, **_FIELDS},
                }
            }
        },
    }
}


@router.post("/passages", status_code=201, operation_id="ingest_document", responses=_INGEST)
def post_document(knowledge: AdminKnowledge, document: DocumentRequest, response: Response) -> IngestResponse:
    """Give the coach a text to cite; the same again changes nothing, another of the same title replaces it."""
    return _shown(knowledge.ingest(document), response)


@router.post("/files", status_code=201, operation_id="ingest_document_file", responses=_INGEST, openapi_extra=_FORM)
def post_document_file(knowledge: AdminKnowledge, upload: UploadedFile, response: Response) -> IngestResponse:
    """Give the coach a file to cite: Markdown, plain text, or a PDF with text in it, at most 4.5 MB."""
    return _shown(knowledge.ingest_file(_fields(upload), upload.content), response)


@router.get("/documents", operation_id="list_documents")
def get_documents(knowledge: AdminKnowledge, query: Annotated[DocumentQuery, Query()]) -> Page[DocumentResponse]:
    """List what administrators gave the coach, by title."""
    found, next_cursor = knowledge.documents(query)
    return Page(items=[DocumentResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.delete(
    "/documents/{text_id}",
    status_code=204,
    operation_id="delete_document",
    responses=documented(DocumentNotFound, KnowledgeBusy),
)
def remove_document(knowledge: AdminKnowledge, text_id: Annotated[DocumentId, Path()]) -> None:
    """Take a document from the coach, with all its passages; answers that cited it keep their citations."""
    knowledge.delete(text_id)


@router.get("/passages", operation_id="list_passages")
def get_passages(knowledge: AdminKnowledge, query: Annotated[PassageQuery, Query()]) -> Page[PassageResponse]:
    """List the passages in the index, those of the seeds too."""
    found, next_cursor = knowledge.passages(query)
    return Page(items=[PassageResponse(**_passage(one)) for one in found], next_cursor=next_cursor)


@router.get("/search", operation_id="search_passages", responses=documented(DailyCeilingReached))
def get_search(knowledge: AdminKnowledge, query: Annotated[SearchQuery, Query()]) -> SearchResponse:
    """Look for passages as the coach does, with their scores."""
    found = knowledge.search(query)
    hits = [HitResponse(**_passage(hit), score=hit.score) for hit in found]
    return SearchResponse(embedder=knowledge.embedder.name, items=hits)


@router.post("/reindex", operation_id="reindex_passages", responses=documented(KnowledgeBusy, DailyCeilingReached))
def post_reindex(
    knowledge: AdminKnowledge, invocation: CurrentInvocation, query: Annotated[ReindexQuery, Query()]
) -> ReindexResponse:
    """Embed what the index lacks, or all of it after a change of the embedder; call again while something remains."""
    deadline = Deadline(_REINDEX_SECONDS, within=invocation.deadline)
    done = reindex(knowledge, query.limit, deadline)
    return ReindexResponse(embedder=knowledge.embedder.name, **asdict(done))


def _shown(ingested: Ingested, response: Response) -> IngestResponse:
    if ingested.outcome != "created":
        response.status_code = 200
    return IngestResponse.model_validate(ingested, from_attributes=True)


def _fields(upload: Upload) -> FileDocument:
    """Return what the form says of its file; its `source` is JSON."""
    try:
        return FileDocument.model_validate({**upload.fields, "source": _source(upload)})
    except ValidationError as error:
        problems = error.errors(include_url=False)
        values = [WrongValue("/".join(["body", *map(str, one["loc"])]), str(one["msg"])) for one in problems]
        raise InvalidRequest(f"{len(values)} value(s) are not acceptable", values) from error


def _source(upload: Upload) -> Any:
    try:
        return json.loads(upload.fields.get("source", "null"))
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(values=[WrongValue("body/source", "wants JSON")]) from error


def _passage(item: Item | Hit) -> dict[str, Any]:
    details = item.metadata
    return {
        "id": item.id,
        "document_id": details.get("document_id"),
        "is_seeded": "document_id" not in details,
        "topic": details["topic"],
        "title": details["title"],
        "text": item.text,
        "source": {
            "title": details["source_title"],
            "authors": details["source_authors"],
            "publisher": details["source_publisher"],
            "year": details["source_year"],
            "kind": details["source_kind"],
            "locator": details.get("source_locator") or None,
        },
        "embedder": details["embedder"],
    }

"""Shared feedback as an evaluation set, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import PlainTextResponse

from coachwork.chassis.errors import DatabaseUnavailable, Forbidden, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentAdmin, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.schemas.feedback import CitedPassageResponse, FeedbackCase, FeedbackExportQuery
from coachwork.services.fitness.service.feedback import shared_feedback

router = APIRouter(
    prefix="/api/v1/feedback", tags=["chat"], responses=documented(Unauthenticated, Forbidden, DatabaseUnavailable)
)
_EXAMPLE = (
    '{"id":"6f1c0a52-5a8c-4a39-9a53-3c2f5f7a8f10","verdict":"down","reason":"Too vague","question":"How much protein?",'
    '"answer":"Enough.","model":"gpt-4o-mini","passages":[]}\n'
)


class JsonLines(PlainTextResponse):
    """One JSON object a line."""

    media_type = "application/jsonl"


@router.get(
    "/export",
    operation_id="export_feedback",
    response_class=JsonLines,
    responses={
        200: {
            "description": "A case a line, by id; ask again with `after` until there is none",
            "content": {"application/jsonl": {"schema": {"type": "string"}, "example": _EXAMPLE}},
        }
    },
)
def export(_: CurrentAdmin, resources: CurrentResources, query: Annotated[FeedbackExportQuery, Query()]) -> JsonLines:
    """Export the feedback users shared, as JSON lines; whose it is, and when it was given, is not known here."""
    lines = [
        FeedbackCase(
            id=one.export_id,
            verdict=one.verdict,
            reason=one.reason,
            question=one.question,
            answer=one.answer,
            model=one.model,
            passages=[CitedPassageResponse.model_validate(passage) for passage in one.passages],
        ).model_dump_json()
        for one in shared_feedback(resources.database(), query.limit, query.after)
    ]
    return JsonLines("".join(f"{line}\n" for line in lines))

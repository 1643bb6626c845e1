"""Exporting everything a user has."""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from coachwork.chassis.errors import DatabaseUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.domain.imports.errors import ExportTooLarge
from coachwork.services.fitness.schemas.export import ExportDocument, ExportQuery, LogsCsvQuery
from coachwork.services.fitness.service.export import export_logs, export_part

router = APIRouter(
    prefix="/api/v1/export", tags=["import and export"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

_DOCUMENT: dict[int | str, dict[str, Any]] = {200: {"model": ExportDocument}}
_CSV: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "One line a set, the earliest first"}
}


@router.get("", operation_id="export_everything", responses=_DOCUMENT, response_class=Response)
def get_export(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[ExportQuery, Query()]
) -> Response:
    """Export everything you have, in parts of at most 4 MB: while there is a `next_cursor`, there is another part.

    Importing the parts with `kind=coachwork`, in their order, restores it.
    """
    content = export_part(resources.database(), principal, query.cursor, datetime.now(UTC))
    return Response(content, media_type="application/json", headers=_named("coachwork.json"))


@router.get(
    "/logs.csv", operation_id="export_logs", responses=_CSV | documented(ExportTooLarge), response_class=Response
)
def get_logs_csv(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[LogsCsvQuery, Query()]
) -> Response:
    """Export your sets for a spreadsheet, 20,000 at most: narrow them with `from` and `to`."""
    content = export_logs(resources.database(), principal, query)
    return Response(content, media_type="text/csv; charset=utf-8", headers=_named("logs.csv"))


def _named(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}

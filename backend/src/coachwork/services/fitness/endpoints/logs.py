"""Performance logs."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.domain.logs import Log
from coachwork.services.fitness.errors import LogNotFound
from coachwork.services.fitness.schemas.logs import LogQuery, LogRequest, LogResponse
from coachwork.services.fitness.service.logs import create_log, delete_log, list_logs, read_log, replace_log

router = APIRouter(
    prefix="/api/v1/workouts-db/logs", tags=["workouts"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

_NOT_FOUND = documented(LogNotFound)


@router.post("", status_code=201, operation_id="create_log", responses=documented(Conflict))
def post_log(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    log: LogRequest,
    request: Request,
    response: Response,
) -> LogResponse:
    """Log what you did of one exercise, set by set."""
    stored = create_log(resources.database(), principal, log, datetime.now(UTC))
    response.headers["Location"] = f"{request.scope['path']}/{stored.id}"
    return _answer(response, stored)


@router.get("", operation_id="list_logs")
def get_logs(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[LogQuery, Query()]
) -> Page[LogResponse]:
    """List your logs, the latest performed first."""
    found, next_cursor = list_logs(resources.database(), principal, query)
    return Page(items=[LogResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/{log_id:uuid}", operation_id="read_log", responses=_NOT_FOUND)
def get_log(principal: CurrentPrincipal, resources: CurrentResources, log_id: UUID, response: Response) -> LogResponse:
    """Read one of your logs."""
    return _answer(response, read_log(resources.database(), principal, log_id))


@router.put(
    "/{log_id:uuid}", operation_id="replace_log", responses=documented(LogNotFound, Conflict, PreconditionFailed)
)
def put_log(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    log_id: UUID,
    log: LogRequest,
    expected: ExpectedVersion,
    response: Response,
) -> LogResponse:
    """Replace one of your logs as a whole; without `performed_at` it keeps its time."""
    stored = replace_log(resources.database(), principal, log_id, log, expected=expected, now=datetime.now(UTC))
    return _answer(response, stored)


@router.delete(
    "/{log_id:uuid}",
    status_code=204,
    operation_id="delete_log",
    responses=documented(LogNotFound, PreconditionFailed),
)
def remove_log(
    principal: CurrentPrincipal, resources: CurrentResources, log_id: UUID, expected: ExpectedVersion
) -> None:
    """Delete one of your logs."""
    delete_log(resources.database(), principal, log_id, expected=expected)


def _answer(response: Response, log: Log) -> LogResponse:
    set_etag(response, log.version)
    return LogResponse.model_validate(log)

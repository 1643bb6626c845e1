"""Training sessions."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from coachwork.chassis.errors import DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.domain.programmes.errors import (
    AnotherSessionOpen,
    ProgrammeIsDraft,
    SessionNotFound,
)
from coachwork.services.fitness.domain.sessions import TrainingSession
from coachwork.services.fitness.schemas.sessions import (
    FinishRequest,
    SessionPatch,
    SessionQuery,
    SessionRequest,
    SessionResponse,
)
from coachwork.services.fitness.service.sessions import (
    change_session,
    delete_session,
    finish_session,
    list_sessions,
    read_session,
    start_session,
)

router = APIRouter(
    prefix="/api/v1/sessions", tags=["sessions"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

SessionId = Annotated[UUID, Path(description="A session of yours")]
_CHANGE = documented(SessionNotFound, PreconditionFailed)


@router.post(
    "", status_code=201, operation_id="start_session", responses=documented(AnotherSessionOpen, ProgrammeIsDraft)
)
def post_session(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    body: SessionRequest,
    request: Request,
    response: Response,
) -> SessionResponse:
    """Begin a session: a day of a programme, with what the progression asks for now, or an empty one."""
    stored = start_session(resources.database(), principal, body, datetime.now(UTC))
    response.headers["Location"] = f"{request.scope['path']}/{stored.id}"
    return answer(response, stored)


@router.get("", operation_id="list_sessions")
def get_sessions(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[SessionQuery, Query()]
) -> Page[SessionResponse]:
    """List your sessions, the latest first; `state=open` finds the one to go on with."""
    found, next_cursor = list_sessions(resources.database(), principal, query)
    return Page(items=[SessionResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/{session_id:uuid}", operation_id="read_session", responses=documented(SessionNotFound))
def get_session(
    principal: CurrentPrincipal, resources: CurrentResources, session_id: SessionId, response: Response
) -> SessionResponse:
    """Read one of your sessions."""
    return answer(response, read_session(resources.database(), principal, session_id))


@router.patch("/{session_id:uuid}", operation_id="change_session", responses=_CHANGE)
def patch_session(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    patch: SessionPatch,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Change the name or the notes."""
    return answer(response, change_session(resources.database(), principal, session_id, patch, expected))


@router.post("/{session_id:uuid}/finish", operation_id="finish_session", responses=_CHANGE)
def post_finish(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    expected: ExpectedVersion,
    response: Response,
    body: FinishRequest | None = None,
) -> SessionResponse:
    """End a session; the progression counts it from now on. Once it has ended, ending it again changes nothing."""
    stored = finish_session(
        resources.database(),
        principal,
        session_id,
        finished_at=body.finished_at if body else None,
        expected=expected,
        now=datetime.now(UTC),
    )
    return answer(response, stored)


@router.delete("/{session_id:uuid}", status_code=204, operation_id="delete_session", responses=_CHANGE)
def remove_session(
    principal: CurrentPrincipal, resources: CurrentResources, session_id: SessionId, expected: ExpectedVersion
) -> None:
    """Discard a session, open or finished, with everything logged in it."""
    delete_session(resources.database(), principal, session_id, expected)


def answer(response: Response, training: TrainingSession) -> SessionResponse:
    """Return a session as callers see it, and its version in the ETag."""
    set_etag(response, training.version)
    return SessionResponse.model_validate(training)

"""The exercises of a session, and their sets. Every answer is the whole session, with its new ETag."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.domain.programmes.errors import (
    ExerciseStarted,
    NoEquivalent,
    SessionExerciseNotFound,
    SessionNotFound,
    SetNotFound,
    TooMuch,
)
from coachwork.services.fitness.endpoints.sessions import SessionId, answer
from coachwork.services.fitness.schemas.logs import SetRequest
from coachwork.services.fitness.schemas.sessions import (
    SessionExercisePatch,
    SessionExerciseRequest,
    SessionResponse,
    SwapRequest,
)
from coachwork.services.fitness.service.session_exercises import (
    add_exercise,
    change_exercise,
    delete_set,
    log_set,
    remove_exercise,
    replace_set,
    swap_exercise,
)

router = APIRouter(
    prefix="/api/v1/sessions/{session_id:uuid}/exercises",
    tags=["sessions"],
    responses=documented(Unauthenticated, DatabaseUnavailable, SessionNotFound, PreconditionFailed),
)

ItemId = Annotated[UUID, Path(description="An exercise of the session")]
SetNumber = Annotated[int, Path(ge=0, le=10_000, description="A set's `position`")]
_ITEM = documented(SessionNotFound, SessionExerciseNotFound)
_SET = documented(SessionNotFound, SessionExerciseNotFound, SetNotFound)


@router.post("", status_code=201, operation_id="add_session_exercise", responses=documented(TooMuch))
def post_exercise(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    body: SessionExerciseRequest,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Add an exercise at the end."""
    return answer(response, add_exercise(resources.database(), principal, session_id, body, expected))


@router.patch("/{session_exercise_id:uuid}", operation_id="change_session_exercise", responses=_ITEM)
def patch_exercise(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    session_exercise_id: ItemId,
    patch: SessionExercisePatch,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Skip an exercise, or take that back, or change its notes. What is skipped counts for no progression."""
    stored = change_exercise(
        resources.database(), principal, session_id, session_exercise_id, patch=patch, expected=expected
    )
    return answer(response, stored)


@router.delete("/{session_exercise_id:uuid}", operation_id="remove_session_exercise", responses=_ITEM)
def delete_exercise(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    session_exercise_id: ItemId,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Remove an exercise from the session, with its sets."""
    return answer(response, remove_exercise(resources.database(), principal, session_id, session_exercise_id, expected))


@router.post(
    "/{session_exercise_id:uuid}/swap",
    operation_id="swap_session_exercise",
    responses={**_ITEM, **documented(ExerciseStarted, NoEquivalent)},
)
def post_swap(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    session_exercise_id: ItemId,
    body: SwapRequest,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Do another exercise instead: the one you name, or the nearest equivalent. The plan stays as it is."""
    stored = swap_exercise(
        resources.database(), principal, session_id, session_exercise_id, slug=body.exercise, expected=expected
    )
    return answer(response, stored)


@router.post(
    "/{session_exercise_id:uuid}/sets",
    status_code=201,
    operation_id="log_session_set",
    responses={**_ITEM, **documented(Conflict, TooMuch)},
)
def post_set(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    session_exercise_id: ItemId,
    body: SetRequest,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Log a set as you did it; the rest before the next begins."""
    stored = log_set(
        resources.database(),
        principal,
        session_id,
        session_exercise_id,
        done=body,
        expected=expected,
        now=datetime.now(UTC),
    )
    return answer(response, stored)


@router.put("/{session_exercise_id:uuid}/sets/{position}", operation_id="replace_session_set", responses=_SET)
def put_set(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    session_exercise_id: ItemId,
    position: SetNumber,
    body: SetRequest,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Correct a set, in a finished session too: what follows from it is computed anew."""
    stored = replace_set(
        resources.database(),
        principal,
        session_id,
        session_exercise_id,
        position=position,
        done=body,
        expected=expected,
    )
    return answer(response, stored)


@router.delete("/{session_exercise_id:uuid}/sets/{position}", operation_id="delete_session_set", responses=_SET)
def remove_set(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    session_id: SessionId,
    session_exercise_id: ItemId,
    position: SetNumber,
    expected: ExpectedVersion,
    response: Response,
) -> SessionResponse:
    """Delete a set; the others keep their numbers. With the last of an exercise its log goes."""
    stored = delete_set(
        resources.database(), principal, session_id, session_exercise_id, position=position, expected=expected
    )
    return answer(response, stored)

"""Planned workouts."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.domain.workouts import Workout
from coachwork.services.fitness.errors import WorkoutNotFound
from coachwork.services.fitness.schemas.workouts import (
    WorkoutPatch,
    WorkoutQuery,
    WorkoutRequest,
    WorkoutResponse,
)
from coachwork.services.fitness.service.workouts import (
    change_workout,
    create_workout,
    delete_workout,
    list_workouts,
    read_workout,
    replace_workout,
)

router = APIRouter(
    prefix="/api/v1/workouts-db", tags=["workouts"], responses=documented(Unauthenticated, DatabaseUnavailable)
)

_NOT_FOUND = documented(WorkoutNotFound)
_WRITE = documented(WorkoutNotFound, Conflict, PreconditionFailed)


@router.post("", status_code=201, include_in_schema=False)
@router.post("/", status_code=201, operation_id="create_workout", responses=documented(Conflict))
def post_workout(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    workout: WorkoutRequest,
    request: Request,
    response: Response,
) -> WorkoutResponse:
    """Plan a workout."""
    stored = create_workout(resources.database(), principal, workout)
    response.headers["Location"] = f"{request.scope['path'].rstrip('/')}/{stored.id}"
    return _answer(response, stored)


@router.get("", include_in_schema=False)
@router.get("/", operation_id="list_workouts")
def get_workouts(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[WorkoutQuery, Query()]
) -> Page[WorkoutResponse]:
    """List your workouts, the newest first."""
    found, next_cursor = list_workouts(resources.database(), principal, query)
    return Page(items=[WorkoutResponse.model_validate(one) for one in found], next_cursor=next_cursor)


@router.get("/{workout_id:uuid}", operation_id="read_workout", responses=_NOT_FOUND)
def get_workout(
    principal: CurrentPrincipal, resources: CurrentResources, workout_id: UUID, response: Response
) -> WorkoutResponse:
    """Read one of your workouts."""
    return _answer(response, read_workout(resources.database(), principal, workout_id))


@router.put("/{workout_id:uuid}", operation_id="replace_workout", responses=_WRITE)
def put_workout(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    workout_id: UUID,
    workout: WorkoutRequest,
    expected: ExpectedVersion,
    response: Response,
) -> WorkoutResponse:
    """Replace one of your workouts as a whole."""
    stored = replace_workout(resources.database(), principal, workout_id, workout, expected=expected)
    return _answer(response, stored)


@router.patch("/{workout_id:uuid}", operation_id="change_workout", responses=_WRITE)
def patch_workout(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    workout_id: UUID,
    patch: WorkoutPatch,
    expected: ExpectedVersion,
    response: Response,
) -> WorkoutResponse:
    """Change the fields you give; the rest stays."""
    return _answer(response, change_workout(resources.database(), principal, workout_id, patch, expected=expected))


@router.delete(
    "/{workout_id:uuid}",
    status_code=204,
    operation_id="delete_workout",
    responses=documented(WorkoutNotFound, PreconditionFailed),
)
def remove_workout(
    principal: CurrentPrincipal, resources: CurrentResources, workout_id: UUID, expected: ExpectedVersion
) -> None:
    """Delete one of your workouts; the logs that followed it stay."""
    delete_workout(resources.database(), principal, workout_id, expected=expected)


def _answer(response: Response, workout: Workout) -> WorkoutResponse:
    set_etag(response, workout.version)
    return WorkoutResponse.model_validate(workout)

"""Goals."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.http.schemas import Page
from coachwork.services.fitness.domain.goals import MEASURED_BY, Assessment, Goal
from coachwork.services.fitness.errors import GoalNotFound
from coachwork.services.fitness.schemas.goals import (
    GoalQuery,
    GoalReadingResponse,
    GoalReplacement,
    GoalRequest,
    GoalResponse,
    ProjectionResponse,
)
from coachwork.services.fitness.service.goals import create_goal, delete_goal, list_goals, read_goal, replace_goal

router = APIRouter(prefix="/api/v1/goals", tags=["goals"], responses=documented(Unauthenticated, DatabaseUnavailable))

_WRITE = documented(GoalNotFound, Conflict, PreconditionFailed)


@router.post("", status_code=201, operation_id="create_goal", responses=documented(Conflict))
def post_goal(
    principal: CurrentPrincipal, resources: CurrentResources, goal: GoalRequest, request: Request, response: Response
) -> GoalResponse:
    """Set a goal; a target that would harm you is refused, with the reason and its source."""
    stored, assessment = create_goal(resources.database(), principal, goal, datetime.now(UTC))
    response.headers["Location"] = f"{request.scope['path']}/{stored.id}"
    return _answer(response, stored, assessment)


@router.get("", operation_id="list_goals")
def get_goals(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[GoalQuery, Query()]
) -> Page[GoalResponse]:
    """List your goals and how they stand, the newest first."""
    found, next_cursor = list_goals(resources.database(), principal, query, datetime.now(UTC))
    return Page(items=[_goal(*one) for one in found], next_cursor=next_cursor)


@router.get("/{goal_id:uuid}", operation_id="read_goal", responses=documented(GoalNotFound))
def get_goal(
    principal: CurrentPrincipal, resources: CurrentResources, goal_id: UUID, response: Response
) -> GoalResponse:
    """Read one of your goals and how it stands."""
    return _answer(response, *read_goal(resources.database(), principal, goal_id, datetime.now(UTC)))


@router.put("/{goal_id:uuid}", operation_id="replace_goal", responses=_WRITE)
def put_goal(
    *,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    goal_id: UUID,
    goal: GoalReplacement,
    expected: ExpectedVersion,
    response: Response,
) -> GoalResponse:
    """Change a goal's target, day, note or start, or put it aside; its kind stays."""
    stored = replace_goal(resources.database(), principal, goal_id, goal, expected=expected, now=datetime.now(UTC))
    return _answer(response, *stored)


@router.delete("/{goal_id:uuid}", status_code=204, operation_id="delete_goal", responses=_WRITE)
def remove_goal(
    principal: CurrentPrincipal, resources: CurrentResources, goal_id: UUID, expected: ExpectedVersion
) -> None:
    """Delete one of your goals."""
    delete_goal(resources.database(), principal, goal_id, expected)


def _answer(response: Response, goal: Goal, assessment: Assessment) -> GoalResponse:
    set_etag(response, goal.version)
    return _goal(goal, assessment)


def _goal(goal: Goal, assessment: Assessment) -> GoalResponse:
    stored = {name: value for name, value in vars(goal).items() if name in GoalResponse.model_fields}
    current, projection = assessment.current, assessment.projection
    return GoalResponse(
        **stored,
        unit=goal.unit,
        status=assessment.status,
        reached_at=assessment.reached_at,
        current=current
        and GoalReadingResponse(value=round(current.value, 2), at=current.at, row_ids=list(current.row_ids)),
        progress_percent=assessment.progress_percent,
        measured_by=MEASURED_BY[goal.kind],
        projection=projection and ProjectionResponse.model_validate(projection),
    )

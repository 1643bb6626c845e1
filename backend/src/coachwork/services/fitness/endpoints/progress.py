"""The progress summary."""

from typing import Annotated

from fastapi import APIRouter, Query

from coachwork.chassis.errors import DatabaseUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.schemas.period import end_of, start_of
from coachwork.services.fitness.schemas.progress import ProgressQuery, ProgressResponse
from coachwork.services.fitness.service.progress import summarise

router = APIRouter(
    prefix="/api/v1/workouts-db/progress",
    tags=["workouts"],
    responses=documented(Unauthenticated, DatabaseUnavailable),
)


@router.get("", operation_id="summarise_progress")
def get_progress(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[ProgressQuery, Query()]
) -> ProgressResponse:
    """Summarise what you logged: totals, estimated one-rep maximum, personal records, volume by week."""
    summary = summarise(
        resources.database(),
        principal,
        exercise=query.exercise,
        since=start_of(query.start),
        until=end_of(query.end),
    )
    return ProgressResponse.model_validate(summary)

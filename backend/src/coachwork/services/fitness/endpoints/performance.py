"""Progress in detail."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from coachwork.chassis.errors import DatabaseUnavailable, InvalidRequest, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.endpoints.exercises import SlugOrId
from coachwork.services.fitness.errors import ExerciseNotFound, TooManyLogsInPeriod
from coachwork.services.fitness.schemas.attendance import AdherenceResponse, StreaksQuery, StreaksResponse
from coachwork.services.fitness.schemas.muscles import MusclesResponse
from coachwork.services.fitness.schemas.performance import PeriodQuery, SeriesQuery, SeriesResponse
from coachwork.services.fitness.schemas.records import RecordsQuery, RecordsResponse
from coachwork.services.fitness.service import performance as service
from coachwork.services.fitness.service.adherence import read_adherence

router = APIRouter(
    prefix="/api/v1/progress", tags=["progress"], responses=documented(Unauthenticated, DatabaseUnavailable)
)


@router.get(
    "/exercises/{slug_or_id}",
    operation_id="read_exercise_progress",
    responses=documented(ExerciseNotFound, InvalidRequest, TooManyLogsInPeriod),
)
def get_series(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    slug_or_id: SlugOrId,
    query: Annotated[SeriesQuery, Query()],
) -> SeriesResponse:
    """Follow one exercise: each log's volume, its best set and the one-rep maximum that set estimates.

    Without a period, all logs; where they are more than 5,000, ask for a period.
    """
    return SeriesResponse.model_validate(service.read_series(resources.database(), principal, slug_or_id, query))


@router.get("/muscles", operation_id="read_muscle_progress")
def get_muscles(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[PeriodQuery, Query()]
) -> MusclesResponse:
    """See what each muscle got in each week, beside published ranges; whole weeks, the last twelve by default."""
    found = service.read_muscles(resources.database(), principal, query, datetime.now(UTC))
    return MusclesResponse.model_validate(found)


@router.get("/records", operation_id="list_records")
def get_records(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[RecordsQuery, Query()]
) -> RecordsResponse:
    """List your personal records, each with the set that made it and the record it beat."""
    return RecordsResponse.model_validate(service.list_records(resources.database(), principal, query))


@router.get("/streaks", operation_id="read_streaks")
def get_streaks(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[StreaksQuery, Query()]
) -> StreaksResponse:
    """See how many weeks in a row you trained often enough, now and at best."""
    found = service.read_streaks(resources.database(), principal, query, datetime.now(UTC))
    return StreaksResponse.model_validate(found)


@router.get("/adherence", operation_id="read_adherence")
def get_adherence(
    principal: CurrentPrincipal, resources: CurrentResources, query: Annotated[PeriodQuery, Query()]
) -> AdherenceResponse:
    """See what you did of what you planned, workouts and programmes, by whole weeks: the last twelve by default."""
    found = read_adherence(resources.database(), principal, query, datetime.now(UTC))
    return AdherenceResponse.model_validate(found)

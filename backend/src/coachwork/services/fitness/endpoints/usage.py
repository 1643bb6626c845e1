"""What the caller's questions used."""

from fastapi import APIRouter

from coachwork.chassis.errors import DatabaseUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.schemas.usage import DayOfUseResponse, UsageResponse
from coachwork.services.fitness.service.usage import usage

router = APIRouter(prefix="/api/v1/usage", tags=["chat"], responses=documented(Unauthenticated, DatabaseUnavailable))


@router.get("", operation_id="read_usage")
def read_usage(principal: CurrentPrincipal, resources: CurrentResources) -> UsageResponse:
    """Tell how many tokens your questions used, and how many are left today; safety answers use none."""
    report = usage(resources, principal)
    return UsageResponse(
        tokens_per_day=report.limit,
        used=report.standing.used,
        reserved=report.standing.reserved,
        remaining=report.remaining,
        renews_at=report.standing.renews_at,
        days=[
            DayOfUseResponse(**vars(day), tokens=day.input_tokens + day.output_tokens + day.embedding_tokens)
            for day in report.days
        ],
    )

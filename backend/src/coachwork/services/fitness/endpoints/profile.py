"""The caller's profile."""

from datetime import UTC, datetime

from fastapi import APIRouter

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.schemas.profile import ProfileRequest, ProfileResponse
from coachwork.services.fitness.service.profile import read_profile, replace_profile

router = APIRouter(
    prefix="/api/v1/profile", tags=["profile"], responses=documented(Unauthenticated, DatabaseUnavailable)
)


@router.get("", operation_id="read_profile")
def get_profile(principal: CurrentPrincipal, resources: CurrentResources) -> ProfileResponse:
    """Read your profile; before you store one, the defaults."""
    return ProfileResponse.model_validate(read_profile(resources.database(), principal))


@router.put("", operation_id="replace_profile", responses=documented(Conflict))
def put_profile(principal: CurrentPrincipal, resources: CurrentResources, profile: ProfileRequest) -> ProfileResponse:
    """Store your whole profile; what you leave out goes back to its default."""
    stored = replace_profile(resources.database(), principal, profile, datetime.now(UTC))
    return ProfileResponse.model_validate(stored)

"""The caller's profile."""

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from coachwork.chassis.errors import Conflict, DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.schemas.profile import ProfileRequest, ProfileResponse
from coachwork.services.fitness.service.profile import read_profile, replace_profile

router = APIRouter(
    prefix="/api/v1/profile", tags=["profile"], responses=documented(Unauthenticated, DatabaseUnavailable)
)


@router.get("", operation_id="read_profile")
def get_profile(principal: CurrentPrincipal, resources: CurrentResources, response: Response) -> ProfileResponse:
    """Read your profile; before you store one, the defaults."""
    return _answer(response, read_profile(resources.database(), principal))


@router.put("", operation_id="replace_profile", responses=documented(Conflict, PreconditionFailed))
def put_profile(
    principal: CurrentPrincipal,
    resources: CurrentResources,
    profile: ProfileRequest,
    expected: ExpectedVersion,
    response: Response,
) -> ProfileResponse:
    """Store your whole profile; what you leave out goes back to its default."""
    stored = replace_profile(resources.database(), principal, profile, expected=expected, now=datetime.now(UTC))
    return _answer(response, stored)


def _answer(response: Response, profile: Profile) -> ProfileResponse:
    set_etag(response, profile.version)
    return ProfileResponse.model_validate(profile)

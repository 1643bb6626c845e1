"""The caller's profile."""

from datetime import datetime

from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.services.fitness.domain.profile import Profile
from coachwork.services.fitness.errors import ImplausibleTime
from coachwork.services.fitness.repository import profile as repository
from coachwork.services.fitness.schemas.profile import ProfileRequest


def read_profile(database: Database, principal: Principal) -> Profile:
    """Return the caller's profile, the default one before it is first stored."""
    with database.session(principal) as session:
        return repository.find(session) or Profile()


def replace_profile(
    database: Database, principal: Principal, request: ProfileRequest, *, expected: int | None, now: datetime
) -> Profile:
    """Store a whole profile and return it.

    Raises:
        ImplausibleTime: the birth year is yet to come.
        PreconditionFailed: the profile is no longer the `expected` version; 0 is one never stored.
    """
    if request.birth_year and request.birth_year > now.year:
        raise ImplausibleTime("body/birth_year", f"Must not be after {now.year}")
    profile = request.model_copy(
        update={"equipment": sorted(set(request.equipment)), "injuries": sorted(set(request.injuries))}
    )
    with database.session(principal) as session:
        require_version(expected, repository.locked_version(session))
        repository.store(session, profile)
        return repository.find(session) or Profile()

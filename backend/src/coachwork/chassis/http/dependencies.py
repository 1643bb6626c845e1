"""`Annotated` dependencies: a signature shows what an operation needs and who may call it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Protocol, cast
from uuid import UUID

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from coachwork.chassis.errors import Forbidden, Unauthenticated
from coachwork.chassis.http.services import Service
from coachwork.chassis.identity.kept import hold_notes, take_notes_back
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks.port import Invocation

if TYPE_CHECKING:
    from coachwork.chassis.sql.session import Session

_bearer = HTTPBearer(auto_error=False, description="An access token from `POST /api/v1/users/login`")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def _resources(request: Request) -> Resources:
    return cast(Resources, request.app.state.resources)


CurrentResources = Annotated[Resources, Depends(_resources)]


def _access_token(credentials: Bearer, request: Request) -> str:
    if credentials is None:
        raise Unauthenticated
    request.state.is_authenticated = True  # what is answered now belongs to the token's bearer
    return credentials.credentials


AccessToken = Annotated[str, Depends(_access_token)]


def _principal(token: AccessToken, resources: CurrentResources, request: Request) -> Principal:
    principal = resources.token_verifier().verify(token)
    request.app.state.rate_limits.take_user(request.scope, principal.user_id)
    return principal


CurrentPrincipal = Annotated[Principal, Depends(_principal)]
"""A verified caller; the operation answers 401 without one, and 429 to one who asks too often."""


def _admin(principal: CurrentPrincipal) -> Principal:
    if not principal.is_admin:
        raise Forbidden("This is for administrators")
    return principal


CurrentAdmin = Annotated[Principal, Depends(_admin)]
"""A verified caller who is an administrator; the operation answers 401 or 403 to anybody else."""


def _invocation(request: Request) -> Invocation:
    return Invocation.of(request.scope.get("aws.context"))


CurrentInvocation = Annotated[Invocation, Depends(_invocation)]
"""The call to Lambda that brought the request, or none."""


class Erasure(Protocol):
    """Removes everything that services keep of somebody outside the identity provider's database."""

    def __call__(self, session: "Session", user_id: UUID) -> Mapping[str, Mapping[str, int]]:
        """Return how much of what it was, by service; `session` is the one that removes the account.

        Raises:
            KeptElsewhere: a service that is not mounted here keeps something; nothing was removed.
        """


def _erasure(request: Request, resources: CurrentResources) -> Erasure:
    services = cast(Sequence[Service], request.app.state.services)

    def erase(session: "Session", user_id: UUID) -> Mapping[str, Mapping[str, int]]:
        keeping = {one.name: one.erase for one in services if one.erase}
        hold_notes(session, user_id, keeping)
        erased = {name: load()(resources, user_id) for name, load in keeping.items()}
        take_notes_back(session, user_id)
        return erased

    return erase


CurrentErasure = Annotated[Erasure, Depends(_erasure)]


def _client_address(request: Request) -> str:
    return request.client.host if request.client and request.client.host else "unknown"


ClientAddress = Annotated[str, Depends(_client_address)]
"""The caller's network address as the gateway saw it, never as a header claims it."""

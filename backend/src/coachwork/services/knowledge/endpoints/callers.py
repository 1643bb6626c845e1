"""Whose documents an operation is about: the caller's."""

from typing import Annotated

from fastapi import Depends

from coachwork.chassis.http.dependencies import CurrentInvocation, CurrentPrincipal, CurrentResources
from coachwork.services.knowledge.service.owner import Owner


def _owner(principal: CurrentPrincipal, resources: CurrentResources, invocation: CurrentInvocation) -> Owner:
    return Owner(resources, principal.user_id, invocation)


CurrentOwner = Annotated[Owner, Depends(_owner)]
"""The caller as the owner of documents; the operation answers 401 without an access token."""

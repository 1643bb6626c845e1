"""Whose documents an operation is about: the caller's."""

from contextlib import AbstractContextManager
from typing import Annotated

from fastapi import Depends

from coachwork.chassis.http.dependencies import CurrentInvocation, CurrentPrincipal, CurrentResources
from coachwork.services.knowledge.service.owner import Owner, keeper


def _owner(principal: CurrentPrincipal, resources: CurrentResources, invocation: CurrentInvocation) -> Owner:
    return Owner(resources, principal.user_id, invocation)


CurrentOwner = Annotated[Owner, Depends(_owner)]
"""The caller as the owner of documents; the operation answers 401 without an access token."""


def making(owner: Owner) -> AbstractContextManager[None]:
    """Return the context in which something of the owner's is made; raises `AccountGone`, `DatabaseUnavailable`."""
    return keeper(owner.resources).making(owner.id)


def erasing(owner: Owner) -> AbstractContextManager[None]:
    """Return the context in which everything of the owner's is erased; raises `DatabaseUnavailable`."""
    return keeper(owner.resources).erasing(owner.id)

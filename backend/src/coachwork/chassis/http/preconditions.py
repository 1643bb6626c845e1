"""Optimistic locking over HTTP: an ETag for each version of a thing, and If-Match to change only the version seen.

Source: RFC 9110, sections 8.8.3 and 13.1.1
"""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from coachwork.chassis.errors import MalformedRequest, PreconditionFailed

_VERSION = re.compile(r'"([0-9]{1,18})"')


def set_etag(response: Response, version: int) -> None:
    """Tell the caller which version this is."""
    response.headers["ETag"] = f'"{version}"'


def _expected_version(
    if_match: Annotated[
        str | None,
        Header(description="The ETag of the version you saw; the change is refused with 412 if there is a newer one"),
    ] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _VERSION.fullmatch(if_match.strip())
    if found is None:
        raise MalformedRequest('If-Match wants one ETag as it was given, such as "3"')
    return int(found[1])


ExpectedVersion = Annotated[int | None, Depends(_expected_version)]
"""The version the caller saw; None when any will do."""


def require_version(expected: int | None, actual: int) -> None:
    """Return if the caller saw the version that is stored; call it on a row that is locked.

    Raises:
        PreconditionFailed: somebody else changed it meanwhile.
    """
    if expected is not None and expected != actual:
        raise PreconditionFailed

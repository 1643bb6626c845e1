"""What docs/security.md says the functions may do, held against what was deployed."""

from collections.abc import Mapping
from typing import Any

from deployment.permissions_doc import table, with_permissions
from deployment.terraform.program import SOURCES
from rehearsal.scenarios.errors import StepFailed
from rehearsal.scenarios.target import Target
from rehearsal.scenarios.workspace import PROJECT

STEP = "docs/security.md"
_PAGE = PROJECT / "docs" / "security.md"
_PREFIX = "coachwork"


def speaks_of(target: Target) -> bool:
    """Whether the page speaks of this deployment: of prod in one function, as the repository has it."""
    return target == Target(port=target.port, minute_seconds=target.minute_seconds, sources=SOURCES)


def require_documented(target: Target, permissions: Mapping[str, Any], *, writes: bool) -> str:
    """Return in words what the page says, or write it anew.

    Raises:
        StepFailed: the page says something else than was deployed.
    """
    written = table(permissions, name=f"{_PREFIX}-{target.environment}", region=target.region)
    page = _PAGE.read_text(encoding="utf-8")
    right = with_permissions(page, written)
    statements = sum(map(len, permissions.values()))
    if page == right:
        return f"{statements} statements, as deployed"
    if not writes:
        raise StepFailed(STEP, "it says of permissions what was not deployed: make rehearse ARGS=--write-docs")
    _PAGE.write_text(right, encoding="utf-8")
    return f"{statements} statements, written"

"""Why a document failed, as its owner is told."""

from typing import Any
from uuid import UUID

from coachwork.chassis.errors import CoachworkError, DependencyError, TooManyRequests
from coachwork.chassis.http.problems import stored_problem
from coachwork.chassis.pdf import UnreadablePdf
from coachwork.services.knowledge.errors import DuplicateDocument


def reason_of(document_id: UUID, error: CoachworkError) -> dict[str, Any]:
    """Return the problem, whether trying again may help, and for some what exactly it is."""
    is_passing = isinstance(error, DependencyError | TooManyRequests) or type(error) is CoachworkError
    more = {}
    if isinstance(error, DuplicateDocument):
        more["duplicate_of"] = str(error.document_id)
    if isinstance(error, UnreadablePdf):
        more["cause"] = error.reason
    return {
        **stored_problem(document_id, error),
        "is_retryable": is_passing,
        **more,
    }

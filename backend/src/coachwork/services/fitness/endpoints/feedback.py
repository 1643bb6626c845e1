"""Feedback on answers: what a user thinks of a turn."""

from uuid import UUID

from fastapi import APIRouter, Response

from coachwork.chassis.errors import DatabaseUnavailable, PreconditionFailed, Unauthenticated
from coachwork.chassis.http.dependencies import CurrentPrincipal, CurrentResources
from coachwork.chassis.http.preconditions import ExpectedVersion, set_etag
from coachwork.chassis.http.problems import documented
from coachwork.chassis.turns.errors import TurnNotFound
from coachwork.services.fitness.schemas.feedback import FeedbackRequest, FeedbackResponse
from coachwork.services.fitness.service.feedback import (
    FeedbackNotFound,
    delete_feedback,
    put_feedback,
    read_feedback,
)

router = APIRouter(
    prefix="/api/v1/chat/turns/{turn_id:uuid}/feedback",
    tags=["chat"],
    responses=documented(Unauthenticated, DatabaseUnavailable),
)


@router.put("", operation_id="put_feedback", responses=documented(TurnNotFound, PreconditionFailed))
def put(
    *,
    turn_id: UUID,
    feedback: FeedbackRequest,
    principal: CurrentPrincipal,
    resources: CurrentResources,
    expected: ExpectedVersion,
    response: Response,
) -> FeedbackResponse:
    """Say what you think of an answer, or change what you said; it is shared only when you say so."""
    stored = put_feedback(resources.database(), principal, turn_id, feedback, expected)
    set_etag(response, stored.version)
    return FeedbackResponse.model_validate(stored)


@router.get("", operation_id="read_feedback", responses=documented(FeedbackNotFound))
def get(
    turn_id: UUID, principal: CurrentPrincipal, resources: CurrentResources, response: Response
) -> FeedbackResponse:
    """Read what you said of an answer."""
    stored = read_feedback(resources.database(), principal, turn_id)
    set_etag(response, stored.version)
    return FeedbackResponse.model_validate(stored)


@router.delete(
    "", status_code=204, operation_id="delete_feedback", responses=documented(FeedbackNotFound, PreconditionFailed)
)
def delete(turn_id: UUID, principal: CurrentPrincipal, resources: CurrentResources, expected: ExpectedVersion) -> None:
    """Take back what you said of an answer; later exports leave it out."""
    delete_feedback(resources.database(), principal, turn_id, expected)

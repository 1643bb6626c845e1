"""What users think of answers."""

from collections.abc import Sequence
from uuid import UUID

from coachwork.chassis.errors import NotFound
from coachwork.chassis.http.preconditions import require_version
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.sql.database import Database
from coachwork.chassis.turns.errors import TurnNotFound
from coachwork.services.fitness.repository import feedback
from coachwork.services.fitness.repository.feedback import Feedback, SharedFeedback
from coachwork.services.fitness.schemas.feedback import FeedbackRequest


class FeedbackNotFound(NotFound):
    """The caller gave no feedback on this turn, or has no such turn."""

    slug = "feedback-not-found"
    title = "There is no feedback of yours on this turn"


def put_feedback(
    database: Database, principal: Principal, turn_id: UUID, given: FeedbackRequest, expected: int | None
) -> Feedback:
    """Give feedback on an answered turn, or change it.

    Raises:
        TurnNotFound: the caller has no such answered turn.
        PreconditionFailed: the feedback is no longer the `expected` version.
    """
    with database.session(principal) as session:
        if stored := feedback.find(session, turn_id):
            require_version(expected, stored.version)
        put = feedback.put(session, turn_id, given.verdict, given.reason, is_shared=given.share)
    if put is None:
        raise TurnNotFound
    return put


def read_feedback(database: Database, principal: Principal, turn_id: UUID) -> Feedback:
    """Return the caller's feedback on a turn; raises `FeedbackNotFound`."""
    with database.session(principal) as session:
        found = feedback.find(session, turn_id)
    if found is None:
        raise FeedbackNotFound
    return found


def delete_feedback(database: Database, principal: Principal, turn_id: UUID, expected: int | None) -> None:
    """Take feedback back, out of later exports too; raises `FeedbackNotFound` and `PreconditionFailed`."""
    with database.session(principal) as session:
        stored = feedback.find(session, turn_id)
        if stored is None:
            raise FeedbackNotFound
        require_version(expected, stored.version)
        feedback.delete(session, turn_id)


def shared_feedback(database: Database, limit: int, after: UUID | None) -> Sequence[SharedFeedback]:
    """Return what users shared, without whose it is."""
    with database.service_session() as session:
        return feedback.shared(session, limit, after)

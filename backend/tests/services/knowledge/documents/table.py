"""What tests of the table of documents share."""

from collections.abc import Callable
from datetime import datetime

from tests.services.knowledge.makers import NOW, digest

from coachwork.chassis.errors import CoachworkError

MOST = 50
HASH = digest("a")


class Clock:
    """A present that moves when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        """Return the present."""
        return self.now


def outcome(attempt: Callable[[], object]) -> str:
    """Return how an attempt ends: "done", or the slug of its refusal."""
    try:
        attempt()
    except CoachworkError as refusal:
        return refusal.slug
    return "done"

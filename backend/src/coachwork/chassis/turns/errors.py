"""What can go wrong with turns and the threads they make.

NotFound                        404, also for somebody else's
├── ThreadNotFound
└── TurnNotFound
Conflict                        409
├── TurnFinished
├── TurnNotFailed
└── TurnStopped
TooManyRequests                 429
└── TooManyTurns
DependencyError                 503
└── TurnAbandoned
"""

from coachwork.chassis.errors import Conflict, DependencyError, NotFound, TooManyRequests


class ThreadNotFound(NotFound):
    """There is no such conversation, or it is somebody else's."""

    slug = "thread-not-found"
    title = "There is no conversation with this id"


class TurnNotFound(NotFound):
    """There is no such turn, or it is somebody else's."""

    slug = "turn-not-found"
    title = "There is no turn with this id"


class TurnFinished(Conflict):
    """The turn has come to its end, so there is nothing to cancel."""

    slug = "turn-finished"
    title = "This turn is no longer under way"


class TurnNotFailed(Conflict):
    """Only what failed can be tried again."""

    slug = "turn-not-failed"
    title = "This turn has not failed"


class TurnStopped(Conflict):
    """The turn was cancelled, or counted as abandoned, before its answer was stored; its answer is lost."""

    slug = "turn-stopped"
    title = "The turn was stopped before it was answered"


class TooManyTurns(TooManyRequests):
    """The caller has as many turns under way as they may."""

    slug = "too-many-turns"
    title = "Too many of your questions are being answered: wait for one, or cancel one"


class TurnAbandoned(DependencyError):
    """Whoever worked on the turn is gone, or nobody took it up in time."""

    slug = "turn-abandoned"
    title = "The work on this turn broke off: try it again"

"""Attempts at a turn: within the request while there is time, then handed over. See docs/adr/0012."""

from dataclasses import dataclass
from time import monotonic
from typing import Protocol, TypeVar
from uuid import UUID

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import CoachworkError, OutOfTime
from coachwork.chassis.observability.logs import logger
from coachwork.chassis.turns.call import Call
from coachwork.chassis.turns.errors import TurnStopped
from coachwork.chassis.turns.limits import MARGIN_SECONDS

Done_co = TypeVar("Done_co", covariant=True)
Open_co = TypeVar("Open_co", covariant=True)
_SIGN_SECONDS = 1.0
"""How often a sign of life is given at most."""


@dataclass(frozen=True)
class Lease:
    """How an attempt has its turn: `seconds` from each sign of life, or for once where it gives none.

    An attempt within a request is over before its lease, so it need not write to the database as it goes. `deadline`
    is when the attempt has to be over; None is no such time.
    """

    seconds: float
    is_renewed: bool
    deadline: Deadline | None = None


class Signs:
    """When an attempt gives signs of life: never where its lease is not renewed."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._last = monotonic()

    def are_due(self, *, at_once: bool) -> bool:
        """Return whether to give one now, `at_once` or a second after the last, and count it as given."""
        now = monotonic()
        if not self._lease.is_renewed or not (at_once or now - self._last >= _SIGN_SECONDS):
            return False
        self._last = now
        return True


class Attempt(Protocol[Done_co, Open_co]):
    """One go at a turn."""

    def answer(self) -> Done_co:
        """Answer the turn and store the answer.

        Raises:
            OutOfTime: the deadline came first; the turn is still this attempt's.
            TurnStopped: it is no longer; nothing was stored.
            CoachworkError: there is no answer.
        """

    def fail(self, error: CoachworkError) -> None:
        """Say why there is no answer; where that cannot be said either, the lease will."""

    def hand_over(self) -> Open_co:
        """Let somebody else go on with the turn; return it as it is now.

        Raises:
            TurnStopped: it was cancelled meanwhile.
            TasksUnavailable: nobody takes it; it has failed.
        """


def lease_within(call: Call, *, is_heard: bool) -> Lease:
    """Return the lease of an attempt within a request.

    Whoever listens sees the answer grow and can wait as long as they like, unless there is a gateway before us.
    """
    if is_heard and call.invocation.deadline is None:
        return Lease(call.lease_seconds(), is_renewed=True)
    return Lease(call.planned(waits=True)[1], is_renewed=False, deadline=Deadline(call.budget_seconds()))


def lease_beyond(call: Call) -> Lease:
    """Return the lease of an attempt at a turn that was handed over: to the end of its invocation."""
    host = call.invocation.deadline
    deadline = Deadline(max(0.0, host.left_seconds - MARGIN_SECONDS)) if host else None
    return Lease(call.lease_seconds(), is_renewed=True, deadline=deadline)


def answer_or_hand_over(attempt: Attempt[Done_co, Open_co]) -> Done_co | Open_co:
    """Answer a turn as far as there is time for it; else hand it over, and return it unanswered.

    Raises:
        TurnStopped: it was cancelled meanwhile.
        CoachworkError: it has failed, and says why.
    """
    try:
        return _work(attempt)
    except OutOfTime:
        return attempt.hand_over()


def answer_or_fail(attempt: Attempt[object, object], turn_id: UUID) -> None:
    """Answer a turn that was handed over; whatever comes between, the turn says it."""
    try:
        _work(attempt)
    except OutOfTime as error:
        attempt.fail(error)
    except CoachworkError as error:
        logger.info("turn not answered", turn_id=str(turn_id), problem=error.slug)


def _work(attempt: Attempt[Done_co, object]) -> Done_co:
    why: CoachworkError | None = CoachworkError()  # what nobody foresaw, until it is known to be something else
    try:
        done = attempt.answer()
        why = None
    except (OutOfTime, TurnStopped):
        why = None
        raise
    except CoachworkError as error:
        why = error
        raise
    finally:
        if why:
            attempt.fail(why)
    return done

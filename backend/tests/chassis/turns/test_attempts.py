"""What becomes of a turn by how an attempt at it ends."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest

from coachwork.chassis.errors import CoachworkError, ModelUnavailable, OutOfTime
from coachwork.chassis.turns.attempts import Lease, Signs, answer_or_fail, answer_or_hand_over
from coachwork.chassis.turns.errors import TurnStopped

TURN = UUID(int=1)


@dataclass
class OneAttempt:
    """An attempt that ends as it is told, and remembers why it failed."""

    ends: Exception | None = None
    failures: list[str] = field(default_factory=list)

    def answer(self) -> str:
        """Answer, or end as told."""
        if self.ends:
            raise self.ends
        return "answered"

    def fail(self, error: CoachworkError) -> None:
        """Remember why."""
        self.failures.append(error.slug)

    def hand_over(self) -> str:
        """Let somebody else go on."""
        return "handed over"


class TestAnswerOrHandOver:
    """`answer_or_hand_over`."""

    def test_returns_the_answer(self) -> None:
        """What is answered in time is returned, and has not failed."""
        attempt = OneAttempt()
        assert ("answered", []) == (answer_or_hand_over(attempt), attempt.failures)

    def test_hands_over_when_time_is_up(self) -> None:
        """A turn whose time ran out goes on elsewhere, and has not failed."""
        attempt = OneAttempt(OutOfTime())
        assert ("handed over", []) == (answer_or_hand_over(attempt), attempt.failures)

    def test_a_failure_is_said(self) -> None:
        """Whoever asks is told, and so is the turn."""
        attempt = OneAttempt(ModelUnavailable())
        with pytest.raises(ModelUnavailable):
            answer_or_hand_over(attempt)
        assert [ModelUnavailable.slug] == attempt.failures

    def test_what_nobody_foresaw_is_said_without_its_words(self) -> None:
        """A defect fails the turn as an internal error."""
        attempt = OneAttempt(ZeroDivisionError("secret"))
        with pytest.raises(ZeroDivisionError):
            answer_or_hand_over(attempt)
        assert [CoachworkError.slug] == attempt.failures

    def test_a_stopped_turn_has_not_failed(self) -> None:
        """What was cancelled stays cancelled."""
        attempt = OneAttempt(TurnStopped())
        with pytest.raises(TurnStopped):
            answer_or_hand_over(attempt)
        assert [] == attempt.failures


class TestAnswerOrFail:
    """`answer_or_fail`."""

    def test_there_is_nobody_left_to_hand_it_to(self) -> None:
        """A turn that was handed over and runs out of time has failed."""
        attempt = OneAttempt(OutOfTime())
        answer_or_fail(attempt, TURN)
        assert [OutOfTime.slug] == attempt.failures

    def test_a_failure_is_said_once(self) -> None:
        """The turn says why, and nothing is raised: the task is done."""
        attempt = OneAttempt(ModelUnavailable())
        answer_or_fail(attempt, TURN)
        assert [ModelUnavailable.slug] == attempt.failures


class TestSigns:
    """`Signs`."""

    def test_a_lease_for_once_gives_none(self) -> None:
        """An attempt within a request writes nothing as it goes."""
        assert not Signs(Lease(10, is_renewed=False)).are_due(at_once=True)

    def test_are_not_given_more_often_than_asked(self) -> None:
        """A step begins with a sign; a word that follows it has to wait."""
        signs = Signs(Lease(10, is_renewed=True))
        assert (True, False) == (signs.are_due(at_once=True), signs.are_due(at_once=False))

"""Who asks for a turn, and how long there is for it."""

from dataclasses import dataclass
from typing import Literal

from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks import Invocation
from coachwork.chassis.turns.limits import LEAST_SECONDS, budget_seconds, lease_seconds

_GRACE_SECONDS = 15.0


@dataclass(frozen=True)
class Call:
    """Who asks, of what, and the invocation that brought the request."""

    resources: Resources
    principal: Principal
    invocation: Invocation

    def budget_seconds(self) -> float:
        """How long the request may wait for an answer."""
        host = self.invocation.deadline
        return budget_seconds(self.resources.settings.chat_sync_budget_seconds, host.left_seconds if host else None)

    def may_wait(self, *, is_heard: bool = False) -> bool:
        """Whether there is time to answer within the request.

        Where no gateway limits it, whoever hears the answer grow waits for it however long that is (`is_heard`).
        """
        return self.budget_seconds() >= LEAST_SECONDS or (is_heard and self.invocation.deadline is None)

    def lease_seconds(self) -> float:
        """After how long without a sign an attempt counts as gone."""
        return lease_seconds(2 * self.resources.settings.openai_timeout_seconds)

    def planned(self, *, waits: bool) -> tuple[Literal["running", "queued"], float]:
        """Return the state a turn begins in, and after how many seconds it counts as abandoned."""
        if waits:
            return "running", self.budget_seconds() + _GRACE_SECONDS
        return "queued", self.resources.tasks().longest_wait_seconds + _GRACE_SECONDS

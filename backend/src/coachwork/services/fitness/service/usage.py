"""What a caller's questions used of a model."""

from collections.abc import Sequence
from dataclasses import dataclass

from coachwork.chassis.budget.callers import ledger_of
from coachwork.chassis.budget.ledger import DayOfUse, Standing
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.resources import Resources

_DAYS = 30


@dataclass(frozen=True)
class UsageReport:
    """What a caller may use, what they used, and when they may again."""

    limit: int
    standing: Standing
    days: Sequence[DayOfUse]

    @property
    def remaining(self) -> int:
        """Tokens that neither were used today nor are reserved by calls under way."""
        return max(0, self.limit - self.standing.used - self.standing.reserved)


def usage(resources: Resources, principal: Principal) -> UsageReport:
    """Return what the caller used today and on the 30 days up to it, and what is left."""
    ledger = ledger_of(resources)
    standing = ledger.standing(principal.user_id)
    return UsageReport(ledger.limits.tokens_per_day, standing, ledger.days(principal.user_id, _DAYS))

"""The models a caller's turn is given, paid for out of their tokens of the day: the one place that hands them out."""

from collections.abc import Sequence
from dataclasses import dataclass

from coachwork.chassis.budget import Budget, Ledger, Limits, MeteredChatModel, MeteredEmbedder
from coachwork.chassis.budget.ledger import DayOfUse, Standing
from coachwork.chassis.budget.metered import choice_tokens, is_free
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.models import ChatModel, Embedder
from coachwork.chassis.resources import Resources
from coachwork.services.fitness.domain.turns import lease_seconds
from coachwork.services.fitness.prompts import coach_request

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


def chat_model_for(resources: Resources, principal: Principal) -> ChatModel:
    """Return the chat model; each of its calls may be refused as `Budget.spending` says."""
    model = resources.chat_model()
    return model if is_free(model) else MeteredChatModel(model, _budget(resources, principal))


def embedder_for(resources: Resources, principal: Principal) -> Embedder:
    """Return the embedder; each of its calls may be refused as `Budget.spending` says."""
    embedder = resources.embedder()
    return embedder if is_free(embedder) else MeteredEmbedder(embedder, _budget(resources, principal))


def require_tokens(resources: Resources, principal: Principal, question: str) -> None:
    """Return when there are tokens to begin answering with: who has none is told at once, and nothing is stored.

    Raises:
        TokenBudgetSpent: the caller's are used up.
        DailyCeilingReached: everybody's are.
    """
    if not is_free(resources.chat_model()):
        _budget(resources, principal).require(choice_tokens(coach_request(question)))


def usage(resources: Resources, principal: Principal) -> UsageReport:
    """Return what the caller used today and on the 30 days up to it, and what is left."""
    ledger = _ledger(resources)
    standing = ledger.standing(principal.user_id)
    return UsageReport(ledger.limits.tokens_per_day, standing, ledger.days(principal.user_id, _DAYS))


def _budget(resources: Resources, principal: Principal) -> Budget:
    return Budget(_ledger(resources), principal.user_id)


def _ledger(resources: Resources) -> Ledger:
    settings = resources.settings
    limits = Limits(settings.chat_tokens_per_day, settings.chat_tokens_per_day_all)
    return Ledger(resources.database(), limits, hold_seconds=lease_seconds(2 * settings.openai_timeout_seconds))

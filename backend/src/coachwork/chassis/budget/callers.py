"""The models a caller's work is given, paid for out of their tokens of the day: the one place that hands them out."""

from coachwork.chassis.budget.ledger import Ledger, Limits
from coachwork.chassis.budget.metered import Budget, MeteredChatModel, MeteredEmbedder, choice_tokens, is_free
from coachwork.chassis.identity.port import Principal
from coachwork.chassis.models import ChatModel, ChatRequest, Embedder
from coachwork.chassis.resources import Resources
from coachwork.chassis.turns.limits import lease_seconds


def chat_model_for(resources: Resources, principal: Principal, service: str) -> ChatModel:
    """Return the chat model for that service; each of its calls may be refused as `Budget.spending` says."""
    model = resources.chat_model()
    return model if is_free(model) else MeteredChatModel(model, _budget(resources, principal, service))


def embedder_for(resources: Resources, principal: Principal, service: str) -> Embedder:
    """Return the embedder for that service; each of its calls may be refused as `Budget.spending` says."""
    embedder = resources.embedder()
    return embedder if is_free(embedder) else MeteredEmbedder(embedder, _budget(resources, principal, service))


def embedder_for_everybody(resources: Resources, service: str) -> Embedder:
    """Return the embedder for what is done for all users: no user's tokens pay for it, the ceiling of all holds."""
    embedder = resources.embedder()
    return embedder if is_free(embedder) else MeteredEmbedder(embedder, Budget(ledger_of(resources), None, service))


def require_tokens(resources: Resources, principal: Principal, request: ChatRequest) -> None:
    """Return when there are tokens to begin with the request: who has none is told at once, and nothing is stored.

    Raises:
        TokenBudgetSpent: the caller's are used up.
        DailyCeilingReached: everybody's are.
    """
    if not is_free(resources.chat_model()):
        ledger_of(resources).require(principal.user_id, choice_tokens(request))


def ledger_of(resources: Resources) -> Ledger:
    """Return the ledger of this deployment: one, whichever services it serves."""
    settings = resources.settings
    limits = Limits(settings.chat_tokens_per_day, settings.chat_tokens_per_day_all)
    return Ledger(resources.database(), limits, hold_seconds=lease_seconds(2 * settings.openai_timeout_seconds))


def _budget(resources: Resources, principal: Principal, service: str) -> Budget:
    return Budget(ledger_of(resources), principal.user_id, service)

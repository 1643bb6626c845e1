"""Token budgets: what a user, and all users together, may have a model use in a day."""

from coachwork.chassis.budget.ledger import Ledger, Limits, Spent
from coachwork.chassis.budget.metered import Budget, MeteredChatModel, MeteredEmbedder

__all__ = ["Budget", "Ledger", "Limits", "MeteredChatModel", "MeteredEmbedder", "Spent"]

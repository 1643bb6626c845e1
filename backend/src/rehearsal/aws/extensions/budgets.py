"""Budgets. Stock moto cannot say who is told of a notification, and has no tags, both of which Terraform reads."""

import json

from moto.budgets.responses import BudgetsResponse

from rehearsal.aws.extensions.tagging import tags_of

_stock_create = BudgetsResponse.create_budget


def create_budget(self: BudgetsResponse) -> str:
    """Create a budget with its tags."""
    answer = _stock_create(self)
    arn = f"arn:aws:budgets::{self._get_param('AccountId')}:budget/{self._get_param('Budget')['BudgetName']}"
    tags_of(self.backend).tag_resource(arn, self._get_param("ResourceTags") or [])
    return answer


def describe_subscribers_for_notification(self: BudgetsResponse) -> str:
    """Return who is told of one notification."""
    budget = self.backend.budgets[self._get_param("AccountId")][self._get_param("BudgetName")]
    asked = self._get_param("Notification")
    found = [one.subscribers for one in budget.notifications if _is_same(one.details, asked)]
    return json.dumps({"Subscribers": found[0] if found else []})


def list_tags_for_resource(self: BudgetsResponse) -> str:
    """Return a budget's tags."""
    tags = tags_of(self.backend).list_tags_for_resource(self._get_param("ResourceARN"))["Tags"]
    return json.dumps({"ResourceTags": tags})


def tag_resource(self: BudgetsResponse) -> str:
    """Add to a budget's tags."""
    tags_of(self.backend).tag_resource(self._get_param("ResourceARN"), self._get_param("ResourceTags"))
    return "{}"


def untag_resource(self: BudgetsResponse) -> str:
    """Take from a budget's tags."""
    tags_of(self.backend).untag_resource_using_names(self._get_param("ResourceARN"), self._get_param("ResourceTagKeys"))
    return "{}"


def install() -> None:
    """Put these in place of moto's own."""
    for operation in (
        create_budget,
        describe_subscribers_for_notification,
        list_tags_for_resource,
        tag_resource,
        untag_resource,
    ):
        setattr(BudgetsResponse, operation.__name__, operation)


def _is_same(notification: dict[str, object], asked: dict[str, object]) -> bool:
    keys = ("NotificationType", "ComparisonOperator", "Threshold")
    return all(notification[key] == asked[key] for key in keys)

"""Expectations and changes in DynamoDB's language of expressions.

Names and values stand behind placeholders, so an attribute may be called what the language reserves, and no text can
become a part of it.
"""

from collections.abc import Sequence
from typing import Any

from coachwork.chassis.documents.dynamodb.values import PARTITION, SORT, Item, encoded, item_of, stored_key
from coachwork.chassis.documents.port import Attributes, Delete, Expected, Put, Update, Write

Request = dict[str, Any]


class Expressions:
    """The placeholders of one request."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: Item = {}

    def name(self, attribute: str) -> str:
        """Return what stands for an attribute's name."""
        return self._names.setdefault(attribute, f"#n{len(self._names)}")

    def value(self, value: Any) -> str:
        """Return what stands for a value."""
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = encoded(value)
        return placeholder

    def equal(self, attributes: Attributes) -> list[str]:
        """Return a condition for each attribute: that it has this value; an absent one has none, not even None."""
        return [
            f"attribute_type({self.name(name)}, {self.value('NULL')})"
            if value is None
            else f"{self.name(name)} = {self.value(value)}"
            for name, value in attributes.items()
        ]

    def condition(self, expected: Expected) -> str | None:
        """Return the condition that what is stored is as expected; None where anything is."""
        parts = self.equal(expected.attributes)
        if expected.exists is not None and not (expected.exists and parts):
            function = "attribute_exists" if expected.exists else "attribute_not_exists"
            parts.append(f"{function}({self.name(PARTITION)})")
        if not parts:
            return None
        condition = " AND ".join(parts)
        if expected.unless_after is None:
            return condition
        name, moment = expected.unless_after
        return f"({condition}) OR {self.name(name)} <= {self.value(moment)}"

    def change(self, update: Update) -> str:
        """Return what an update does."""
        clauses = {
            "SET": [f"{self.name(name)} = {self.value(value)}" for name, value in update.set.items()],
            "ADD": [f"{self.name(name)} {self.value(value)}" for name, value in update.add.items()],
            "REMOVE": [self.name(name) for name in update.remove],
        }
        return " ".join(f"{verb} {', '.join(parts)}" for verb, parts in clauses.items() if parts)

    def within(self, partition: str, prefix: str) -> str:
        """Return the condition on keys that finds those of a partition whose sort keys begin so."""
        condition = f"{self.name(PARTITION)} = {self.value(partition)}"
        if prefix:
            condition += f" AND begins_with({self.name(SORT)}, {self.value(prefix)})"
        return condition

    def placeholders(self) -> Request:
        """Return what they stand for, as parameters of the request."""
        names = {placeholder: attribute for attribute, placeholder in self._names.items()}
        found = {"ExpressionAttributeNames": names, "ExpressionAttributeValues": self._values}
        return {parameter: mapping for parameter, mapping in found.items() if mapping}


def write_request(table: str, write: Write) -> Request:
    """Return the parameters of a write, alone or as a part of a transaction."""
    expressions = Expressions()
    request: Request = {"TableName": table}
    match write:
        case Put():
            request["Item"] = item_of(write.key, write.attributes)
        case Update():
            request |= {"Key": stored_key(write.key), "UpdateExpression": expressions.change(write)}
        case _:
            request["Key"] = stored_key(write.key)
    if condition := expressions.condition(write.expected):
        request |= {"ConditionExpression": condition, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    return request | expressions.placeholders()


def transaction(table: str, writes: Sequence[Write]) -> list[Request]:
    """Return the parts of a transaction."""
    return [{_kind(write): write_request(table, write)} for write in writes]


def _kind(write: Write) -> str:
    match write:
        case Put():
            return "Put"
        case Update():
            return "Update"
        case Delete():
            return "Delete"
    return "ConditionCheck"

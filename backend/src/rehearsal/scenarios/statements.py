"""Whether every permission is needed: each statement taken away in turn, and the deployment tried again."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3

FOR_FAILURES = frozenset({"KeepDeadLetters"})
"""Statements that only what fails for good has need of, which a smoke test does not: see functions/deliveries.py."""


@dataclass(frozen=True)
class Statement:
    """One statement of a role's inline policy."""

    role: str
    policy: str
    sid: str

    def __str__(self) -> str:
        return f"{self.role}: {self.sid}"


class RolePolicies:
    """The inline policies of the functions' roles, as they are deployed.

    Args:
        session: keys that may change them.
        aws_url: where they are.
    """

    def __init__(self, session: boto3.Session, aws_url: str) -> None:
        self._iam = session.client("iam", endpoint_url=aws_url)
        self._lambda = session.client("lambda", endpoint_url=aws_url)

    def statements(self) -> list[Statement]:
        """Return every statement of every function's role, in the order of the policies."""
        return [
            Statement(role, policy, statement["Sid"])
            for role in self._roles()
            for policy in self._iam.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in self._document(role, policy)["Statement"]
        ]

    @contextmanager
    def without(self, statement: Statement) -> Iterator[None]:
        """Take one statement away, and put it back afterwards."""
        document = self._document(statement.role, statement.policy)
        kept = [one for one in document["Statement"] if one["Sid"] != statement.sid]
        try:
            self._put(statement, {**document, "Statement": kept})
            yield
        finally:
            self._put(statement, document)

    def _roles(self) -> list[str]:
        pages = self._lambda.get_paginator("list_functions").paginate()
        return sorted({found["Role"].rpartition("/")[2] for page in pages for found in page["Functions"]})

    def _document(self, role: str, policy: str) -> dict[str, Any]:
        found: dict[str, Any] = self._iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]
        return found

    def _put(self, statement: Statement, document: dict[str, Any]) -> None:
        self._iam.put_role_policy(
            RoleName=statement.role, PolicyName=statement.policy, PolicyDocument=json.dumps(document)
        )

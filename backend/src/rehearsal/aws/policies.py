"""Decides as IAM does whether statements allow a request; pure: no AWS, no I/O.

A request is allowed when a statement allows it and none denies it; where the caller has a permissions boundary, a
statement of that must allow it as well. Session policies and service control policies are not evaluated: nothing here
attaches any.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rehearsal.aws.conditions import Context, holds, is_arn_like, pattern

_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_FORMS = {
    "Action": "NotAction",
    "Resource": "NotResource",
}


class MalformedPolicy(ValueError):
    """A policy document is not one."""


@dataclass(frozen=True)
class Request:
    """One permission a call needs: an action on a resource, by a principal, with its condition keys in lower case."""

    action: str
    resource: str
    context: Context = field(default_factory=dict)
    principal: str = ""


@dataclass(frozen=True)
class Statement:
    """One statement and where it stands: `policy` is the document's name, `sid` its Sid or its place in it."""

    policy: str
    sid: str
    document: Mapping[str, Any] = field(hash=False)

    @property
    def is_deny(self) -> bool:
        """Whether it denies what it matches."""
        return bool(self.document["Effect"] == "Deny")

    @property
    def actions(self) -> Sequence[str]:
        """The actions it names; none where it names what it does not mean."""
        return _list(self.document.get("Action", []))

    def matches(self, request: Request) -> bool:
        """Whether its principal, action, resource and conditions all describe `request`.

        Raises:
            UnknownOperator: a condition names no operator of IAM.
        """
        return (
            self._names_principal(request.principal)
            and self._names_action(request.action)
            and self._names_resource(request)
            and holds(_substituted_conditions(self.document.get("Condition", {}), request.context), request.context)
        )

    def names_exactly(self, principal: str) -> bool:
        """Whether it names a session or the session's role, rather than all of its account."""
        named = self.document.get("Principal")
        names = _list(named.get("AWS", [])) if isinstance(named, Mapping) else []
        return any(name in {principal, _role_of(principal)} for name in names)

    def _names_action(self, action: str) -> bool:
        key, is_negated = self._form("Action")
        named = any(pattern(text, ignore_case=True).fullmatch(action) for text in _list(self.document[key]))
        return named != is_negated

    def _names_resource(self, request: Request) -> bool:
        key, is_negated = self._form("Resource")
        texts = [_substituted(text, request.context) for text in _list(self.document[key])]
        return any(text is not None and _is_resource(text, request.resource) for text in texts) != is_negated

    def _names_principal(self, principal: str) -> bool:
        """Statements attached to a role name nobody: they are about their role."""
        if "NotPrincipal" in self.document:
            return not _is_principal(self.document["NotPrincipal"], principal)
        return "Principal" not in self.document or _is_principal(self.document["Principal"], principal)

    def _form(self, key: str) -> tuple[str, bool]:
        return (key, False) if key in self.document else (_FORMS[key], True)


@dataclass(frozen=True)
class Decision:
    """What the statements say of a request: those that allow it, those that deny it, and whether a boundary forbids."""

    allowing: tuple[Statement, ...]
    denying: tuple[Statement, ...]
    is_out_of_bounds: bool = False

    @property
    def is_allowed(self) -> bool:
        """Whether it may happen: something allows it, and nothing denies it."""
        return bool(self.allowing) and not self.denying


def decide(statements: Iterable[Statement], request: Request) -> Decision:
    """Return what `statements` say of `request`.

    Raises:
        UnknownOperator: a condition names no operator of IAM.
    """
    matching = [statement for statement in statements if statement.matches(request)]
    return Decision(
        tuple(statement for statement in matching if not statement.is_deny),
        tuple(statement for statement in matching if statement.is_deny),
    )


def bounded(decision: Decision, boundary: Decision) -> Decision:
    """Return what remains of a decision under a boundary, which gives nothing and takes what it does not allow."""
    is_out = bool(decision.allowing) and not boundary.allowing
    return Decision(() if is_out else decision.allowing, decision.denying + boundary.denying, is_out)


def statements_of(policy: str, document: str | Mapping[str, Any]) -> tuple[Statement, ...]:
    """Return the statements of a policy document called `policy`.

    Raises:
        MalformedPolicy: it is not JSON, or a statement lacks its effect, an action or a resource.
    """
    return tuple(_statement(policy, place, one) for place, one in enumerate(_listed(policy, document), start=1))


def trusts(
    role_arn: str, document: str | Mapping[str, Any], principal: str, context: Context | None = None
) -> Decision:
    """Return what a role's trust policy says of `principal`, a session's ARN or a service's name, assuming it.

    Raises:
        MalformedPolicy: it is no policy document.
    """
    name = f"trust policy of {role_arn.rpartition('/')[2]}"
    about_role = [{"Resource": "*", **one} for one in _listed(name, document)]
    return decide(
        statements_of(name, {"Statement": about_role}), Request("sts:AssumeRole", role_arn, context or {}, principal)
    )


def _listed(policy: str, document: str | Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    try:
        parsed = json.loads(document) if isinstance(document, str) else document
        listed = parsed["Statement"]
    except (ValueError, KeyError, TypeError) as error:
        raise MalformedPolicy(f"{policy} is not a policy document") from error
    return [listed] if isinstance(listed, Mapping) else list(listed)


def _statement(policy: str, place: int, document: Mapping[str, Any]) -> Statement:
    sid = document.get("Sid") or f"statement {place}"
    if document.get("Effect") not in {"Allow", "Deny"}:
        raise MalformedPolicy(f"{policy}, {sid}: Effect is neither Allow nor Deny")
    for key, negation in _FORMS.items():
        if (key in document) == (negation in document):
            raise MalformedPolicy(f"{policy}, {sid}: wants one of {key} and {negation}")
    return Statement(policy, sid, document)


def _is_resource(text: str, resource: str) -> bool:
    return text == "*" or is_arn_like(text, resource)


def _is_principal(named: object, principal: str) -> bool:
    if named == "*":
        return True
    if not isinstance(named, Mapping):
        return False
    names = _list(named.get("AWS" if principal.startswith("arn:") else "Service", []))
    return any(name == "*" or name in _identities(principal) for name in names)


def _identities(principal: str) -> set[str]:
    """Return every name a session of a role answers to: its own, its role's and its account's."""
    parts = principal.split(":", 5)
    if len(parts) < 6:
        return {principal}
    account = parts[4]
    return {principal, _role_of(principal), account, f"arn:aws:iam::{account}:root"}


def _role_of(session: str) -> str:
    """Return the ARN of a session's role; any other principal is returned as it is."""
    parts = session.split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("assumed-role/"):
        return session
    return f"arn:aws:iam::{parts[4]}:role/{parts[5].split('/')[1]}"


def _substituted(text: str, context: Context) -> str | None:
    """Return `text` with its policy variables replaced, or None where the request has no value for one."""
    for name in _VARIABLE.findall(text):
        values = context.get(name.lower(), ())
        if len(values) != 1:
            return None
        text = text.replace(f"${{{name}}}", values[0])
    return text


def _substituted_conditions(
    conditions: Mapping[str, Mapping[str, object]], context: Context
) -> dict[str, dict[str, object]]:
    return {
        operator: {
            key: [
                _substituted(value, context) or value if isinstance(value, str) else value
                for value in _any_list(values)
            ]
            for key, values in keys.items()
        }
        for operator, keys in conditions.items()
    }


def _list(value: object) -> Sequence[str]:
    return [str(one) for one in _any_list(value)]


def _any_list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]

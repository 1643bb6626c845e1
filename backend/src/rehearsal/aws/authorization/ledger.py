"""Remembers what roles were refused and which statements they used; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from rehearsal.aws.authorization.permissions.permission import Permission
from rehearsal.aws.conditions import is_like
from rehearsal.aws.policies import Decision, Statement


@dataclass(frozen=True)
class Denial:
    """A permission that a role lacked, or that a statement took from it (`denied_by`)."""

    role: str
    action: str
    resource: str
    denied_by: str

    @property
    def wanted(self) -> Mapping[str, str] | None:
        """The statement that would allow it; None where a Deny stands in the way, which no Allow outweighs."""
        if self.denied_by:
            return None
        return {"Effect": "Allow", "Action": self.action, "Resource": self.resource}


class Ledger:
    """Counts decisions, by role; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._denials: Counter[Denial] = Counter()
        self._uses: Counter[tuple[str, str, str]] = Counter()
        self._actions: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)

    def record(self, role: str, need: Permission, decision: Decision) -> None:
        """Note what was decided on one permission."""
        with self._lock:
            if decision.is_allowed:
                self._uses.update((role, one.policy, one.sid) for one in decision.allowing)
                for one in decision.allowing:
                    self._actions[role, one.policy, one.sid].add(need.action)
                return
            denied_by = ", ".join(f"{one.policy}: {one.sid}" for one in decision.denying)
            self._uses.update((role, one.policy, one.sid) for one in decision.denying)
            self._denials[Denial(role, need.action, need.resource, denied_by)] += 1

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._denials.clear()
            self._uses.clear()
            self._actions.clear()

    def report(self, roles: Iterable[tuple[str, tuple[Statement, ...]]]) -> dict[str, Any]:
        """Return the denials, the statements used, and those of `roles` that were not, or not for all they allow."""
        with self._lock:
            denials, uses = list(self._denials.items()), dict(self._uses)
            actions = defaultdict(set, {statement: set(used) for statement, used in self._actions.items()})
        of_roles = [(role, one) for role, statements in roles for one in statements]
        return {
            "denied": [_denied(denial, count) for denial, count in denials],
            "used": [
                {"role": role, "policy": policy, "sid": sid, "count": count}
                for (role, policy, sid), count in sorted(uses.items())
            ],
            "unused": [
                {"role": role, "policy": one.policy, "sid": one.sid, "statement": one.document}
                for role, one in of_roles
                if (role, one.policy, one.sid) not in uses
            ],
            "idle": [
                {"role": role, "policy": one.policy, "sid": one.sid, "action": action}
                for role, one in of_roles
                if (role, one.policy, one.sid) in uses and not one.is_deny
                for action in one.actions
                if not any(is_like(action, used) for used in actions[role, one.policy, one.sid])
            ],
        }


def _denied(denial: Denial, count: int) -> dict[str, Any]:
    return {
        "role": denial.role,
        "action": denial.action,
        "resource": denial.resource,
        "count": count,
        "denied_by": denial.denied_by or None,
        "wanted": denial.wanted,
    }

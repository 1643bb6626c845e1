"""Finds the role behind an access key, and the statements attached to roles, in the local AWS itself."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from moto.core.utils import utcnow
from moto.iam.models import ManagedPolicy, Role, iam_backends
from moto.sts.models import AssumedRole, sts_backends

from rehearsal.aws.policies import Statement, statements_of

_FUNCTIONS = "lambda.amazonaws.com"


@dataclass(frozen=True)
class Session:
    """Temporary credentials of a role: who they say they are, and what they must present."""

    account: str
    role_name: str
    arn: str
    token: str
    is_expired: bool
    secret: str = field(repr=False)

    def boundary(self) -> tuple[Statement, ...] | None:
        """Return the statements of the policy that bounds the role; None for a role without such a boundary.

        A boundary that is not there lets nothing through, as on AWS.
        """
        role = _roles(self.account).get(self.role_name)
        arn = role.permissions_boundary_arn if role else None
        if not arn:
            return None
        policy = iam_backends[self.account]["aws"].managed_policies.get(arn)
        return statements_of(policy.name, _document(policy)) if policy else ()

    def statements(self) -> tuple[Statement, ...]:
        """Return every statement attached to the role now; none for a role that is gone."""
        role = _roles(self.account).get(self.role_name)
        return attached(role) if role else ()


def session_of(access_key: str) -> Session | None:
    """Return the session that `access_key` belongs to; None for a user's key or one nobody issued."""
    for account in list(sts_backends):
        found = sts_backends[account]["aws"].get_assumed_role_from_access_key(access_key)
        if found:
            return _session(found)
    return None


def expire_sessions() -> None:
    """End every session issued so far, as their hour would."""
    for account in list(sts_backends):
        for issued in sts_backends[account]["aws"].assumed_roles:
            issued.expiration = utcnow()


def attached(role: Role) -> tuple[Statement, ...]:
    """Return the statements of a role's inline and managed policies."""
    inline = [statements_of(name, document) for name, document in list(role.policies.items())]
    managed = [statements_of(policy.name, _document(policy)) for policy in list(role.managed_policies.values())]
    return tuple(statement for statements in [*inline, *managed] for statement in statements)


def function_roles() -> Iterator[tuple[str, tuple[Statement, ...]]]:
    """Yield each role that functions may take on, by name, with its statements."""
    for account in list(iam_backends):
        for name, role in sorted(_roles(account).items()):
            if _FUNCTIONS in json.dumps(role.assume_role_policy_document):
                yield name, attached(role)


def _roles(account: str) -> dict[str, Role]:
    return {role.name: role for role in list(iam_backends[account]["aws"].roles.values())}


def _session(found: AssumedRole) -> Session:
    name = found.role_arn.rpartition("/")[2]
    return Session(
        found.account_id, name, found.arn, found.session_token, found.expiration <= utcnow(), found.secret_access_key
    )


def _document(policy: ManagedPolicy) -> str:
    return str(next(version.document for version in policy.versions if version.is_default))

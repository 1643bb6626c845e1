"""Decides with the policy of the resource a call is about: a bucket's, a role's trust; others are not evaluated."""

from collections.abc import Sequence

from moto.iam.models import iam_backends
from moto.s3.models import s3_backends

from rehearsal.aws.policies import Decision, Request, Statement, bounded, decide, statements_of, trusts

_BUCKETS = "arn:aws:s3:::"


def decision_on(
    asked: Request, statements: Sequence[Statement], boundary: Sequence[Statement] | None = None
) -> Decision:
    """Return what the caller's own `statements`, the resource's policy and the caller's `boundary` say of a request.

    What a boundary does not allow is not allowed, whatever else says; without one (None) nothing bounds the caller.
    """
    if asked.action == "sts:AssumeRole":
        decision = _assumption(asked, statements)
    else:
        decision = decide([*statements, *_about_bucket(asked.resource)], asked)
    return decision if boundary is None else bounded(decision, decide(boundary, asked))


def _about_bucket(resource: str) -> tuple[Statement, ...]:
    if not resource.startswith(_BUCKETS):
        return ()
    name = resource.removeprefix(_BUCKETS).partition("/")[0]
    for account in list(s3_backends):
        bucket = s3_backends[account]["aws"].buckets.get(name)
        if bucket is not None and bucket.policy is not None:
            return statements_of(f"policy of bucket {name}", bucket.policy.decode())
    return ()


def _assumption(asked: Request, statements: Sequence[Statement]) -> Decision:
    """A role must trust its caller; one that trusts the whole account leaves the rest to the caller's own policies."""
    own, trust = decide(statements, asked), _trust(asked)
    denying = own.denying + trust.denying
    if any(one.names_exactly(asked.principal) for one in trust.allowing):
        return Decision(trust.allowing, denying)
    return Decision(own.allowing if trust.allowing else (), denying)


def _trust(asked: Request) -> Decision:
    account, name = asked.resource.split(":")[4:5], asked.resource.rpartition("/")[2]
    roles = iam_backends[account[0]]["aws"].roles.values() if account else ()
    for role in list(roles):
        if role.name == name:
            return trusts(asked.resource, role.assume_role_policy_document, asked.principal)
    return Decision((), ())

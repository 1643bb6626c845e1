"""Finds the policy of the resource a call is about. Buckets have them here; other services' are not evaluated."""

from moto.s3.models import s3_backends

from rehearsal.aws.policies import Statement, statements_of

_BUCKETS = "arn:aws:s3:::"


def statements_about(resource: str) -> tuple[Statement, ...]:
    """Return the statements of the policy of the bucket that `resource` is or lies in."""
    if not resource.startswith(_BUCKETS):
        return ()
    name = resource.removeprefix(_BUCKETS).partition("/")[0]
    for account in list(s3_backends):
        bucket = s3_backends[account]["aws"].buckets.get(name)
        if bucket is not None and bucket.policy is not None:
            return statements_of(f"policy of bucket {name}", bucket.policy.decode())
    return ()

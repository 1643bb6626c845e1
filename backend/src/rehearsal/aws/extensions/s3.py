"""S3. Stock moto

- raises when an object's delete marker is thrown away, so a versioned bucket that was used cannot be emptied;
- ignores the conditions of a bucket's policy, so the usual "deny insecure transport" denies every object;
- tells functions of new objects in its own way: see `s3_notifications`.
"""

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, FakeDeleteMarker

from rehearsal.aws.extensions import s3_notifications
from rehearsal.aws.policies import Request, decide, statements_of

_TRANSPORT = {"aws:securetransport": ["true"]}
"""The local endpoint has no TLS and stands for one that does."""


def get_permission(self: FakeBucket, action: str, resource: str) -> PermissionResult:
    """Return what the bucket's policy says to anybody; to whom it speaks by name, the guard knows."""
    if self.policy is None:
        return PermissionResult.NEUTRAL
    decision = decide(statements_of("bucket policy", self.policy.decode()), Request(action, resource, _TRANSPORT))
    if decision.denying:
        return PermissionResult.DENIED
    return PermissionResult.PERMITTED if decision.allowing else PermissionResult.NEUTRAL


def dispose(_self: FakeDeleteMarker) -> None:
    """Throw away a delete marker, which holds nothing."""


def install() -> None:
    """Put these in place of moto's own."""
    FakeBucket.get_permission = get_permission  # type: ignore[method-assign]  # so that it is found
    FakeDeleteMarker.dispose = dispose  # type: ignore[attr-defined]  # it has none
    s3_notifications.install()

"""`make unlock` and `make bootstrap`: what seldom has to be done by hand."""

import json

from botocore.exceptions import ClientError

from deployment.desk import Desk
from deployment.errors import StateLocked
from deployment.terraform.watch import counting

_ABSENT = {"NoSuchKey", "NoSuchBucket"}


def unlock(desk: Desk, lock_id: str) -> str:
    """Take away the lock with this id; return what to print.

    Raises:
        StateLocked: no id was given: the message says who holds which lock.
    """
    desk.open_state()
    with desk.steps.step("Lock") as note:
        lock = _lock(desk)
        if not lock:
            return f"\n{desk.environment.folder}: nobody holds its lock"
        if not lock_id:
            raise StateLocked(
                f"{lock.get('Who', 'somebody')} holds it since {lock.get('Created', 'an unknown time')}"
                f" ({lock.get('Operation', 'unknown operation')}).\nIf that run is no more: "
                + desk.command("unlock", f"LOCK={lock.get('ID', '')}")
            )
        desk.stack.unlock(lock_id)
        note(lock_id)
    return f"\n{desk.environment.folder}: unlocked"


def bootstrap(desk: Desk) -> str:
    """Apply bootstrap, whether it seems to be needed or not; return what to print."""
    with desk.steps.step("Bootstrap") as note:
        added = desk.bootstrap.apply(counting(note))
        note(f"{added} added")
    return f"\nState lies in {desk.bootstrap.bucket}, images in {desk.repository.uri}"


def _lock(desk: Desk) -> dict[str, str]:
    try:
        found = desk.account.client("s3").get_object(
            Bucket=desk.bootstrap.bucket, Key=f"{desk.environment.state_key}.tflock"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return {}
        raise
    lock: dict[str, str] = json.loads(found["Body"].read())
    return lock

"""`make unlock` and `make bootstrap`: what seldom has to be done by hand."""

import json

from botocore.exceptions import ClientError

from deployment.context import Context
from deployment.errors import StateLocked
from deployment.terraform.events import progress_notes

_ABSENT = {"NoSuchKey", "NoSuchBucket"}


def unlock(context: Context, lock_id: str) -> str:
    """Take away the lock with this id; return what to print.

    Raises:
        StateLocked: no id was given: the message says who holds which lock.
    """
    context.open_state()
    with context.steps.step("Lock") as note:
        lock = _lock(context)
        if not lock:
            return f"\n{context.environment.folder}: nobody holds its lock"
        if not lock_id:
            raise StateLocked(
                f"{lock.get('Who', 'somebody')} holds it since {lock.get('Created', 'an unknown time')}"
                f" ({lock.get('Operation', 'unknown operation')}).\nIf that run is no more: "
                + context.command("unlock", f"LOCK={lock.get('ID', '')}")
            )
        context.stack.unlock(lock_id)
        note(lock_id)
    return f"\n{context.environment.folder}: unlocked"


def bootstrap(context: Context) -> str:
    """Apply bootstrap, whether it seems to be needed or not; return what to print."""
    with context.steps.step("Bootstrap") as note:
        added = context.bootstrap.apply(progress_notes(note))
        note(f"{added} added")
    return f"\nState lies in {context.bootstrap.bucket}, images in {context.repository.uri}"


def _lock(context: Context) -> dict[str, str]:
    try:
        found = context.account.client("s3").get_object(
            Bucket=context.bootstrap.bucket, Key=f"{context.environment.state_key}.tflock"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return {}
        raise
    lock: dict[str, str] = json.loads(found["Body"].read())
    return lock

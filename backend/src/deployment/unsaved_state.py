"""State that Terraform could not store: kept on this disk, and stored by the next run before it does anything else.

Terraform whose keys run out while it applies, or whose network goes, has made what the state in the bucket does not
tell of. It writes that to `errored.tfstate` in the folder it works in, and leaves its lock behind.
Source: https://developer.hashicorp.com/terraform/cli/commands/state/push
"""

import json
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.terraform.program import Terraform, TerraformFailed

_WRITTEN = "errored.tfstate"
_ABSENT = {"NoSuchKey", "NoSuchBucket"}


@contextmanager
def keeping_unsaved_state(folder: Path, kept: Path) -> Iterator[None]:
    """Move what Terraform, at work in `folder`, writes down instead of storing it to `kept`."""
    began = time.time()
    try:
        yield
    finally:
        written = folder / _WRITTEN
        if written.exists() and written.stat().st_mtime >= began - 1:
            shutil.move(written, kept)
            kept.chmod(0o600)


def store_unsaved_state(program: Terraform, kept: Path, lock: Mapping[str, str]) -> None:
    """Store what was kept, and take away the lock of the run that could not.

    Args:
        program: Terraform, ready, on the state it is of.
        kept: what was kept; it is gone afterwards.
        lock: the state's, as `lock_on` returns it. A lock is held by one: the one that is older than what was kept is
            that run's, and a newer one is somebody else's and stays.

    Raises:
        TerraformFailed: somebody else is at work, or has changed the state since; what was kept is kept.
    """
    try:
        if lock and datetime.fromisoformat(lock["Created"]).timestamp() <= kept.stat().st_mtime:
            program.run("force-unlock", "-force", lock["ID"])
        program.run("state", "push", str(kept))
    except TerraformFailed as failed:
        raise TerraformFailed(
            f"{failed}\n\nWhat a run had made that could not store its state is in {kept}. If the state tells of all of"
            " that by now, delete the file.",
            failed.status,
        ) from failed
    kept.unlink()


def lock_on(account: Account, bucket: str, state_key: str) -> dict[str, str]:
    """Return who holds the lock on a state, and since when; empty when nobody does."""
    try:
        found = account.client("s3").get_object(Bucket=bucket, Key=f"{state_key}.tflock")
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return {}
        raise
    lock: dict[str, str] = json.loads(found["Body"].read())
    return lock

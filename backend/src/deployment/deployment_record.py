"""A note beside the state on the last deployment: what was deployed when, by whom, and how it ended."""

import contextlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from deployment.account import Account
from deployment.environment import Environment

_NAME = "last-deployment.json"
_ABSENT = {"NoSuchKey", "NoSuchBucket"}


class DeploymentRecord:
    """The note of one environment.

    Args:
        environment: whose.
        account: where.
    """

    def __init__(self, environment: Environment, account: Account) -> None:
        self._s3 = account.client("s3")
        self._who = account.arn
        self._place = {
            "Bucket": environment.state_bucket(account.id),
            "Key": str(PurePosixPath(environment.state_key).parent / _NAME),
        }

    def write(self, **facts: Any) -> None:
        """Replace the note; it is of now and by whoever has the keys."""
        note = {**facts, "at": datetime.now(UTC).isoformat(timespec="seconds"), "by": self._who}
        self._s3.put_object(**self._place, Body=json.dumps(note).encode(), ContentType="application/json")

    def write_failure(self, error: Exception, **facts: Any) -> None:
        """Note how it failed; nothing where AWS does not take the note, which may be what failed already."""
        with contextlib.suppress(BotoCoreError, ClientError):
            self.write(**facts, outcome=str(error).splitlines()[0].rstrip(":"))

    def read(self) -> Mapping[str, Any]:
        """Return the note; empty where there is none."""
        try:
            found: Mapping[str, Any] = json.loads(self._s3.get_object(**self._place)["Body"].read())
        except ClientError as error:
            if error.response["Error"]["Code"] in _ABSENT:
                return {}
            raise
        return found

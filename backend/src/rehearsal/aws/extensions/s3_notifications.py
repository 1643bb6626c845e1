"""S3's notifications. Stock moto

- leaves out of an event who caused it, with which request, and which version of the object it is about;
- writes the slashes of a key as %2F, which S3 leaves as they are;
- asks nobody whether S3 may invoke a function, neither when it is told of one nor when there is something to tell;
- invokes functions itself, which takes Docker: here events are handed to whoever runs them (`deliver_by`).
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.utils import get_backend
from moto.core.utils import iso_8601_datetime_with_milliseconds, unix_time
from moto.s3 import notifications
from moto.s3.exceptions import S3ClientError
from moto.s3.models import FakeBucket, FakeKey

from rehearsal.aws.policies import Decision, Request, decide, statements_of

PRINCIPAL = "s3.amazonaws.com"
ACTION = "lambda:InvokeFunction"
_NOBODY = Decision((), ())
_stock_set = FakeBucket.set_notification_configuration


@dataclass(frozen=True)
class Notification:
    """An event for a function, and what the function's own policy says of S3 invoking it."""

    function_arn: str
    payload: bytes
    decision: Decision


Deliver = Callable[[Notification], None]


def _nowhere(notification: Notification) -> None:
    sys.stderr.write(f"nobody runs {notification.function_arn}: it is not told of what S3 has to tell\n")


_deliveries: list[Deliver] = [_nowhere]


def deliver_by(deliver: Deliver) -> None:
    """Hand every notification to `deliver`, those that the function's policy forbids as well."""
    _deliveries[:] = [deliver]


def event_of(event_name: str, bucket: FakeBucket, key: FakeKey, notification_id: str) -> dict[str, Any]:
    """Return what S3 tells of a key.

    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    stored = {"key": quote_plus(key.name, safe="/"), "size": key.size, "eTag": key.etag.replace('"', "")}
    if bucket.is_versioned:
        stored["versionId"] = key.version_id
    described = {"name": bucket.name, "ownerIdentity": {"principalId": bucket.account_id}, "arn": bucket.arn}
    record = {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": bucket.region_name,
        "eventTime": iso_8601_datetime_with_milliseconds(),
        "eventName": event_name.removeprefix("s3:"),
        "userIdentity": {"principalId": f"AWS:{bucket.account_id}"},
        "requestParameters": {"sourceIPAddress": "127.0.0.1"},
        "responseElements": {"x-amz-request-id": uuid4().hex[:16].upper(), "x-amz-id-2": uuid4().hex},
        "s3": {
            "s3SchemaVersion": "1.0",
            "configurationId": notification_id,
            "bucket": described,
            "object": {**stored, "sequencer": f"{int(unix_time() * 1_000_000):016X}"},
        },
    }
    return {"Records": [record]}


def tell_function(account_id: str, event_body: Any, fn_arn: str, region_name: str) -> None:  # noqa: ARG001  moto's names
    """Have a function told of an event."""
    bucket_arn = event_body["Records"][0]["s3"]["bucket"]["arn"]
    decision = permission(account_id, bucket_arn, fn_arn)
    _deliveries[0](Notification(fn_arn, json.dumps(event_body).encode(), decision))


def permission(account_id: str, bucket_arn: str, function_arn: str) -> Decision:
    """Return what the policy of a function says of S3 invoking it for a bucket; nothing if there is no function."""
    backend = get_backend(account_id, function_arn.split(":")[3])
    try:
        function = backend.get_function(function_arn)
    except LambdaClientError:
        return _NOBODY
    context = {"aws:sourcearn": [bucket_arn], "aws:sourceaccount": [account_id]}
    statements = statements_of(f"policy of {function_arn}", {"Statement": list(function.policy.statements)})
    return decide(statements, Request(ACTION, function_arn, context, PRINCIPAL))


class InvalidDestination(S3ClientError):
    """S3 may not invoke a function that it is to tell."""

    def __init__(self) -> None:
        super().__init__("InvalidArgument", "Unable to validate the following destination configurations")


def set_notification_configuration(self: FakeBucket, notification_config: dict[str, Any] | None) -> None:
    """Take on whom to tell of what; raises `InvalidDestination`, and changes nothing, where S3 may not."""
    for told in (notification_config or {}).get("CloudFunctionConfiguration", ()):
        if not permission(self.account_id, self.arn, told["CloudFunction"]).is_allowed:
            raise InvalidDestination
    _stock_set(self, notification_config)


def install() -> None:
    """Put these in place of moto's own."""
    notifications._get_s3_event = event_of
    notifications._invoke_awslambda = tell_function
    FakeBucket.set_notification_configuration = set_notification_configuration  # type: ignore[method-assign]  # found so

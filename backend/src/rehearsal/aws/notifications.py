"""Takes what S3 has to tell to the functions it is to tell, as asynchronous invocations."""

import sys

from rehearsal.aws.authorization.ledger import Ledger
from rehearsal.aws.authorization.permissions.permission import Permission
from rehearsal.aws.extensions.s3_notifications import ACTION, PRINCIPAL, Notification
from rehearsal.aws.invocations import Invocations, NotQueued


class Notifications:
    """Delivers those that a function's policy allows; the others are denied, which the ledger remembers.

    Whoever stored the object is told of neither, as on AWS.

    Args:
        invocations: where functions are invoked.
        ledger: remembers what was decided.
    """

    def __init__(self, invocations: Invocations, ledger: Ledger) -> None:
        self._invocations = invocations
        self._ledger = ledger

    def __call__(self, notification: Notification) -> None:
        """Deliver one, unless it is denied."""
        function_arn, decision = notification.function_arn, notification.decision
        self._ledger.record(PRINCIPAL, Permission(ACTION, function_arn), decision)
        if not decision.is_allowed:
            return
        try:
            self._invocations.invoke_later(function_arn, notification.payload)
        except NotQueued as refused:
            sys.stderr.write(f"S3 could not tell {function_arn} of an object: {refused}\n")

"""DynamoDB. Stock moto looks at a condition and writes in two steps, between which another thread may write.

So of two claims of one key both can win; and a transaction that is undone takes every other write of its table with
it. DynamoDB does neither: here, one request is done after the other.
"""

from threading import Lock

from moto.core.common_types import TYPE_RESPONSE
from moto.dynamodb.responses import DynamoHandler

_stock_call = DynamoHandler.call_action
_one_at_a_time = Lock()


def call_action(self: DynamoHandler) -> TYPE_RESPONSE:
    """Do what is asked, alone."""
    with _one_at_a_time:
        answer: TYPE_RESPONSE = _stock_call(self)
        return answer


def install() -> None:
    """Put these in place of moto's own."""
    DynamoHandler.call_action = call_action  # type: ignore[method-assign]  # so that it is found

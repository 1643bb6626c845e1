"""DynamoDB. Stock moto serves requests side by side without a lock, so two conditional writes of one key can both
succeed, and a transaction that is undone takes with it what others wrote meanwhile.
"""

from threading import RLock
from typing import Any

from moto.dynamodb.responses import DynamoHandler

_LOCK = RLock()
_call_action = DynamoHandler.call_action


def call_action(self: DynamoHandler) -> Any:
    """Answer one request after the other, each of which sees all or nothing of the others."""
    with _LOCK:
        return _call_action(self)


def install() -> None:
    """Put this in place of moto's own."""
    DynamoHandler.call_action = call_action  # type: ignore[method-assign]  # so that it is found

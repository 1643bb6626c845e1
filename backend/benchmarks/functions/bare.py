"""(a) The least a Lambda function can be."""

from typing import Any

_ANSWER = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": '{"status":"ok"}'}


def handler(_event: Any, _context: Any) -> dict[str, Any]:
    """Answer anything."""
    return _ANSWER

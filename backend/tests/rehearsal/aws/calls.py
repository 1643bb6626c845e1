"""Statements, and what calls end with."""

from collections.abc import Callable

from botocore.exceptions import ClientError


def allow(action: str | list[str], *resources: str, **more: object) -> dict[str, object]:
    """Return an Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resources or "*", **more}


def code_of(call: Callable[..., object], **parameters: object) -> str:
    """Return the code of the error that a call ends with, or the empty string."""
    try:
        call(**parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""

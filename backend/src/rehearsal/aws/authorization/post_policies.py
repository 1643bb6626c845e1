"""Holds S3's browser uploads to the policy that was signed for them: its time, its conditions, the file's size; pure.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_NEED_NO_CONDITION = {"x-amz-signature", "file", "policy", "awsaccesskeyid", "signature", "bucket"}
_UNREADABLE = "Invalid Policy: Invalid JSON."


@dataclass(frozen=True)
class PolicyRefusal(Exception):
    """The form is not what its policy allows."""

    code: str
    message: str
    status: int = 403


def check(policy: str, fields: Mapping[str, str], size_bytes: int, now: datetime) -> None:
    """Return if a form with this base64 `policy` may be stored; `fields` are the form's, with the bucket's name.

    Raises:
        PolicyRefusal: it may not.
    """
    given = {name.lower(): value for name, value in fields.items()}
    named = set()
    for operator, name, value in _conditions(policy, now):
        if operator == "content-length-range":
            _check_size(int(name), int(value), size_bytes)
            continue
        found = given.get(name, "")
        holds = found.startswith(value) if operator == "starts-with" else found == value
        if not holds:
            condition = json.dumps([operator, f"${name}", value])
            raise PolicyRefusal("AccessDenied", f"Invalid according to Policy: Policy Condition failed: {condition}")
        named.add(name)
    extra = sorted(name for name in given.keys() - named - _NEED_NO_CONDITION if not name.startswith("x-ignore-"))
    if extra:
        raise PolicyRefusal("AccessDenied", f"Invalid according to Policy: Extra input fields: {', '.join(extra)}")


def _conditions(policy: str, now: datetime) -> Iterator[tuple[str, str, str]]:
    """Yield operator, field in lower case, value; for `content-length-range` the smallest and the largest size."""
    try:
        document = json.loads(b64decode(policy, validate=True))
        expires = datetime.fromisoformat(document["expiration"].replace("Z", "+00:00"))
        listed = [_condition(one) for one in document["conditions"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PolicyRefusal("InvalidPolicyDocument", _UNREADABLE, 400) from None
    if now > expires:
        raise PolicyRefusal("AccessDenied", "Invalid according to Policy: Policy expired.")
    yield from listed


def _condition(one: Any) -> tuple[str, str, str]:
    if isinstance(one, dict):
        [(name, value)] = one.items()
        return "eq", str(name).lower(), str(value)
    operator, name, value = one
    return str(operator).lower(), str(name).removeprefix("$").lower(), str(value)


def _check_size(smallest: int, largest: int, size_bytes: int) -> None:
    if size_bytes > largest:
        raise PolicyRefusal("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400)
    if size_bytes < smallest:
        raise PolicyRefusal("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400)

"""S3's browser uploads: stock moto stores whatever form is posted, and ignores the policy that was signed for it.

Here a form is held to its policy as on S3: its time, its conditions, the size of the file, no field the policy does
not speak of, and, where a role's keys signed it, its signature.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import hmac
import json
from base64 import b64decode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from xml.sax.saxutils import escape

from moto.s3.responses import S3Response
from moto.sts.models import sts_backends

_NEED_NO_CONDITION = {"x-amz-signature", "file", "policy", "awsaccesskeyid", "signature", "bucket"}
_UNREADABLE = "Invalid Policy: Invalid JSON."

_store = S3Response._bucket_response_post


@dataclass(frozen=True)
class PolicyRefusal(Exception):
    """The form is not what its policy allows."""

    code: str
    message: str
    status: int = 403

    def response(self) -> tuple[int, dict[str, str], str]:
        """Return it as S3 answers."""
        body = f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message></Error>"
        return self.status, {"content-type": "application/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'


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


def check_signature(fields: Mapping[str, str]) -> None:
    """Return if a role's keys signed the policy, or keys that this AWS did not give and cannot check.

    Raises:
        PolicyRefusal: the signature is not theirs.
    """
    given = {name.lower(): value for name, value in fields.items()}
    access_key, *scope = given.get("x-amz-credential", "").split("/")
    secret = _secret_of(access_key)
    if secret is None:
        return
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), sha256)
    expected = hmac.digest(key, given["policy"].encode(), sha256).hex()
    if not hmac.compare_digest(expected, given.get("x-amz-signature", "")):
        message = "The request signature we calculated does not match the signature you provided."
        raise PolicyRefusal("SignatureDoesNotMatch", message)


def _secret_of(access_key: str) -> str | None:
    for account in list(sts_backends):
        found = sts_backends[account]["aws"].get_assumed_role_from_access_key(access_key)
        if found:
            return str(found.secret_access_key)
    return None


def bucket_response_post(self: S3Response, request: Any, bucket_name: str) -> Any:
    """Answer a posted form, or any other POST to a bucket as moto does."""
    fields = {**request.form, "bucket": bucket_name}
    if "policy" not in {name.lower() for name in fields}:
        return _store(self, request, bucket_name)
    try:
        policy = next(value for name, value in fields.items() if name.lower() == "policy")
        check(policy, {**fields, "key": self.querystring["key"][0]}, len(self.body), datetime.now(UTC))
        check_signature(fields)
    except PolicyRefusal as refusal:
        return refusal.response()
    return _store(self, request, bucket_name)


def install() -> None:
    """Put this in place of moto's own."""
    S3Response._bucket_response_post = bucket_response_post  # type: ignore[method-assign]  # so that it is found

"""Says what is wrong with a presigned URL: its time, or its signature, which only its role's secret could have made.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlsplit

from botocore.auth import HmacV1QueryAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.core.request import Request

from rehearsal.aws.authorization.calls import Signature
from rehearsal.aws.authorization.denials import Refusal

_WEEK_SECONDS = 604_800
_EARLY_MINUTES = 15
_SAFE = "-_.~"


def flaw_of(request: Request, signature: Signature, secret: str | None) -> Refusal | None:
    """Return why S3 refuses the URL; None for one in order, and for a request that is not presigned.

    Args:
        secret: the signer's secret key; None is one that is not known, whose signatures are taken for right.
    """
    if not signature.is_presigned:
        return None
    return _flaw_of_time(request) or (_flaw_of_signature(request, signature, secret) if secret else None)


def mismatch() -> Refusal:
    """Return the refusal of a signature that the signer's key did not make."""
    message = "The request signature we calculated does not match the signature you provided."
    return Refusal("SignatureDoesNotMatch", f"{message} Check your key and signing method.", 403)


def _flaw_of_time(request: Request) -> Refusal | None:
    now = datetime.now(UTC)
    try:
        if "X-Amz-Algorithm" not in request.args:
            return _expired() if now.timestamp() > int(request.args["Expires"]) else None
        signed = datetime.strptime(request.args["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        seconds = int(request.args["X-Amz-Expires"])
    except (KeyError, ValueError):
        return _malformed("X-Amz-Date or X-Amz-Expires is missing or unreadable")
    if seconds < 0:
        return _malformed("X-Amz-Expires must be non-negative")
    if seconds > _WEEK_SECONDS:
        return _malformed(f"X-Amz-Expires must be less than a week (in seconds); it must be at most {_WEEK_SECONDS}")
    if signed > now + timedelta(minutes=_EARLY_MINUTES):
        return Refusal("AccessDenied", "Request is not valid yet", 403)
    return _expired() if now > signed + timedelta(seconds=seconds) else None


def _expired() -> Refusal:
    return Refusal("AccessDenied", "Request has expired", 403)


def _malformed(message: str) -> Refusal:
    return Refusal("AuthorizationQueryParametersError", message, 400)


def _flaw_of_signature(request: Request, signature: Signature, secret: str) -> Refusal | None:
    if signature.service != "s3":  # others sign the body as well, and nobody presigns them here
        return None
    credentials = Credentials(signature.access_key, secret, signature.token)
    if "X-Amz-Algorithm" in request.args:
        given, expected = request.args.get("X-Amz-Signature", ""), _version_4(request, signature, credentials)
    else:
        given, expected = request.args.get("Signature", ""), _version_2(request, credentials)
    return None if hmac.compare_digest(given, expected) else mismatch()


def _version_4(request: Request, signature: Signature, credentials: Credentials) -> str:
    """Return the signature that botocore makes of the query and of the headers that were signed."""
    names = request.args.get("X-Amz-SignedHeaders", "").split(";")
    headers = {name: request.headers[name] for name in names if name in request.headers}
    signed = AWSRequest(request.method, _url(request, without="X-Amz-Signature"), headers)
    signed.context["timestamp"] = request.args["X-Amz-Date"]
    signer = S3SigV4QueryAuth(credentials, signature.service, signature.region)
    text = signer.string_to_sign(signed, signer.canonical_request(signed))
    return str(signer.signature(text, signed))


class _Until(HmacV1QueryAuth):  # type: ignore[misc]  # botocore has no types
    """Signs the moment at which the URL expires, which stands where a date would."""

    def _get_date(self) -> str:
        return str(self._expires)


def _version_2(request: Request, credentials: Credentials) -> str:
    url = _url(request, without="Signature")
    own = {name: value for name, value in request.args.items() if name.lower().startswith(("x-amz-", "content-"))}
    sent = {name: request.headers[name] for name in ("content-type", "content-md5") if name in request.headers}
    signed = AWSRequest(request.method, url, {**own, **sent})
    signer = _Until(credentials, request.args["Expires"])
    return str(signer.get_signature(request.method, urlsplit(url), signed.headers))


def _url(request: Request, without: str) -> str:
    """Return the URL as signers write it, however the client did."""
    pairs = parse_qsl(request.query_string.decode(), keep_blank_values=True)
    query = "&".join(f"{quote(name, _SAFE)}={quote(value, _SAFE)}" for name, value in pairs if name != without)
    return f"http://{request.host}{quote(request.path, '/' + _SAFE)}?{query}"

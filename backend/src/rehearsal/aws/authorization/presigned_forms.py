"""Says what is wrong with a form that uploads to S3: what its policy does not allow, or who did not sign the policy.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha1, sha256
from pathlib import PurePath

from moto.core.request import Request

from rehearsal.aws.authorization.calls import Call, Signature
from rehearsal.aws.authorization.denials import Refusal
from rehearsal.aws.authorization.post_policies import PolicyRefusal, check
from rehearsal.aws.authorization.presigned_urls import mismatch

_SCOPE_PARTS = 5


@dataclass(frozen=True)
class PostedForm:
    """A form posted to a bucket: its fields by name in lower case, and the file's content, None where there is none."""

    bucket: str
    fields: Mapping[str, str]
    content: bytes | None

    @property
    def signature(self) -> Signature | None:
        """Who signed its policy; None for one that nobody signed."""
        token = self.fields.get("x-amz-security-token", "")
        if "awsaccesskeyid" in self.fields:  # version 2
            return Signature(self.fields["awsaccesskeyid"], "us-east-1", "s3", token, is_presigned=True)
        scope = self.fields.get("x-amz-credential", "").split("/")
        if len(scope) != _SCOPE_PARTS:
            return None
        return Signature(scope[0], scope[2], "s3", token, is_presigned=True)

    def call(self, signature: Signature, account: str) -> Call:
        """Return the operation it stands for, which the model of S3 does not have."""
        parameters = {"Bucket": self.bucket, "Key": self.fields.get("key", "")}
        parameters |= {name: self.fields[name.lower()] for name in ("ACL", "Tagging") if name.lower() in self.fields}
        return Call("s3", "PostObject", parameters, signature.region, account, "rest-xml")


def form_of(request: Request) -> PostedForm | None:
    """Return the form that `request` posts to a bucket; None for any other request."""
    if request.method != "POST" or request.mimetype != "multipart/form-data":
        return None
    fields = {name.lower(): value for name, value in request.form.items()}
    content = fields.pop("file").encode() if "file" in fields else None
    file = request.files.get("file")
    if file:
        content = file.read()
        fields["key"] = fields.get("key", "").replace("${filename}", PurePath(file.filename or "").name)
    return PostedForm(request.path.strip("/"), fields, content)


def flaw_of(form: PostedForm, secret: str | None) -> Refusal | None:
    """Return why S3 refuses the form; None for one in order.

    Args:
        secret: the signer's secret key; None is one that is not known, whose signatures are taken for right.
    """
    for name in ("policy", "key"):
        if name not in form.fields:
            return Refusal("InvalidArgument", f"Bucket POST must contain a field named '{name}'.", 400)
    if form.content is None:
        return Refusal("InvalidArgument", "POST requires exactly one file upload per request.", 400)
    if secret and not hmac.compare_digest(*_signatures(form.fields, secret)):
        return mismatch()
    try:
        check(form.fields["policy"], {**form.fields, "bucket": form.bucket}, len(form.content), datetime.now(UTC))
    except PolicyRefusal as refusal:
        return Refusal(refusal.code, refusal.message, refusal.status)
    announced = form.fields.get("x-amz-checksum-sha256")
    if announced and announced != b64encode(sha256(form.content).digest()).decode():
        return Refusal("BadDigest", "The SHA256 you specified did not match the calculated checksum.", 400)
    return None


def _signatures(fields: Mapping[str, str], secret: str) -> tuple[str, str]:
    """Return the signature that was given, and the one that the secret makes."""
    policy = fields["policy"].encode()
    if "awsaccesskeyid" in fields:
        return fields.get("signature", ""), b64encode(hmac.digest(secret.encode(), policy, sha1)).decode()
    key = f"AWS4{secret}".encode()
    for part in fields["x-amz-credential"].split("/")[1:]:
        key = hmac.digest(key, part.encode(), sha256)
    return fields.get("x-amz-signature", ""), hmac.digest(key, policy, sha256).hex()

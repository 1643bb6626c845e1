"""Forms that a role signed upload for others, what the role may, and what their policy says."""

from collections.abc import Callable
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config
from tests.rehearsal.aws.calls import allow

from rehearsal.aws import LocalAws

Client = Callable[[str], Any]
AsRole = Callable[..., Client]
Form = dict[str, Any]
KEY = "videos/film 1.mp4"


def posted(form: Form, content: bytes = b"film", **changes: str) -> tuple[int, str]:
    """Post the form as a browser would; return the status, and S3's word for what is wrong."""
    files = {"file": ("local.mp4", content, "video/mp4")}
    response = httpx.post(form["url"], data={**form["fields"], **changes}, files=files, trust_env=False)
    return response.status_code, response.text.partition("<Code>")[2].partition("</Code>")[0]


@pytest.fixture
def writer(as_role: AsRole, bucket: str) -> Any:
    """Return a client of a role that may write below `videos/`."""
    return as_role(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/videos/*"))("s3")


class TestAuthorization:
    """A form is worth what its role may do."""

    @pytest.mark.parametrize("version", ["s3v4", "s3"])
    def test_allowed(self, deployer: Client, bucket: str, writer: Any, version: str) -> None:
        """An upload works without any credentials, by both versions of signatures."""
        keys = writer._request_signer._credentials
        client = boto3.client(
            "s3",
            endpoint_url=writer.meta.endpoint_url,
            region_name="us-east-1",
            aws_access_key_id=keys.access_key,
            aws_secret_access_key=keys.secret_key,
            aws_session_token=keys.token,
            config=Config(signature_version=version, s3={"addressing_style": "path"}),
        )
        assert (204, "") == posted(client.generate_presigned_post(bucket, KEY), b"\xff\x00film")
        assert b"\xff\x00film" == deployer("s3").get_object(Bucket=bucket, Key=KEY)["Body"].read()

    def test_denied(self, local_aws: LocalAws, role_name: str, bucket: str, writer: Any) -> None:
        """A role signs no more away than it has, and the denial is on record."""
        assert (403, "AccessDenied") == posted(writer.generate_presigned_post(bucket, "else/film.mp4"))
        denied = [one for one in local_aws.authorization()["denied"] if one["role"] == role_name]
        assert [("s3:PutObject", f"arn:aws:s3:::{bucket}/else/film.mp4")] == [
            (one["action"], one["resource"]) for one in denied
        ]

    def test_denied_by_the_file_name(self, bucket: str, writer: Any) -> None:
        """The key is the one that the file's name makes."""
        form = writer.generate_presigned_post(bucket, "${filename}")
        assert (403, "AccessDenied") == posted(form)

    def test_other_token(self, bucket: str, writer: Any) -> None:
        """Credentials without their session token are worth nothing."""
        form = writer.generate_presigned_post(bucket, KEY)
        assert (400, "InvalidToken") == posted(form, **{"x-amz-security-token": "another's"})


class TestSignature:
    """Only the role's own secret signs a policy."""

    def test_tampered(self, bucket: str, writer: Any) -> None:
        """Another signature, and another policy under the same signature, do not match."""
        form, other = (writer.generate_presigned_post(bucket, key) for key in (KEY, "videos/other"))
        assert (403, "SignatureDoesNotMatch") == posted(form, **{"x-amz-signature": "0" * 64})
        assert (403, "SignatureDoesNotMatch") == posted(form, policy=other["fields"]["policy"])


class TestPolicy:
    """The form is the one that was signed; what its policy may say is in test_post_policies.py."""

    @pytest.mark.parametrize("signer", ["role", "deployer"])
    def test_expired(self, deployer: Client, bucket: str, writer: Any, signer: str) -> None:
        """A policy whose time is over is refused, whoever signed it."""
        client = writer if signer == "role" else deployer("s3")
        assert (403, "AccessDenied") == posted(client.generate_presigned_post(bucket, KEY, ExpiresIn=-1))

    def test_conditions(self, bucket: str, writer: Any) -> None:
        """Key, type and size are those that the policy names."""
        conditions = [{"Content-Type": "video/mp4"}, ["content-length-range", 2, 4]]
        fields = {"Content-Type": "video/mp4"}
        form = writer.generate_presigned_post(bucket, KEY, Fields=fields, Conditions=conditions)
        assert (204, "") == posted(form)
        assert (403, "AccessDenied") == posted(form, key="videos/other")
        assert (403, "AccessDenied") == posted(form, **{"Content-Type": "text/html"})
        assert (400, "EntityTooLarge") == posted(form, b"films")
        assert (400, "EntityTooSmall") == posted(form, b"f")

    def test_no_file(self, bucket: str, writer: Any) -> None:
        """A form without a file uploads nothing."""
        form = writer.generate_presigned_post(bucket, KEY)
        answer = httpx.post(form["url"], data=form["fields"], files={"other": b""}, trust_env=False)
        assert (400, True) == (answer.status_code, "exactly one file upload" in answer.text)

    def test_no_policy(self, bucket: str, writer: Any) -> None:
        """Neither does one without its policy."""
        form = writer.generate_presigned_post(bucket, KEY)
        del form["fields"]["policy"]
        assert (400, "InvalidArgument") == posted(form)

"""URLs that a role signed are used by others, with what the role may do, while they last, and as they were signed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import httpx
import pytest
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from tests.rehearsal.aws.calls import allow

from rehearsal.aws import LocalAws

Client = Callable[[str], Any]
AsRole = Callable[..., Client]


def answer(method: str, url: str, **more: Any) -> tuple[int, str]:
    """Return the status, and S3's word for what is wrong."""
    response = httpx.request(method, url, trust_env=False, **more)
    return response.status_code, response.text.partition("<Code>")[2].partition("</Code>")[0]


def signed_at(client: Any, url: str, moment: datetime, seconds: int) -> str:
    """Return the URL as the client would have signed it at that moment."""
    request = AWSRequest("GET", url)
    request.context["timestamp"] = moment.strftime("%Y%m%dT%H%M%SZ")
    signer = S3SigV4QueryAuth(client._request_signer._credentials, "s3", "us-east-1", expires=seconds)
    signer._modify_request_before_signing(request)
    text = signer.string_to_sign(request, signer.canonical_request(request))
    signer._inject_signature_to_request(request, signer.signature(text, request))
    return str(request.url)


@pytest.fixture
def s3(as_role: AsRole, bucket: str) -> Any:
    """Return a client of a role that may read and write all of the bucket."""
    return as_role(allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/*"))("s3")


class TestAuthorization:
    """A URL is worth what its role may do."""

    @pytest.mark.parametrize("version", ["s3v4", "s3"])
    def test_round_trip(self, bucket: str, s3: Any, version: str) -> None:
        """An upload and a download work without any credentials, by both versions of signatures."""
        client = _with_version(s3, version)
        place = {"Bucket": bucket, "Key": "users/1/vidéo +1.mp4"}
        upload = client.generate_presigned_url("put_object", Params={**place, "ContentType": "video/mp4"})
        headers = {"Content-Type": "video/mp4"}
        assert (200, "") == answer("PUT", upload, content=b"film", headers=headers)

        download = client.generate_presigned_url("get_object", Params={**place, "ResponseContentDisposition": "inline"})
        response = httpx.get(download, trust_env=False)
        assert (b"film", "video/mp4") == (response.content, response.headers["content-type"])

    def test_denied(self, as_role: AsRole, bucket: str) -> None:
        """A URL gives no more than its role has."""
        s3 = as_role(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*"))("s3")
        url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "here"})
        assert (403, "AccessDenied") == answer("GET", url)


class TestTime:
    """A URL lasts as long as it says, and a week at most."""

    @pytest.mark.parametrize("signer", ["role", "deployer"])
    def test_expired(self, local_aws: LocalAws, deployer: Client, bucket: str, s3: Any, signer: str) -> None:
        """A URL whose time is over is refused, whoever signed it."""
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        client = s3 if signer == "role" else deployer("s3")
        response = httpx.get(signed_at(client, f"{local_aws.url}/{bucket}/here", hour_ago, 60), trust_env=False)
        assert (403, True) == (response.status_code, "<Message>Request has expired</Message>" in response.text)

    def test_still_good(self, local_aws: LocalAws, bucket: str, s3: Any) -> None:
        """One of an hour ago that lasts for two is not."""
        hour_ago = datetime.now(UTC) - timedelta(hours=1)
        assert (200, "") == answer("GET", signed_at(s3, f"{local_aws.url}/{bucket}/here", hour_ago, 7200))

    def test_not_yet(self, local_aws: LocalAws, bucket: str, s3: Any) -> None:
        """One of tomorrow is refused today."""
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert (403, "AccessDenied") == answer("GET", signed_at(s3, f"{local_aws.url}/{bucket}/here", tomorrow, 60))

    def test_expired_of_version_2(self, bucket: str, s3: Any) -> None:
        """The older signatures expire as well."""
        place = {"Bucket": bucket, "Key": "here"}
        url = _with_version(s3, "s3").generate_presigned_url("get_object", Params=place, ExpiresIn=-1)
        assert (403, "AccessDenied") == answer("GET", url)

    @pytest.mark.parametrize("seconds", ["604801", "-1", "soon"])
    def test_no_time(self, bucket: str, s3: Any, seconds: str) -> None:
        """More than a week, less than nothing, and no number are malformed."""
        url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "here"}, ExpiresIn=60)
        changed = url.replace("X-Amz-Expires=60", f"X-Amz-Expires={seconds}")
        assert (400, "AuthorizationQueryParametersError") == answer("GET", changed)


class TestSignature:
    """What was signed is what may be asked."""

    @pytest.mark.parametrize("version", ["s3v4", "s3"])
    def test_another_key(self, bucket: str, s3: Any, version: str) -> None:
        """A URL for one object is none for another."""
        place = {"Bucket": bucket, "Key": "here"}
        url = _with_version(s3, version).generate_presigned_url("get_object", Params=place)
        assert (403, "SignatureDoesNotMatch") == answer("GET", url.replace("/here", "/else"))

    def test_another_method(self, bucket: str, s3: Any) -> None:
        """A download is no upload."""
        url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "here"})
        assert (403, "SignatureDoesNotMatch") == answer("PUT", url, content=b"mine")

    def test_a_longer_time(self, bucket: str, s3: Any) -> None:
        """Nobody gives himself more time."""
        url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "here"}, ExpiresIn=60)
        changed = url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")
        assert (403, "SignatureDoesNotMatch") == answer("GET", changed)

    def test_another_type(self, bucket: str, s3: Any) -> None:
        """A content type that was signed is the one that is sent."""
        place = {"Bucket": bucket, "Key": "film", "ContentType": "video/mp4"}
        url = s3.generate_presigned_url("put_object", Params=place)
        headers = {"Content-Type": "text/html"}
        assert (403, "SignatureDoesNotMatch") == answer("PUT", url, content=b"x", headers=headers)

    def test_no_use_on_record(self, local_aws: LocalAws, role_name: str, bucket: str, s3: Any) -> None:
        """A forged URL is no use of its role's statements."""
        url = s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "here"})
        answer("GET", f"{url[:-4]}0000")
        assert [] == [one for one in local_aws.authorization()["used"] if one["role"] == role_name]


def _with_version(client: Any, version: str) -> Any:
    """Return a client with the same keys that signs in another version."""
    keys = client._request_signer._credentials
    return boto3.client(
        "s3",
        endpoint_url=client.meta.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        aws_session_token=keys.token,
        config=Config(signature_version=version, s3={"addressing_style": "path"}),
    )

"""Roles are held to their policies at S3, presigned URLs included."""

from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from tests.rehearsal.aws.calls import allow, code_of

Client = Callable[[str], Any]
AsRole = Callable[..., Client]


class TestS3:
    """Objects and buckets."""

    def test_allowed(self, as_role: AsRole, bucket: str) -> None:
        """What a statement allows works."""
        s3 = as_role(allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/*"))("s3")
        s3.put_object(Bucket=bucket, Key="a/b c", Body=b"mine")
        assert b"mine" == s3.get_object(Bucket=bucket, Key="a/b c")["Body"].read()

    def test_denied(self, as_role: AsRole, bucket: str) -> None:
        """The rest answers S3's own AccessDenied; a HEAD has no body to say so."""
        s3 = as_role(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/other/*"))("s3")
        assert "AccessDenied" == code_of(s3.get_object, Bucket=bucket, Key="here")
        assert "AccessDenied" == code_of(s3.put_object, Bucket=bucket, Key="here", Body=b"")
        assert "AccessDenied" == code_of(s3.list_objects_v2, Bucket=bucket)
        assert "403" == code_of(s3.head_object, Bucket=bucket, Key="here")

    def test_absent_object(self, as_role: AsRole, bucket: str) -> None:
        """Only who may list the bucket learns that an object is not there."""
        reads = allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*")
        s3 = as_role(reads)("s3")
        assert "AccessDenied" == code_of(s3.get_object, Bucket=bucket, Key="absent")

    def test_absent_object_of_a_listed_bucket(self, as_role: AsRole, bucket: str) -> None:
        """Who may list it gets NoSuchKey."""
        s3 = as_role(
            allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"), allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")
        )("s3")
        assert "NoSuchKey" == code_of(s3.get_object, Bucket=bucket, Key="absent")

    def test_listing_by_prefix(self, as_role: AsRole, bucket: str) -> None:
        """A condition on the prefix holds."""
        condition = {"StringLike": {"s3:prefix": "users/*"}}
        s3 = as_role(allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", Condition=condition))("s3")
        assert "" == code_of(s3.list_objects_v2, Bucket=bucket, Prefix="users/1")
        assert "AccessDenied" == code_of(s3.list_objects_v2, Bucket=bucket, Prefix="else")

    def test_every_object_of_a_batch(self, as_role: AsRole, bucket: str) -> None:
        """A batch of deletions needs the permission for each."""
        s3 = as_role(allow("s3:DeleteObject", f"arn:aws:s3:::{bucket}/mine/*"))("s3")
        mine, other = {"Key": "mine/a"}, {"Key": "here"}
        assert "" == code_of(s3.delete_objects, Bucket=bucket, Delete={"Objects": [mine]})
        assert "AccessDenied" == code_of(s3.delete_objects, Bucket=bucket, Delete={"Objects": [mine, other]})

    def test_copy(self, as_role: AsRole, bucket: str) -> None:
        """A copy needs to read its source as well."""
        s3 = as_role(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*"))("s3")
        assert "AccessDenied" == code_of(s3.copy_object, Bucket=bucket, Key="copy", CopySource=f"{bucket}/here")


class TestPresigned:
    """URLs that a role signed are used by others, with what the role may do."""

    def test_round_trip(self, as_role: AsRole, bucket: str) -> None:
        """An upload and a download work without any credentials."""
        s3 = as_role(allow(["s3:GetObject", "s3:PutObject"], f"arn:aws:s3:::{bucket}/*"))("s3")
        place = {"Bucket": bucket, "Key": "users/1/video 1.mp4"}
        upload = s3.generate_presigned_url("put_object", Params=place)
        with urlopen(Request(upload, data=b"film", method="PUT")) as answer:
            assert 200 == answer.status
        with urlopen(s3.generate_presigned_url("get_object", Params=place)) as answer:
            assert b"film" == answer.read()

    def test_denied(self, as_role: AsRole, bucket: str) -> None:
        """A URL gives no more than its role has."""
        s3 = as_role(allow("s3:PutObject", f"arn:aws:s3:::{bucket}/*"))("s3")
        with pytest.raises(HTTPError) as caught:
            urlopen(s3.generate_presigned_url("get_object", Params={"Bucket": bucket, "Key": "here"}))
        with caught.value as error:
            assert 403 == error.code
            assert b"<Code>AccessDenied</Code>" in error.read()

    def test_expired(self, as_role: AsRole, bucket: str) -> None:
        """A URL whose time is over is refused."""
        s3 = as_role(allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"))("s3")
        place = {"Bucket": bucket, "Key": "here"}
        with pytest.raises(HTTPError) as caught:
            urlopen(s3.generate_presigned_url("get_object", Params=place, ExpiresIn=-1))
        with caught.value as error:
            assert b"<Message>Request has expired</Message>" in error.read()

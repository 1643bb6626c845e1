"""Roles are held to their policies at S3."""

from collections.abc import Callable
from typing import Any

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

    def test_absent_object_below_a_listed_prefix(self, as_role: AsRole, bucket: str) -> None:
        """A condition on the prefix is then one on the object's key."""
        condition = {"StringLike": {"s3:prefix": "videos/*"}}
        s3 = as_role(
            allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"),
            allow("s3:ListBucket", f"arn:aws:s3:::{bucket}", Condition=condition),
        )("s3")
        assert "NoSuchKey" == code_of(s3.get_object, Bucket=bucket, Key="videos/absent")
        assert "404" == code_of(s3.head_object, Bucket=bucket, Key="videos/absent")
        assert "AccessDenied" == code_of(s3.get_object, Bucket=bucket, Key="absent")
        assert "403" == code_of(s3.head_object, Bucket=bucket, Key="absent")

    def test_deleted_object_of_a_versioned_bucket(self, as_role: AsRole, bucket: str, deployer: Client) -> None:
        """Behind a delete marker there is nothing, as for an object that never was."""
        deployer("s3").put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        deployer("s3").delete_object(Bucket=bucket, Key="here")
        s3 = as_role(
            allow("s3:GetObject", f"arn:aws:s3:::{bucket}/*"), allow("s3:ListBucket", f"arn:aws:s3:::{bucket}")
        )("s3")
        assert "NoSuchKey" == code_of(s3.get_object, Bucket=bucket, Key="here")
        assert "404" == code_of(s3.head_object, Bucket=bucket, Key="here")

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

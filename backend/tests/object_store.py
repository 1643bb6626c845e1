"""A bucket of one's own in the local AWS, as a function sees it: with the keys of a role."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.roles import deployer_session, role_session

from coachwork.chassis.blobs.s3 import S3BlobStore, s3_client
from deployment.children import Children
from rehearsal.aws import LocalAws

REGION = "eu-central-1"
PREFIX = "videos/"
FILM_KEY = "videos/exercises/barbell-back-squat/beginner.mp4"
FILM = b"\x00\x00\x00\x18ftypmp42" + bytes(range(256)) * 40


def statements(bucket: str) -> list[dict[str, Any]]:
    """Return what the deployed function may do with its bucket, as terraform/functions.tf says."""
    objects, arn = f"arn:aws:s3:::{bucket}/{PREFIX}*", f"arn:aws:s3:::{bucket}"
    actions = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    listing = {"StringLike": {"s3:prefix": f"{PREFIX}*"}}
    return [
        *({"Effect": "Allow", "Action": action, "Resource": objects} for action in actions),
        {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": arn, "Condition": listing},
    ]


@dataclass(frozen=True)
class ObjectStage:
    """A running local AWS and a bucket in it; `deployer` may do everything, `store` what the function may."""

    aws: LocalAws
    bucket: str
    deployer: Any
    store: S3BlobStore

    def as_role(self, *allowed: dict[str, Any], bucket: str | None = None) -> S3BlobStore:
        """Return a store whose role has just these statements."""
        return S3BlobStore(self._role_client(*allowed), bucket or self.bucket)

    def put(self, key: str, content: bytes = b"content", content_type: str = "video/mp4") -> None:
        """Store an object."""
        self.deployer.put_object(Bucket=self.bucket, Key=key, Body=content, ContentType=content_type)

    def keys(self) -> list[str]:
        """Return the keys of everything that is there."""
        listed = self.deployer.list_objects_v2(Bucket=self.bucket)
        return [one["Key"] for one in listed.get("Contents", [])]

    def clear(self) -> None:
        """Remove everything."""
        for key in self.keys():
            self.deployer.delete_object(Bucket=self.bucket, Key=key)

    def _role_client(self, *allowed: dict[str, Any]) -> Any:
        keys = role_session(self.aws, *allowed)
        return s3_client(REGION, session=keys, endpoint_url=self.aws.url)


@contextmanager
def object_stage(folder: Path) -> Iterator[ObjectStage]:
    """Start the local AWS with its log in `folder`, make a bucket, and stop it afterwards."""
    bucket = f"coachwork-tests-{uuid4().hex[:12]}"
    with Children() as children:
        aws = LocalAws.start(children, log=folder / "aws.log")
        aws.wait()
        deployer = s3_client(REGION, session=deployer_session(), endpoint_url=aws.url)
        deployer.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        bare = ObjectStage(aws, bucket, deployer, S3BlobStore(deployer, bucket))
        yield ObjectStage(aws, bucket, deployer, bare.as_role(*statements(bucket)))

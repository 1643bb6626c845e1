"""Tables and a bucket of one's own in the local AWS, as terraform/knowledge.tf makes them.

`documents` and `chat-history` have the keys `pk` and `sk` and forget what has passed its `expires_at`; `documents` has
the index `FileHashIndex` over `file_hash`. What the local AWS does not do, so no test here proves it: it never reads
stale from an index, never throttles, never finds two transactions in each other's way, and lets nothing expire.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.roles import deployer_session, role_session

from coachwork.chassis.blobs.s3 import S3BlobStore, s3_client
from coachwork.chassis.documents.dynamodb import DynamoDBTable, dynamodb_client
from deployment.children import Children
from rehearsal.aws import LocalAws

REGION = "eu-central-1"
INDEXES = {"documents": {"FileHashIndex": "file_hash"}, "chat-history": {}}


@dataclass(frozen=True)
class DocumentStage:
    """A running local AWS with two tables and a bucket; `deployer` and `s3` are clients that may do everything."""

    aws: LocalAws
    prefix: str
    deployer: Any
    s3: Any

    @property
    def environ(self) -> dict[str, str]:
        """Return the settings that name them."""
        return {
            "DOCUMENTS_TABLE_NAME": self.name("documents"),
            "CHAT_HISTORY_TABLE_NAME": self.name("chat-history"),
            "DOCUMENTS_BUCKET_NAME": self.bucket,
            "AWS_REGION_NAME": REGION,
        }

    @property
    def bucket(self) -> str:
        """Return the bucket's name."""
        return f"{self.prefix}-bucket"

    def name(self, purpose: str) -> str:
        """Return a table's name."""
        return f"{self.prefix}-{purpose}"

    def table(self, purpose: str, client: Any = None) -> DynamoDBTable:
        """Return a table, used by the deployer or another client."""
        return DynamoDBTable(client or self.deployer, self.name(purpose), indexes=INDEXES[purpose])

    def as_role(self, purpose: str, *allowed: dict[str, Any]) -> DynamoDBTable:
        """Return a table, used by a role that has just these statements."""
        keys = role_session(self.aws, *allowed)
        return self.table(purpose, dynamodb_client(REGION, session=keys, endpoint_url=self.aws.url))

    def arn(self, purpose: str) -> str:
        """Return a table's ARN."""
        return f"arn:aws:dynamodb:{REGION}:123456789012:table/{self.name(purpose)}"

    def blobs(self) -> S3BlobStore:
        """Return the bucket."""
        return S3BlobStore(self.s3, self.bucket)

    def clear(self) -> None:
        """Remove everything from the tables and the bucket."""
        for purpose in INDEXES:
            self.deployer.delete_table(TableName=self.name(purpose))
            self.make(purpose)
        self.blobs().delete_prefix("")

    def make(self, purpose: str) -> None:
        """Make a table."""
        hashes = [
            {
                "IndexName": index,
                "KeySchema": [{"AttributeName": attribute, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, attribute in INDEXES[purpose].items()
        ]
        attributes = ["pk", "sk", *INDEXES[purpose].values()]
        self.deployer.create_table(
            TableName=self.name(purpose),
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in attributes],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            **({"GlobalSecondaryIndexes": hashes} if hashes else {}),
        )
        self.deployer.update_time_to_live(
            TableName=self.name(purpose),
            TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"},
        )


@contextmanager
def document_stage(folder: Path) -> Iterator[DocumentStage]:
    """Start the local AWS with its log in `folder`, make the tables and the bucket, and stop it afterwards."""
    with Children() as children:
        aws = LocalAws.start(children, log=folder / "aws.log")
        aws.wait()
        session = deployer_session()
        deployer = dynamodb_client(REGION, session=session, endpoint_url=aws.url)
        s3 = s3_client(REGION, session=session, endpoint_url=aws.url)
        stage = DocumentStage(aws, f"coachwork-tests-{uuid4().hex[:12]}", deployer, s3)
        for purpose in INDEXES:
            stage.make(purpose)
        s3.create_bucket(Bucket=stage.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield stage

"""A table that outlives its AWS: real processes, stopped and started on one file."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest

from deployment.children import Children
from rehearsal.aws import LocalAws

ITEM = {
    "pk": {"S": "OWNER#ü"},
    "sk": {"S": "DOC#1"},
    "file_hash": {"S": "abc"},
    "size": {"N": "12345678901234567890"},
    "parts": {"L": [{"M": {"empty": {"S": ""}, "none": {"NULL": True}, "yes": {"BOOL": False}}}]},
    "expires_at": {"N": "32503680000"},
}
KEY = {name: ITEM[name] for name in ("pk", "sk")}
Run = Callable[[], Any]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where items are kept."""
    return tmp_path / "dynamodb" / "papers.json"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Return where the local AWS says what went wrong."""
    return tmp_path / "aws.log"


@pytest.fixture
def run(file: Path, log: Path) -> Run:
    """Return a context: a client of a local AWS that keeps the table `papers` and ends in good order."""

    @contextmanager
    def started() -> Iterator[Any]:
        with Children() as children:
            options = ["--table", "papers", str(file), "ByHash=file_hash"]
            aws = LocalAws.start(children, log=log, options=options)
            aws.wait()
            keys = {"aws_access_key_id": "laptop", "aws_secret_access_key": "laptop"}
            yield boto3.client("dynamodb", endpoint_url=aws.url, region_name="us-east-1", **keys)

    return started


def items(dynamodb: Any) -> list[Any]:
    """Return what is in the table."""
    return list(dynamodb.scan(TableName="papers")["Items"])


class TestKeeping:
    """From one run to the next."""

    def test_items_come_back(self, run: Run) -> None:
        """Every attribute as it was, by key and by index."""
        with run() as dynamodb:
            dynamodb.put_item(TableName="papers", Item=ITEM)
        with run() as dynamodb:
            assert ITEM == dynamodb.get_item(TableName="papers", Key=KEY)["Item"]
            by_hash = dynamodb.query(
                TableName="papers",
                IndexName="ByHash",
                KeyConditionExpression="file_hash = :hash",
                ExpressionAttributeValues={":hash": {"S": "abc"}},
            )
            assert [ITEM] == by_hash["Items"]

    def test_what_was_deleted_stays_deleted(self, run: Run) -> None:
        """Also when nothing is left."""
        with run() as dynamodb:
            dynamodb.put_item(TableName="papers", Item=ITEM)
        with run() as dynamodb:
            dynamodb.delete_item(TableName="papers", Key=KEY)
        with run() as dynamodb:
            assert [] == items(dynamodb)

    def test_what_has_expired_does_not_come_back(self, run: Run) -> None:
        """As DynamoDB lets go what has passed its time."""
        with run() as dynamodb:
            dynamodb.put_item(TableName="papers", Item={**KEY, "expires_at": {"N": "1000000000"}})
        with run() as dynamodb:
            assert [] == items(dynamodb)

    def test_it_is_as_terraform_makes_it(self, run: Run) -> None:
        """Paid by request; it lets expire."""
        with run() as dynamodb:
            table = dynamodb.describe_table(TableName="papers")["Table"]
            expiry = dynamodb.describe_time_to_live(TableName="papers")["TimeToLiveDescription"]
        assert "PAY_PER_REQUEST" == table["BillingModeSummary"]["BillingMode"]
        assert [("pk", "HASH"), ("sk", "RANGE")] == [
            (one["AttributeName"], one["KeyType"]) for one in table["KeySchema"]
        ]
        assert {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"} == expiry

    def test_nothing_is_kept_of_nothing(self, run: Run, file: Path) -> None:
        """No file for a table that never held anything."""
        with run():
            pass
        assert not file.exists()


class TestDamage:
    """A file that is not as it was left."""

    @pytest.mark.parametrize("left", ["", "{", "5", '{"pk": 1}'])
    def test_a_broken_file_begins_empty(self, run: Run, file: Path, left: str) -> None:
        """The table is there all the same."""
        file.parent.mkdir()
        file.write_text(left)
        with run() as dynamodb:
            assert [] == items(dynamodb)

    def test_a_broken_item_keeps_no_other(self, run: Run, file: Path, log: Path) -> None:
        """The log says so."""
        file.parent.mkdir()
        file.write_text(json.dumps([5, {"sk": {"S": "no partition"}}, ITEM]))
        with run() as dynamodb:
            assert [ITEM] == items(dynamodb)
        assert 2 == log.read_text().count("could not be put back into papers")

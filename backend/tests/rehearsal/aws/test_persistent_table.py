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


@contextmanager
def started(log: Path, **tables: Path) -> Iterator[Any]:
    """Yield a client of a local AWS that keeps each table in its file and ends in good order."""
    with Children() as children:
        options = [part for name, file in tables.items() for part in ("--table", name, str(file), "ByHash=file_hash")]
        aws = LocalAws.start(children, log=log, options=options)
        aws.wait()
        keys = {"aws_access_key_id": "laptop", "aws_secret_access_key": "laptop"}
        yield boto3.client("dynamodb", endpoint_url=aws.url, region_name="us-east-1", **keys)


@pytest.fixture
def run(file: Path, log: Path) -> Run:
    """Return a context: a client of a local AWS that keeps the table `papers` and ends in good order."""
    return lambda: started(log, papers=file)


def items(dynamodb: Any, table: str = "papers") -> list[Any]:
    """Return what is in a table."""
    return list(dynamodb.scan(TableName=table)["Items"])


class TestKeeping:
    """From one run to the next."""

    def test_what_was_there_comes_back(self, tmp_path: Path, log: Path) -> None:
        """Every attribute as it was, by key and by index; not what was deleted, the last as well, or has expired."""
        files = {name: tmp_path / name for name in ("papers", "deleted", "expired")}
        with started(log, **files) as dynamodb:
            for name in ("papers", "deleted"):
                dynamodb.put_item(TableName=name, Item=ITEM)
            dynamodb.put_item(TableName="expired", Item={**KEY, "expires_at": {"N": "1000000000"}})
        with started(log, **files) as dynamodb:
            assert ITEM == dynamodb.get_item(TableName="papers", Key=KEY)["Item"]
            by_hash = dynamodb.query(
                TableName="papers",
                IndexName="ByHash",
                KeyConditionExpression="file_hash = :hash",
                ExpressionAttributeValues={":hash": {"S": "abc"}},
            )
            assert ([ITEM], []) == (by_hash["Items"], items(dynamodb, "expired"))
            dynamodb.delete_item(TableName="deleted", Key=KEY)
        with started(log, **files) as dynamodb:
            assert ([ITEM], []) == (items(dynamodb), items(dynamodb, "deleted"))

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

    def test_a_broken_file_begins_empty(self, tmp_path: Path, log: Path) -> None:
        """The table is there all the same."""
        files = {f"papers{n}": tmp_path / f"{n}.json" for n in range(4)}
        for file, left in zip(files.values(), ["", "{", "5", '{"pk": 1}'], strict=True):
            file.write_text(left)
        with started(log, **files) as dynamodb:
            assert {name: [] for name in files} == {name: items(dynamodb, name) for name in files}

    def test_a_broken_item_keeps_no_other(self, run: Run, file: Path, log: Path) -> None:
        """The log says so."""
        file.parent.mkdir()
        file.write_text(json.dumps([5, {"sk": {"S": "no partition"}}, ITEM]))
        with run() as dynamodb:
            assert [ITEM] == items(dynamodb)
        assert 2 == log.read_text().count("could not be put back into papers")

"""What the local DynamoDB does that stock moto does not: one thing at a time, and long answers quickly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

Client = Callable[..., Any]
KEYS = {
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


ATTRIBUTES = {
    "id": {"S": "one"},
    "number": {"N": "12345678901234567890"},
    "bytes": {"B": b"\x00\xff"},
    "texts": {"SS": ["a"]},
    "numbers": {"NS": ["1"]},
    "all_bytes": {"BS": [b"\x00"]},
    "list": {"L": [{"S": ""}, {"L": []}, {"NULL": True}]},
    "map": {"M": {"S": {"N": "0"}, "nested": {"M": {}}, "no": {"BOOL": False}}},
}


class TestReads:
    """Items as they were written."""

    @pytest.mark.parametrize("read", ["get_item", "scan"])
    def test_every_type_of_attribute(self, deployer: Client, name: str, read: str) -> None:
        """Empty ones too, and a map's key that is named as a type is."""
        dynamodb = deployer("dynamodb")
        dynamodb.create_table(TableName=name, **KEYS)
        dynamodb.put_item(TableName=name, Item=ATTRIBUTES)
        if read == "scan":
            assert [ATTRIBUTES] == dynamodb.scan(TableName=name)["Items"]
        else:
            assert ATTRIBUTES == dynamodb.get_item(TableName=name, Key={"id": {"S": "one"}})["Item"]


class TestWrites:
    """Several at once."""

    def test_a_cancelled_transaction_takes_nothing_along(self, deployer: Client, name: str) -> None:
        """What others write while one is undone stays written."""
        dynamodb = deployer("dynamodb")
        dynamodb.create_table(TableName=name, **KEYS)
        for number in range(200):  # stock moto copies them all before a transaction, which takes a while
            dynamodb.put_item(TableName=name, Item={"id": {"S": f"there {number}"}, "text": {"S": "x" * 100}})
        absent = {"ConditionExpression": "attribute_not_exists(id)", "TableName": name}

        def cancelled(_number: int) -> None:
            with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
                dynamodb.transact_write_items(TransactItems=[{"Put": {"Item": {"id": {"S": "there 0"}}, **absent}}])

        def written(number: int) -> None:
            dynamodb.put_item(TableName=name, Item={"id": {"S": str(number)}})

        with ThreadPoolExecutor(8) as pool:
            pending = [pool.submit(work, number) for number in range(60) for work in (cancelled, written)]
            for one in pending:
                one.result()
        assert 260 == dynamodb.scan(TableName=name, Select="COUNT")["Count"]

"""What the local DynamoDB does that stock moto does not: one thing at a time."""

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

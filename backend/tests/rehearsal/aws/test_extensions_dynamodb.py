"""DynamoDB keeps its word when many write at once, which stock moto does not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.rehearsal.aws.calls import code_of

Client = Callable[[str], Any]

THREADS = 8
ROUNDS = 6


@pytest.fixture
def table(deployer: Client, name: str) -> str:
    """Return a table."""
    deployer("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return name


def put(table: str, key: str) -> dict[str, Any]:
    """Return the wish to store an item where there is none."""
    return {"TableName": table, "Item": {"pk": {"S": key}}, "ConditionExpression": "attribute_not_exists(pk)"}


class TestClaims:
    """One key, many who want it."""

    def test_one_wins(self, deployer: Client, table: str) -> None:
        """Of those who store an item where there must be none, one does."""
        dynamodb = deployer("dynamodb")
        with ThreadPoolExecutor(THREADS) as threads:
            for round_number in range(ROUNDS):
                wish = put(table, f"key-{round_number}")
                codes = threads.map(lambda _, wish=wish: code_of(dynamodb.put_item, **wish), range(THREADS))
                assert 1 == list(codes).count("")

    def test_undone_alone(self, deployer: Client, table: str) -> None:
        """A transaction that is cancelled takes nobody else's write with it."""
        dynamodb = deployer("dynamodb")
        long = {"L": [{"S": str(number)} for number in range(2_000)]}  # what is copied slowly, stock moto loses
        dynamodb.put_item(TableName=table, Item={"pk": {"S": "taken"}, "long": long})
        cancelled = [{"Put": put(table, "taken")}]

        def write(number: int) -> str:
            if number % 2:
                return code_of(dynamodb.transact_write_items, TransactItems=cancelled)
            return code_of(dynamodb.put_item, **put(table, f"key-{number}"))

        with ThreadPoolExecutor(THREADS) as threads:
            codes = list(threads.map(write, range(2 * THREADS * ROUNDS)))

        assert ["", "TransactionCanceledException"] * THREADS * ROUNDS == codes
        assert THREADS * ROUNDS + 1 == dynamodb.scan(TableName=table, Select="COUNT")["Count"]

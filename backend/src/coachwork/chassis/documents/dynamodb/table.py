"""A table in DynamoDB: keys `pk` and `sk`, both text; what has passed its `expires_at` goes within days."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from time import sleep
from typing import Any

from botocore.exceptions import ClientError

from coachwork.chassis.documents.dynamodb.expressions import Expressions, Request, transaction, write_request
from coachwork.chassis.documents.dynamodb.failures import is_busy, not_as_expected, translated, was_retried
from coachwork.chassis.documents.dynamodb.values import SORT, Item, document_of, key_of, stored_key
from coachwork.chassis.documents.port import Attributes, Delete, Document, Key, NotAsExpected, Page, Put, Update, Write
from coachwork.chassis.errors import DocumentStoreUnavailable, InvalidRequest

_READ_AT_ONCE, _REMOVED_AT_ONCE, _TOGETHER = 100, 25, 100
"""As many as DynamoDB takes in one request: to read, to remove, in a transaction."""
_MOST_READ = 10_000
"""How many documents are read to fill one page."""
_PAUSES_SECONDS = (0, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Before each attempt at what was not done yet, or what somebody else was writing; at most."""


class DynamoDBTable:
    """Keeps documents in one table.

    Args:
        client: of `dynamodb_client`; used by several threads at once.
        name: the table's.
        indexes: the attribute that each global index finds by.
        wait: how to wait for so many seconds.
    """

    def __init__(
        self,
        client: Any,
        name: str,
        *,
        indexes: Mapping[str, str] | None = None,
        wait: Callable[[float], None] = sleep,
    ) -> None:
        self._client = client
        self._name = name
        self._indexes = indexes or {}
        self._wait = wait

    def get(self, key: Key) -> Document | None:
        """Return what is stored now."""
        wanted = {"TableName": self._name, "Key": stored_key(key), "ConsistentRead": True}
        with translated("GetItem"):
            found = self._client.get_item(**wanted).get("Item")
        return document_of(found) if found else None

    def get_many(self, keys: Sequence[Key]) -> list[Document]:
        """Return those that exist, in the order asked, as they are now."""
        found: dict[Key, Document] = {}
        for batch in _batches(keys, _READ_AT_ONCE):
            for item in self._read([stored_key(key) for key in batch]):
                found[key_of(item)] = document_of(item)
        return [found[key] for key in keys if key in found]

    def query(
        self,
        partition: str,
        *,
        prefix: str = "",
        descending: bool = False,
        after: str | None = None,
        limit: int,
        where: Attributes | None = None,
    ) -> Page:
        """Return up to `limit` documents of a partition as they are now, by sort key."""
        if not 1 <= limit <= 1_000:
            raise ValueError(f"wants 1 to 1,000 documents, not {limit}")
        if after is not None and not after.startswith(prefix):
            raise InvalidRequest("The cursor belongs to another list")
        request = self._query(Expressions(), partition, prefix, where or {})
        request |= {"ScanIndexForward": not descending, "ConsistentRead": True, "Limit": 1_000 if where else limit + 1}
        if after is not None:
            request["ExclusiveStartKey"] = stored_key(Key(partition, after))
        found: list[Document] = []
        read = 0
        for answer in self._pages(request):
            found += [document_of(item) for item in answer["Items"]]
            read += answer["ScannedCount"]
            if len(found) > limit:
                return Page(found[:limit], found[limit - 1].key.sort)
            if read >= _MOST_READ and (last := answer.get("LastEvaluatedKey")):
                return Page(found, last[SORT]["S"])
        return Page(found, None)

    def query_index(self, index: str, value: str, *, limit: int) -> list[Document]:
        """Return up to `limit` documents that a global index finds under `value`."""
        expressions = Expressions()
        condition = f"{expressions.name(self._indexes[index])} = {expressions.value(value)}"
        request = {"TableName": self._name, "IndexName": index, "KeyConditionExpression": condition, "Limit": limit}
        found: list[Document] = []
        for answer in self._pages(request | expressions.placeholders()):
            found += [document_of(item) for item in answer["Items"]]
            if len(found) >= limit:
                break
        return found[:limit]

    def write(self, write: Write) -> Document | None:
        """Do one write, and return the document as it is after an update."""
        match write:
            case Put():
                self._put(write)
            case Update():
                request = write_request(self._name, write) | {"ReturnValues": "ALL_NEW"}
                return document_of(self._written("UpdateItem", self._client.update_item, request)["Attributes"])
            case Delete():
                self._written("DeleteItem", self._client.delete_item, write_request(self._name, write))
            case _:
                self.transact([write])
        return None

    def transact(self, writes: Sequence[Write]) -> None:
        """Do up to 100 writes to different keys, all or none."""
        if not 1 <= len(writes) <= _TOGETHER or len({write.key for write in writes}) < len(writes):
            raise ValueError(f"wants 1 to {_TOGETHER} writes to different keys")
        request = {"TransactItems": transaction(self._name, writes)}
        self._written("TransactWriteItems", self._client.transact_write_items, request)

    def delete_many(self, keys: Sequence[Key]) -> None:
        """Remove these; unknown ones are no error."""
        for batch in _batches(keys, _REMOVED_AT_ONCE):
            left = [{"DeleteRequest": {"Key": stored_key(key)}} for key in batch]
            for _ in self._attempts():
                with translated("BatchWriteItem"):
                    answer = self._client.batch_write_item(RequestItems={self._name: left})
                left = answer.get("UnprocessedItems", {}).get(self._name, [])
                if not left:
                    break
            else:
                raise DocumentStoreUnavailable

    def _put(self, write: Put) -> None:
        try:
            self._written("PutItem", self._client.put_item, write_request(self._name, write))
        except NotAsExpected as refusal:
            # an attempt whose answer was lost may have stored it, and the next one found just that
            is_ours = refusal.found == Document(write.key, write.attributes)
            if not (is_ours and isinstance(refusal.__cause__, ClientError) and was_retried(refusal.__cause__)):
                raise

    def _read(self, keys: list[Item]) -> Iterator[Item]:
        left: Any = {"Keys": keys, "ConsistentRead": True}
        for _ in self._attempts():
            with translated("BatchGetItem"):
                answer = self._client.batch_get_item(RequestItems={self._name: left})
            yield from answer["Responses"].get(self._name, [])
            left = answer.get("UnprocessedKeys", {}).get(self._name)
            if not left:
                return
        raise DocumentStoreUnavailable

    def _query(self, expressions: Expressions, partition: str, prefix: str, where: Attributes) -> Request:
        request: Request = {
            "TableName": self._name,
            "KeyConditionExpression": expressions.within(partition, prefix),
        }
        if where:
            request["FilterExpression"] = " AND ".join(expressions.equal(where))
        return request | expressions.placeholders()

    def _pages(self, request: Request) -> Iterator[Any]:
        while True:
            with translated("Query"):
                answer = self._client.query(**request)
            yield answer
            if "LastEvaluatedKey" not in answer:
                return
            request = request | {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _written(self, operation: str, call: Callable[..., Any], request: Request) -> dict[str, Any]:
        """Do it, again while somebody else is writing the same."""
        with translated(operation):
            for is_last in self._attempts():
                try:
                    return dict(call(**request))
                except ClientError as error:
                    if refusal := not_as_expected(error):
                        raise refusal from error
                    if is_last or not is_busy(error):
                        raise
        raise DocumentStoreUnavailable

    def _attempts(self) -> Iterator[bool]:
        """Yield for each attempt whether it is the last one, after a pause before all but the first."""
        for number, seconds in enumerate(_PAUSES_SECONDS, 1):
            self._wait(seconds * random.uniform(0.5, 1))  # noqa: S311  spreads callers, keeps no secret
            yield number == len(_PAUSES_SECONDS)


def _batches(keys: Sequence[Key], size: int) -> Iterator[list[Key]]:
    """Yield each key once, so many at a time."""
    wanted = list(dict.fromkeys(keys))
    for start in range(0, len(wanted), size):
        yield wanted[start : start + size]

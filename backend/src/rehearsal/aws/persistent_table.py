"""A table of the local AWS whose items outlive it: put back at its start, written to a file at its end.

The file is replaced as a whole, so whoever is killed meanwhile leaves the items of the time before.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from time import time
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends

from rehearsal.aws.atomic_files import warn, write_atomically

REGION = "us-east-1"
_EXPIRES_AT = "expires_at"


class PersistentTable:
    """One table with the keys `pk` and `sk`, both text, and the file its items are kept in.

    Args:
        name: the table's.
        file: made when there is something to keep.
        indexes: the attribute that each global index finds by.
    """

    def __init__(self, name: str, file: Path, indexes: Mapping[str, str]) -> None:
        self._name = name
        self._file = file
        self._indexes = indexes

    def put_back(self) -> None:
        """Make the table, with every kept item but those that have expired; what fails is named on standard error."""
        backend = _backend()
        self._make(backend)
        for item in self._items():
            try:
                if not _has_expired(item):
                    backend.put_item(self._name, item)
            except (JsonRESTError, ValueError, KeyError, TypeError, AttributeError) as error:
                warn(f"an item could not be put back into {self._name}: {error or type(error).__name__}")

    def keep(self) -> None:
        """Write what the table holds to the file."""
        table = _backend().tables.get(self._name)
        items = [item.to_json()["Attributes"] for item in table.all_items()] if table else []
        if not items and not self._file.exists():
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(self._file, json.dumps(items, indent=1).encode())
        except OSError as error:
            warn(f"the items of {self._name} could not be kept: {error}")

    def _make(self, backend: DynamoDBBackend) -> None:
        attributes = ["pk", "sk", *self._indexes.values()]
        backend.create_table(
            self._name,
            schema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            throughput=None,
            attr=[{"AttributeName": name, "AttributeType": "S"} for name in attributes],
            global_indexes=[_index(name, attribute) for name, attribute in self._indexes.items()],
            indexes=[],
            streams=None,
            billing_mode="PAY_PER_REQUEST",
            sse_specification=None,
            tags=[],
            deletion_protection_enabled=False,
            warm_throughput=None,
        )
        backend.update_time_to_live(self._name, {"Enabled": True, "AttributeName": _EXPIRES_AT})

    def _items(self) -> list[Any]:
        try:
            items = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return []
        except (OSError, ValueError) as error:
            warn(f"{self._file} cannot be read, so {self._name} begins empty: {error}")
            return []
        return items if isinstance(items, list) else []


def _index(name: str, attribute: str) -> dict[str, Any]:
    schema = [{"AttributeName": attribute, "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": schema, "Projection": {"ProjectionType": "ALL"}}


def _has_expired(item: dict[str, Any]) -> bool:
    return _EXPIRES_AT in item and float(item[_EXPIRES_AT].get("N", "inf")) < time()


def _backend() -> DynamoDBBackend:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION]

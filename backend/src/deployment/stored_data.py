"""What an environment holds of its users': objects and items, counted before they go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from deployment.account import Account
from deployment.errors import StepFailed

_ABSENT = {"NoSuchBucket", "404", "ResourceNotFoundException"}
_AT_ONCE = 1000


@dataclass(frozen=True)
class StoredData:
    """Buckets and tables by name, with how much is in them.

    Args:
        account: whose.
        buckets: how many objects each bucket has, old versions included.
        tables: how many items each table has, as AWS counted them within the last six hours.
    """

    account: Account
    buckets: Mapping[str, int]
    tables: Mapping[str, int]

    @property
    def words(self) -> list[str]:
        """A line each."""
        return [
            *(f"bucket {name}: {count} objects, old versions included" for name, count in self.buckets.items()),
            *(f"table {name}: about {count} items" for name, count in self.tables.items()),
        ]

    def empty(self, note: Callable[[str], None]) -> None:
        """Delete all objects, and let the tables be deleted."""
        for name in self.buckets:
            note(name)
            delete_versions(self.account, name)
        dynamodb = self.account.client("dynamodb")
        for name in self.tables:
            note(name)
            dynamodb.update_table(TableName=name, DeletionProtectionEnabled=False)
        note(f"{sum(self.buckets.values())} objects")


def stored_data_of(account: Account, state: Mapping[str, Any]) -> StoredData:
    """Return the data of the buckets and tables that a state has."""
    s3, dynamodb = account.client("s3"), account.client("dynamodb")
    objects = {name: _there(partial(_versions, s3, name)) for name in _named(state, "aws_s3_bucket", "bucket")}
    tables = {
        name: _there(partial(dynamodb.describe_table, TableName=name))
        for name in _named(state, "aws_dynamodb_table", "name")
    }
    return StoredData(
        account,
        {name: len(found) for name, found in objects.items() if found is not None},
        {name: int(found["Table"].get("ItemCount", 0)) for name, found in tables.items() if found is not None},
    )


def delete_versions(account: Account, bucket: str, prefix: str = "") -> int:
    """Delete every version of every object that begins with `prefix`; return how many.

    Raises:
        StepFailed: one may not be deleted.
    """
    s3 = account.client("s3")
    found = _there(lambda: _versions(s3, bucket, prefix)) or []
    for begin in range(0, len(found), _AT_ONCE):
        said = s3.delete_objects(Bucket=bucket, Delete={"Objects": found[begin : begin + _AT_ONCE], "Quiet": True})
        for refused in said.get("Errors", ()):  # some of them: the answer is no error
            raise StepFailed(
                f"Emptying {bucket}", f"{refused['Key']}: {refused.get('Code', '')} {refused.get('Message', '')}"
            )
    return len(found)


def _versions(s3: Any, bucket: str, prefix: str = "") -> list[dict[str, str]]:
    return [
        {"Key": one["Key"], "VersionId": one["VersionId"]}
        for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=prefix)
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))
    ]


def _there(look: Callable[[], Any]) -> Any:
    """Return what is there; None where somebody has deleted it already."""
    try:
        return look()
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return None
        raise


def _named(state: Mapping[str, Any], kind: str, attribute: str) -> list[str]:
    return sorted(
        instance["attributes"][attribute]
        for resource in state.get("resources", ())
        if resource["type"] == kind and resource["mode"] == "managed"
        for instance in resource.get("instances", ())
    )

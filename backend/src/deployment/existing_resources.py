"""What a plan would make anew although it is there: a run that was cut off had made it, and lost its note of it."""

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from deployment.account import Account

_ABSENT = {"404", "NoSuchBucket", "NoSuchEntity", "RepositoryNotFoundException"}


def importable_resources(plan: Mapping[str, Any], account: Account) -> dict[str, str]:
    """Return by address what Terraform may import instead, of a plan in JSON; only kinds whose names must be unique.

    Source: https://developer.hashicorp.com/terraform/internals/json-format
    """
    found = {}
    for change in plan.get("resource_changes", ()):
        look = _LOOKS.get(change["type"])
        if look and change["change"]["actions"] == ["create"]:
            identifier = look(account, change["change"]["after"])
            if identifier:
                found[change["address"]] = identifier
    return found


def _bucket(account: Account, wanted: Mapping[str, Any]) -> str:
    client, name = account.client("s3"), wanted["bucket"]
    return name if _is_there(lambda: client.head_bucket(Bucket=name, ExpectedBucketOwner=account.id)) else ""


def _repository(account: Account, wanted: Mapping[str, Any]) -> str:
    client, name = account.client("ecr"), wanted["name"]
    return name if _is_there(lambda: client.describe_repositories(repositoryNames=[name])) else ""


def _role(account: Account, wanted: Mapping[str, Any]) -> str:
    client, name = account.client("iam"), wanted["name"]
    return name if _is_there(lambda: client.get_role(RoleName=name)) else ""


def _policy(account: Account, wanted: Mapping[str, Any]) -> str:
    client = account.client("iam")
    arn = f"arn:{account.partition}:iam::{account.id}:policy{wanted.get('path') or '/'}{wanted['name']}"
    return arn if _is_there(lambda: client.get_policy(PolicyArn=arn)) else ""


def _identity_provider(account: Account, wanted: Mapping[str, Any]) -> str:
    client = account.client("iam")
    arn = f"arn:{account.partition}:iam::{account.id}:oidc-provider/{wanted['url'].removeprefix('https://')}"
    return arn if _is_there(lambda: client.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)) else ""


def _is_there(look: Callable[[], object]) -> bool:
    try:
        look()
    except ClientError as error:
        if error.response["Error"]["Code"] in _ABSENT:
            return False
        raise
    return True


_LOOKS: dict[str, Callable[[Account, Mapping[str, Any]], str]] = {
    "aws_ecr_repository": _repository,
    "aws_iam_openid_connect_provider": _identity_provider,
    "aws_iam_policy": _policy,
    "aws_iam_role": _role,
    "aws_s3_bucket": _bucket,
}

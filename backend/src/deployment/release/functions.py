"""The functions of a deployment, as its outputs name them, and what callers of each get."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deployment.account import Account


@dataclass(frozen=True)
class Function:
    """One function.

    Args:
        key: the name of its service, or `api` where one function has all.
        name: its own name.
        alias: the alias callers call.
        group: the deployment group that moves the alias.
        version: the version published last.
        memory_mb: its memory.
        log_group: where it logs.
    """

    key: str
    name: str
    alias: str
    group: str
    version: str
    memory_mb: int
    log_group: str


@dataclass(frozen=True)
class Live:
    """What callers get: a version, and during a shift a share of the next one."""

    version: str
    next_version: str = ""
    next_share: float = 0.0

    def __str__(self) -> str:
        if not self.next_version:
            return f"version {self.version}"
        return f"version {self.version}, {self.next_share:.0%} of callers version {self.next_version}"


def functions_of(outputs: Mapping[str, Any]) -> list[Function]:
    """Return the functions the outputs tell of, in the order of their names."""
    return [
        Function(
            key,
            found["function_name"],
            found["alias_name"],
            found["deployment_group_name"],
            str(found["version"]),
            int(found["memory_mb"]),
            found["log_group_name"],
        )
        for key, found in sorted(outputs["functions"].items())
    ]


def live(account: Account, function: Function) -> Live:
    """Return what callers of the function get."""
    alias = account.client("lambda").get_alias(FunctionName=function.name, Name=function.alias)
    weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
    for version, share in weights.items():
        if share:
            return Live(alias["FunctionVersion"], version, float(share))
    return Live(alias["FunctionVersion"])


def versions(account: Account, function: Function) -> list[str]:
    """Return the function's published versions, the oldest first."""
    pages = account.client("lambda").get_paginator("list_versions_by_function").paginate(FunctionName=function.name)
    numbers = [found["Version"] for page in pages for found in page["Versions"]]
    return sorted((number for number in numbers if number.isdigit()), key=int)


def image_of(account: Account, function: Function, version: str) -> str:
    """Return the digest of the image a version runs; empty where that cannot be told."""
    try:
        found = account.client("lambda").get_function(FunctionName=function.name, Qualifier=version)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            return ""
        raise
    code = found.get("Code", {})
    return str(code.get("ResolvedImageUri") or code.get("ImageUri") or "").rpartition("@")[2]

"""Functions read back from the AWS they were deployed to."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3

from rehearsal.aws.policies import trusts
from rehearsal.functions.configuration import Alias, Asynchronous, DeployedFunction, Version
from rehearsal.functions.errors import RoleNotAssumable
from rehearsal.runtime import Credentials

_LAMBDA = "lambda.amazonaws.com"
_KEYS_SECONDS = 12 * 60 * 60  # Lambda renews them; a rehearsal left standing for longer is begun anew


def read_functions(session: boto3.Session, endpoint_url: str, image_command: str) -> list[DeployedFunction]:
    """Return every function deployed there, with its role's keys.

    Args:
        session: whose keys may read Lambda's configuration and assume the functions' roles.
        endpoint_url: where that AWS answers.
        image_command: the handler of a function that leaves the image's CMD as it is.

    Raises:
        RoleNotAssumable: a function's role does not trust Lambda, which AWS says when the function is made.
    """
    client = session.client("lambda", endpoint_url=endpoint_url)
    keys = _RoleKeys(session, endpoint_url)
    pages = client.get_paginator("list_functions").paginate()
    functions = []
    for name in [found["FunctionName"] for page in pages for found in page["Functions"]]:
        with suppress(client.exceptions.ResourceNotFoundException):  # deleted while this reads
            functions.append(_read(client, name, keys, image_command))
    return functions


class _RoleKeys:
    """One set of keys a function and role, in a session named as the function, as Lambda names it."""

    def __init__(self, session: boto3.Session, endpoint_url: str) -> None:
        self._sts = session.client("sts", endpoint_url=endpoint_url)
        self._iam = session.client("iam", endpoint_url=endpoint_url)
        self._known: dict[tuple[str, str], Credentials] = {}

    def of(self, role_arn: str, function: str) -> Credentials:
        if (role_arn, function) not in self._known:
            self._require_trust(role_arn, function)
            keys = self._sts.assume_role(RoleArn=role_arn, RoleSessionName=function, DurationSeconds=_KEYS_SECONDS)
            keys = keys["Credentials"]
            self._known[role_arn, function] = Credentials(
                keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
            )
        return self._known[role_arn, function]

    def _require_trust(self, role_arn: str, function: str) -> None:
        reason = f"its trust policy does not let {_LAMBDA} do sts:AssumeRole"
        try:
            role = self._iam.get_role(RoleName=role_arn.rpartition("/")[2])["Role"]
            if trusts(role_arn, role["AssumeRolePolicyDocument"], _LAMBDA).is_allowed:
                return
        except self._iam.exceptions.NoSuchEntityException:
            reason = "there is no such role"
        raise RoleNotAssumable(
            f"{function}: The role defined for the function cannot be assumed by Lambda. ({role_arn}: {reason})"
        )


def _read(client: Any, name: str, keys: _RoleKeys, image_command: str) -> DeployedFunction:
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    numbers = [found["Version"] for page in pages for found in page["Versions"]]
    found = {n: client.get_function_configuration(FunctionName=name, Qualifier=n) for n in {*numbers, "$LATEST"}}
    aliases = client.get_paginator("list_aliases").paginate(FunctionName=name)
    arn_parts = found["$LATEST"]["FunctionArn"].split(":")
    reserved = client.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
    return DeployedFunction(
        name,
        {number: _version(configuration, keys, image_command) for number, configuration in found.items()},
        {alias["Name"]: _alias(alias) for page in aliases for alias in page["Aliases"]},
        reserved_concurrency=None if reserved is None else int(reserved),
        asynchronous=_asynchronous(client, name, found["$LATEST"]),
        region=arn_parts[3],
        account=arn_parts[4],
    )


def _version(configuration: dict[str, Any], keys: _RoleKeys, image_command: str) -> Version:
    image = configuration.get("ImageConfigResponse", {}).get("ImageConfig", {})
    command = image.get("Command") or [configuration.get("Handler") or image_command]
    return Version(
        command[0],
        environment=configuration.get("Environment", {}).get("Variables", {}),
        memory_mb=configuration["MemorySize"],
        timeout_seconds=configuration["Timeout"],
        credentials=keys.of(configuration["Role"], configuration["FunctionName"]),
        log_group=configuration.get("LoggingConfig", {}).get("LogGroup", ""),
        is_traced=configuration.get("TracingConfig", {}).get("Mode") == "Active",
        has_snapshot=configuration.get("SnapStart", {}).get("OptimizationStatus") == "On",
        code_sha256=configuration.get("CodeSha256", ""),
    )


def _alias(alias: dict[str, Any]) -> Alias:
    return Alias(alias["FunctionVersion"], (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})


def _asynchronous(client: Any, name: str, latest: dict[str, Any]) -> Asynchronous:
    plan = Asynchronous(dead_letter=latest.get("DeadLetterConfig", {}).get("TargetArn"))
    for found in _event_configurations(client, name):
        on_failure = (found.get("DestinationConfig") or {}).get("OnFailure") or {}
        return Asynchronous(
            retries=found.get("MaximumRetryAttempts", plan.retries),
            max_age_seconds=found.get("MaximumEventAgeInSeconds", plan.max_age_seconds),
            on_failure=on_failure.get("Destination"),
            dead_letter=plan.dead_letter,
        )
    return plan


def _event_configurations(client: Any, name: str) -> Iterator[dict[str, Any]]:
    """Return the ones of any qualifier: an alias has one of its own."""
    for page in client.get_paginator("list_function_event_invoke_configs").paginate(FunctionName=name):
        yield from page["FunctionEventInvokeConfigs"]

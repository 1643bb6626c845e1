"""Functions read back from the AWS they were deployed to, and their logs and dead letters brought there."""

from collections.abc import Iterator, Sequence
from threading import Lock
from time import time
from typing import Any

import boto3
from botocore.exceptions import ClientError

from rehearsal.functions.configuration import Alias, Asynchronous, DeployedFunction, Version
from rehearsal.functions.port import FailedEvent
from rehearsal.runtime import Credentials


def read_functions(session: boto3.Session, endpoint_url: str, image_command: str) -> list[DeployedFunction]:
    """Return every function deployed there, with its role's keys.

    Args:
        session: whose keys may read Lambda's configuration and assume the functions' roles.
        endpoint_url: where that AWS answers.
        image_command: the handler of a function that leaves the image's CMD as it is.
    """
    client = session.client("lambda", endpoint_url=endpoint_url)
    keys = _RoleKeys(session.client("sts", endpoint_url=endpoint_url))
    pages = client.get_paginator("list_functions").paginate()
    return [_read(client, found["FunctionName"], keys, image_command) for page in pages for found in page["Functions"]]


class _RoleKeys:
    """One set of keys a function and role, in a session named as the function, as Lambda names it."""

    def __init__(self, sts: Any) -> None:
        self._sts = sts
        self._known: dict[tuple[str, str], Credentials] = {}

    def of(self, role_arn: str, function: str) -> Credentials:
        if (role_arn, function) not in self._known:
            keys = self._sts.assume_role(RoleArn=role_arn, RoleSessionName=function)["Credentials"]
            self._known[role_arn, function] = Credentials(
                keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"]
            )
        return self._known[role_arn, function]


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


class CloudWatchLogs:
    """Log streams in CloudWatch Logs."""

    def __init__(self, session: boto3.Session, endpoint_url: str) -> None:
        self._client = session.client("logs", endpoint_url=endpoint_url)
        self._known: set[tuple[str, str]] = set()
        self._lock = Lock()

    def write(self, group: str, stream: str, lines: Sequence[str]) -> None:
        """Append lines, without their ends, to the stream; make it and its group if need be."""
        with self._lock:
            self._ensure(group, stream)
            now_ms = int(time() * 1000)
            events = [{"timestamp": now_ms, "message": line} for line in lines if line]  # an event cannot be empty
            if events:
                self._client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    def _ensure(self, group: str, stream: str) -> None:
        if (group, stream) in self._known:
            return
        for create, names in (
            (self._client.create_log_group, {"logGroupName": group}),
            (self._client.create_log_stream, {"logGroupName": group, "logStreamName": stream}),
        ):
            try:
                create(**names)
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
                    raise
        self._known.add((group, stream))


class AwsDeadLetters:
    """Failed events sent to SQS queues and SNS topics."""

    def __init__(self, session: boto3.Session, endpoint_url: str) -> None:
        self._sqs = session.client("sqs", endpoint_url=endpoint_url)
        self._sns = session.client("sns", endpoint_url=endpoint_url)

    def send_record(self, target: str, failed: FailedEvent) -> None:
        """Deliver the event's record to an on-failure destination."""
        self._send(target, failed.record().decode(), {})

    def send_letter(self, target: str, failed: FailedEvent) -> None:
        """Deliver the event itself to a dead-letter target."""
        self._send(target, failed.payload.decode(), failed.attributes())

    def _send(self, target: str, body: str, attributes: dict[str, str]) -> None:
        typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        if target.startswith("arn:aws:sns:"):
            self._sns.publish(TopicArn=target, Message=body, MessageAttributes=typed)
            return
        url = self._sqs.get_queue_url(QueueName=target.rpartition(":")[2])["QueueUrl"]
        self._sqs.send_message(QueueUrl=url, MessageBody=body, MessageAttributes=typed)

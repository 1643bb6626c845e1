"""Functions read back from a local AWS, and what goes back to it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rehearsal.aws_server import LocalAws, local_aws

from rehearsal.functions import Alias, Asynchronous, DeployedFunction, LambdaService, Place, Version
from rehearsal.functions.deployed import AwsDeadLetters, CloudWatchLogs, read_functions

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/coach@sha256:" + "a" * 64
QUEUE = "arn:aws:sqs:us-east-1:123456789012:dead"


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """Return a local AWS with a role, two functions, an alias and a queue."""
    with local_aws() as started:
        _deploy(started)
        yield started


def _deploy(aws: LocalAws) -> None:
    aws.client("sqs").create_queue(QueueName="dead")
    policy = json.dumps({"Version": "2012-10-17", "Statement": []})
    role = aws.client("iam").create_role(RoleName="coach", AssumeRolePolicyDocument=policy)["Role"]["Arn"]
    client = aws.client("lambda")
    shared = {"Role": role, "PackageType": "Image", "Code": {"ImageUri": IMAGE}}
    client.create_function(FunctionName="plain", **shared)
    client.create_function(
        FunctionName="coach",
        **shared,
        ImageConfig={"Command": ["entry.handler"]},
        Environment={"Variables": {"COLOUR": "blue"}},
        MemorySize=256,
        Timeout=20,
    )
    number = client.publish_version(FunctionName="coach")["Version"]
    weights = {"AdditionalVersionWeights": {"$LATEST": 0.25}}
    client.create_alias(FunctionName="coach", Name="live", FunctionVersion=number, RoutingConfig=weights)
    client.put_function_concurrency(FunctionName="coach", ReservedConcurrentExecutions=3)
    client.put_function_event_invoke_config(
        FunctionName="coach",
        MaximumRetryAttempts=1,
        MaximumEventAgeInSeconds=60,
        DestinationConfig={"OnFailure": {"Destination": QUEUE}},
    )


class TestReadFunctions:
    """What a deployment says of its functions."""

    def test_reads(self, aws: LocalAws) -> None:
        """Configuration, version, alias, concurrency and failure plan are those that were deployed."""
        coach = _read(aws)["coach"]

        latest = coach.versions["$LATEST"]
        seen = (latest.handler, latest.environment, latest.memory_mb, latest.timeout_seconds)
        assert ("entry.handler", {"COLOUR": "blue"}, 256, 20) == seen
        assert ({"$LATEST", "1"}, {"live": Alias("1", {"$LATEST": 0.25})}) == (set(coach.versions), coach.aliases)
        assert (3, Asynchronous(1, 60, on_failure=QUEUE)) == (coach.reserved_concurrency, coach.asynchronous)

    def test_falls_back_on_the_image(self, aws: LocalAws) -> None:
        """A function without a command runs the image's own, and has Lambda's defaults."""
        plain = _read(aws)["plain"]

        version = plain.versions["$LATEST"]
        assert ("image.handler", 128, 3) == (version.handler, version.memory_mb, version.timeout_seconds)
        assert (None, Asynchronous()) == (plain.reserved_concurrency, plain.asynchronous)

    def test_assumes_the_role(self, aws: LocalAws, tmp_path: Path) -> None:
        """The function calls AWS as its role, and does not show its keys."""
        source = """
import boto3
def handler(event, context):
    return boto3.client("sts").get_caller_identity()["Arn"]
"""
        (tmp_path / "entry.py").write_text(source)
        coach = _read(aws)["coach"]
        place = Place(Path(sys.executable), tmp_path, {"AWS_ENDPOINT_URL": aws.url})
        with LambdaService([coach], place, CloudWatchLogs(aws.session, aws.url)) as service:
            arn = json.loads(service.invoke("coach", b"{}").payload)

        assert "arn:aws:sts::123456789012:assumed-role/coach/coach" == arn
        assert "secret_access_key" not in repr(coach)


class TestCloudWatchLogs:
    """Log streams in CloudWatch."""

    def test_writes(self, aws: LocalAws) -> None:
        """Lines arrive in order in a stream that is made when first written to; empty ones are left out."""
        logs = CloudWatchLogs(aws.session, aws.url)
        logs.write("/aws/lambda/other", "stream", ["one", ""])
        CloudWatchLogs(aws.session, aws.url).write("/aws/lambda/other", "stream", ["two"])

        events = aws.client("logs").get_log_events(logGroupName="/aws/lambda/other", logStreamName="stream")
        assert ["one", "two"] == [event["message"] for event in events["events"]]


class TestAwsDeadLetters:
    """Failed events in a queue."""

    def test_delivers(self, aws: LocalAws, tmp_path: Path) -> None:
        """The on-failure record and the dead letter both arrive, the letter with its attributes."""
        (tmp_path / "entry.py").write_text("def handler(event, context): raise ValueError('no luck')")
        plan = Asynchronous(retries=0, on_failure=QUEUE, dead_letter=QUEUE)
        function = DeployedFunction("fails", {"$LATEST": Version("entry.handler")}, asynchronous=plan)
        letters = AwsDeadLetters(aws.session, aws.url)
        logs = CloudWatchLogs(aws.session, aws.url)
        with LambdaService([function], Place(Path(sys.executable), tmp_path), logs, dead_letters=letters) as service:
            service.invoke_later("fails", b'{"n": 1}')
            service.settle()

        sqs = aws.client("sqs")
        url = sqs.get_queue_url(QueueName="dead")["QueueUrl"]
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])["Messages"]
        record, letter = sorted((message for message in found), key=lambda message: "MessageAttributes" in message)
        assert "no luck" == json.loads(record["Body"])["responsePayload"]["errorMessage"]
        assert ('{"n": 1}', "no luck") == (
            letter["Body"],
            letter["MessageAttributes"]["ErrorMessage"]["StringValue"],
        )


def _read(aws: LocalAws) -> dict[str, DeployedFunction]:
    return {function.name: function for function in read_functions(aws.session, aws.url, "image.handler")}

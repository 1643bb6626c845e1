"""Functions read back from a local AWS, and what goes back to it."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rehearsal.aws_server import LocalAws, local_aws

from rehearsal.functions import Alias, Asynchronous, CodeLocation, DeployedFunction, LambdaService, RoleNotAssumable
from rehearsal.functions.deliveries import CloudWatchLogs
from rehearsal.functions.deployed import read_functions

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
    role = _role(aws, "coach", "lambda.amazonaws.com")
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
        TracingConfig={"Mode": "Active"},
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
        assert latest.is_traced
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
        location = CodeLocation(Path(sys.executable), tmp_path, {"AWS_ENDPOINT_URL": aws.url})
        with LambdaService([coach], location, CloudWatchLogs(aws.session, aws.url)) as service:
            arn = json.loads(service.invoke("coach", b"{}").payload)

        assert "arn:aws:sts::123456789012:assumed-role/coach/coach" == arn
        assert "secret_access_key" not in repr(coach)


class TestTrust:
    """A function's role must trust Lambda."""

    def test_untrusting_role(self, aws: LocalAws) -> None:
        """A role that trusts another service cannot be assumed, which is said as AWS says it."""
        client, role = aws.client("lambda"), _role(aws, "builder", "codebuild.amazonaws.com")
        client.create_function(FunctionName="built", Role=role, PackageType="Image", Code={"ImageUri": IMAGE})
        with pytest.raises(
            RoleNotAssumable, match=r"^built: The role defined .* cannot be assumed by Lambda\. .*builder"
        ):
            _read(aws)
        client.delete_function(FunctionName="built")

    def test_role_that_is_gone(self, aws: LocalAws) -> None:
        """Neither can one that was deleted under its function."""
        client, role = aws.client("lambda"), _role(aws, "gone", "lambda.amazonaws.com")
        client.create_function(FunctionName="left", Role=role, PackageType="Image", Code={"ImageUri": IMAGE})
        aws.client("iam").delete_role(RoleName="gone")
        with pytest.raises(RoleNotAssumable, match="there is no such role"):
            _read(aws)
        client.delete_function(FunctionName="left")


def _role(aws: LocalAws, name: str, trusted: str) -> str:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": trusted}}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    return str(aws.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=policy)["Role"]["Arn"])


def _read(aws: LocalAws) -> dict[str, DeployedFunction]:
    return {function.name: function for function in read_functions(aws.session, aws.url, "image.handler")}

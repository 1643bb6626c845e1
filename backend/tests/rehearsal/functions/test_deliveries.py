"""What functions leave behind, in a local AWS that lets everybody do everything."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rehearsal.aws_server import LocalAws, local_aws

from rehearsal.functions import Asynchronous, CodeLocation, DeployedFunction, LambdaService, Version
from rehearsal.functions.deliveries import AwsDeadLetters, CloudWatchLogs

QUEUE = "arn:aws:sqs:us-east-1:123456789012:dead"


@pytest.fixture(scope="module")
def aws() -> Iterator[LocalAws]:
    """Return a local AWS with a queue."""
    with local_aws() as started:
        started.client("sqs").create_queue(QueueName="dead")
        yield started


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
        with LambdaService(
            [function], CodeLocation(Path(sys.executable), tmp_path), logs, dead_letters=letters
        ) as service:
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

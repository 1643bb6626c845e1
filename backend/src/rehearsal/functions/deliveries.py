"""What functions leave behind, brought to the AWS they were deployed to: logs, traces, dead letters.

Logs and traces are written with the keys of the function's own role, as Lambda does: a role that may not, has none.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from queue import Queue
from threading import Lock, Thread
from time import time
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from rehearsal.functions.port import FailedEvent
from rehearsal.runtime import Credentials

_ONE_TRY = Config(retries={"total_max_attempts": 1})


class _Clients:
    """Clients of one service, one for each role and one for whoever deploys; safe to use from several threads."""

    def __init__(self, service: str, session: boto3.Session, endpoint_url: str) -> None:
        self._service = service
        self._session = session
        self._endpoint_url = endpoint_url
        self._lock = Lock()
        self._known: dict[str, Any] = {}

    def of(self, keys: Credentials | None) -> Any:
        given = (
            {
                "aws_access_key_id": keys.access_key_id,
                "aws_secret_access_key": keys.secret_access_key,
                "aws_session_token": keys.session_token,
            }
            if keys
            else {}
        )
        name = keys.access_key_id if keys else ""
        with self._lock:
            if name not in self._known:
                self._known[name] = self._session.client(
                    self._service, endpoint_url=self._endpoint_url, config=_ONE_TRY, **given
                )
            return self._known[name]


class CloudWatchLogs:
    """Log streams in CloudWatch Logs."""

    def __init__(self, session: boto3.Session, endpoint_url: str) -> None:
        self._clients = _Clients("logs", session, endpoint_url)
        self._known: set[tuple[str, str]] = set()
        self._lock = Lock()

    def write(self, group: str, stream: str, lines: Sequence[str], writer: Credentials | None = None) -> None:
        """Append lines, without their ends, to the stream; make it if need be, and its group if that is allowed.

        What the `writer` may not write is lost; None is whoever deploys.
        """
        client, now_ms = self._clients.of(writer), int(time() * 1000)
        events = [{"timestamp": now_ms, "message": line} for line in lines if line]  # an event cannot be empty
        with self._lock:
            try:
                self._ensure(client, group, stream)
                if events:
                    client.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)
            except ClientError:
                if writer is None:
                    raise

    def _ensure(self, client: Any, group: str, stream: str) -> None:
        if (group, stream) in self._known:
            return
        try:
            _make_stream(client, group, stream)
        except client.exceptions.ResourceNotFoundException:
            client.create_log_group(logGroupName=group)
            _make_stream(client, group, stream)
        self._known.add((group, stream))


def _make_stream(client: Any, group: str, stream: str) -> None:
    try:
        client.create_log_stream(logGroupName=group, logStreamName=stream)
    except client.exceptions.ResourceAlreadyExistsException:
        return


class XRay:
    """Segments sent to X-Ray by a thread of their own, with the telemetry AWS's daemon sends beside them."""

    def __init__(self, session: boto3.Session, endpoint_url: str) -> None:
        self._clients = _Clients("xray", session, endpoint_url)
        self._queue: Queue[tuple[Sequence[dict[str, Any]], Credentials]] = Queue()
        Thread(target=self._work, daemon=True).start()

    def send(self, segments: Sequence[dict[str, Any]], sender: Credentials) -> None:
        """Send segments as the role with these keys, later: nobody waits, and nothing fails."""
        self._queue.put((segments, sender))

    def drain(self) -> None:
        """Return when all segments so far have been sent or refused."""
        self._queue.join()

    def _work(self) -> None:
        while True:
            segments, sender = self._queue.get()
            client, count = self._clients.of(sender), len(segments)
            documents = [json.dumps(segment) for segment in segments]
            record = {"Timestamp": time(), "SegmentsReceivedCount": count, "SegmentsSentCount": count}
            for send, what in (
                (client.put_trace_segments, {"TraceSegmentDocuments": documents}),
                (client.put_telemetry_records, {"TelemetryRecords": [record]}),
            ):
                with suppress(BotoCoreError, ClientError):
                    send(**what)
            self._queue.task_done()


class AwsDeadLetters:
    """Failed events sent to SQS queues and SNS topics, as the function's role may."""

    def __init__(self, session: boto3.Session, endpoint_url: str) -> None:
        self._sqs = _Clients("sqs", session, endpoint_url)
        self._sns = _Clients("sns", session, endpoint_url)

    def send_record(self, target: str, failed: FailedEvent) -> bool:
        """Deliver the event's record to an on-failure destination; return whether that was let in."""
        return self._send(target, failed.record().decode(), {}, failed.sender)

    def send_letter(self, target: str, failed: FailedEvent) -> bool:
        """Deliver the event itself to a dead-letter target; return whether that was let in."""
        return self._send(target, failed.payload.decode(), failed.attributes(), failed.sender)

    def _send(self, target: str, body: str, attributes: dict[str, str], sender: Credentials | None) -> bool:
        typed = {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}
        try:
            if target.startswith("arn:aws:sns:"):
                self._sns.of(sender).publish(TopicArn=target, Message=body, MessageAttributes=typed)
            else:
                url = self._sqs.of(None).get_queue_url(QueueName=target.rpartition(":")[2])["QueueUrl"]
                self._sqs.of(sender).send_message(QueueUrl=url, MessageBody=body, MessageAttributes=typed)
        except ClientError:
            return False
        return True

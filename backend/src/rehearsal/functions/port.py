"""What the service gives back, and what it needs: a place for logs, a place for failed events."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from rehearsal.runtime import Credentials


@dataclass(frozen=True)
class Answer:
    """How an invocation ended: `function_error` is None for what the handler returned, else `Unhandled`.

    `log` has the lines the invocation wrote, Lambda's own included; `duration_ms` is without the environment's start.
    """

    payload: bytes
    request_id: str
    version: str
    function_error: str | None = None
    log: Sequence[str] = ()
    duration_ms: float = 0.0


@dataclass(frozen=True)
class FailedEvent:
    """An event given up: `condition` is `RetriesExhausted` or `EventAgeExceeded`; no `answer` if none ever came.

    `sender` are the keys of the function's role, which has to be allowed to put it anywhere; None may everything.
    """

    function_arn: str
    request_id: str
    payload: bytes
    condition: str
    attempts: int
    timestamp: str
    answer: Answer | None
    sender: Credentials | None = None

    def record(self) -> bytes:
        """Return it as an on-failure destination receives it.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
        """
        record: dict[str, object] = {
            "version": "1.0",
            "timestamp": self.timestamp,
            "requestContext": {
                "requestId": self.request_id,
                "functionArn": self.function_arn,
                "condition": self.condition,
                "approximateInvokeCount": self.attempts,
            },
            "requestPayload": json.loads(self.payload),
        }
        if self.answer:
            version = self.answer.version
            context = {"statusCode": 200, "executedVersion": version, "functionError": self.answer.function_error}
            record |= {"responseContext": context, "responsePayload": json.loads(self.answer.payload)}
        return json.dumps(record).encode()

    def attributes(self) -> dict[str, str]:
        """Return the attributes a dead letter's message has beside the event.

        Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
        """
        error = json.loads(self.answer.payload) if self.answer else {}
        message = str(error.get("errorMessage", self.condition))
        return {
            "RequestID": self.request_id,
            "ErrorCode": "200" if self.answer else "429",
            "ErrorMessage": message.encode()[:1024].decode(errors="ignore") or "-",
        }


class Logs(Protocol):
    """Where log streams go."""

    def write(self, group: str, stream: str, lines: Sequence[str], writer: Credentials | None = None) -> None:
        """Append lines, without their ends, to the stream; make it and its group if need be.

        What a function's role, the `writer`, may not write is lost; None is whoever may write anything.
        """


class Traces(Protocol):
    """Where the segments of traces go."""

    def send(self, segments: Sequence[dict[str, Any]], sender: Credentials) -> None:
        """Send segments as the role with these keys, later: nobody waits, and nothing fails."""

    def drain(self) -> None:
        """Return when all segments so far have been sent or refused."""


class DeadLetters(Protocol):
    """Where failed events go; `target` is the ARN of a queue or topic."""

    def send_record(self, target: str, failed: FailedEvent) -> bool:
        """Deliver the event's record to an on-failure destination; return whether that was let in."""

    def send_letter(self, target: str, failed: FailedEvent) -> bool:
        """Deliver the event itself to a dead-letter target; return whether that was let in."""

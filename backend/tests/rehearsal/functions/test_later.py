"""Invocations nobody waits for: tried again, and where the failed ones go."""

import json
from pathlib import Path

import pytest
from tests.rehearsal.functions.handlers import ECHO, Serve

from rehearsal.functions import Answer, Asynchronous, FailedEvent, RequestTooLarge
from rehearsal.functions.events import EventQueue, QueuedEvent


class Letters:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.records: list[tuple[str, dict[str, object]]] = []
        self.letters: list[tuple[str, dict[str, str]]] = []

    def send_record(self, target: str, failed: FailedEvent) -> bool:
        """Keep an on-failure record."""
        self.records.append((target, json.loads(failed.record())))
        return True

    def send_letter(self, target: str, failed: FailedEvent) -> bool:
        """Keep a dead letter's attributes."""
        self.letters.append((target, failed.attributes()))
        return True


class TestInvokeLater:
    """Asynchronous invocation."""

    def test_runs(self, serve: Serve, tmp_path: Path) -> None:
        """The event is accepted with its request id, and run."""
        source = """
            import pathlib
            def handler(event, context):
                pathlib.Path("seen").write_text(context.aws_request_id)
        """
        service = serve(source)
        request_id = service.invoke_later("coach", b"{}")
        service.settle()

        assert request_id == (tmp_path / "seen").read_text()

    def test_retries_then_gives_up(self, serve: Serve, tmp_path: Path) -> None:
        """Three failures of one request id end in the on-failure record and the dead letter."""
        source = """
            def handler(event, context):
                open("attempts", "a").write(context.aws_request_id + "\\n")
                raise ValueError("no luck")
        """
        letters = Letters()
        plan = Asynchronous(on_failure="arn:of:record", dead_letter="arn:of:letter")
        service = serve(source, asynchronous=plan, dead_letters=letters, retry_delays_seconds=(0.0, 0.0))

        request_id = service.invoke_later("coach", b'{"n": 1}')
        service.settle()

        assert [request_id] * 3 == (tmp_path / "attempts").read_text().split()
        attributes = {"RequestID": request_id, "ErrorCode": "200", "ErrorMessage": "no luck"}
        assert [("arn:of:letter", attributes)] == letters.letters
        [(target, record)] = letters.records
        context = {
            "requestId": request_id,
            "functionArn": "arn:aws:lambda:us-east-1:123456789012:function:coach:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        }
        assert ("arn:of:record", context, {"n": 1}) == (target, record["requestContext"], record["requestPayload"])

    def test_succeeds_at_a_retry(self, serve: Serve) -> None:
        """A retry that works ends the matter."""
        source = """
            import pathlib
            def handler(event, context):
                if not pathlib.Path("tried").exists():
                    pathlib.Path("tried").touch()
                    raise ValueError
        """
        letters = Letters()
        plan = Asynchronous(dead_letter="arn:of:letter")
        service = serve(source, asynchronous=plan, dead_letters=letters, retry_delays_seconds=(0.0, 0.0))
        service.invoke_later("coach", b"{}")
        service.settle()

        assert [] == letters.letters

    def test_abandoned(self, serve: Serve, tmp_path: Path) -> None:
        """What waits to be tried again is dropped when asked; what comes later is not."""
        source = """
            def handler(event, context):
                open("attempts", "a").write(f"{event} ")
                raise ValueError
        """
        service = serve(source, asynchronous=Asynchronous(retries=1), retry_delays_seconds=(3600.0,))
        for event in (b"1", b"2"):
            service.invoke_later("coach", event)
            service.abandon()

        assert "1 2 " == (tmp_path / "attempts").read_text()

    def test_too_old(self, serve: Serve) -> None:
        """An event that finds no room in its time is given up unseen."""
        letters = Letters()
        plan = Asynchronous(max_age_seconds=0, dead_letter="arn:of:letter")
        service = serve(ECHO, reserved_concurrency=0, asynchronous=plan, dead_letters=letters)
        request_id = service.invoke_later("coach", b"{}")
        service.settle()

        attributes = {"RequestID": request_id, "ErrorCode": "429", "ErrorMessage": "EventAgeExceeded"}
        assert [("arn:of:letter", attributes)] == letters.letters

    def test_undelivered(self) -> None:
        """What is not let in where it should have gone is told of, once for each place."""

        class Shut(Letters):
            """Takes nothing."""

            def send_record(self, target: str, failed: FailedEvent) -> bool:
                """Refuse it."""
                return False

        lost: list[str] = []
        plan = Asynchronous(retries=0, on_failure="arn:of:queue", dead_letter="arn:of:letter")
        answer = Answer(b"{}", "id", "1", "Unhandled", [])
        queue = EventQueue(Shut(), (), undelivered=lost.append)
        queue.put(QueuedEvent("arn:of:coach", "id", b"{}", plan, None, lambda: answer))
        queue.join()

        assert ["arn:of:coach"] == lost

    def test_refuses_a_large_event(self, serve: Serve) -> None:
        """A megabyte is the most an event may have."""
        with pytest.raises(RequestTooLarge, match="1048576 bytes"):
            serve(ECHO).invoke_later("coach", b'"%s"' % (b"x" * 1024 * 1024))

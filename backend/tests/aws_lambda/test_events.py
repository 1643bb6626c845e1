"""Events that mean work, not a request: tasks, arrivals, and what is neither."""

import json
from uuid import UUID

import pytest
from tests.lambda_events import arrival

from rehearsal.runtime import ExecutionEnvironment


class TestTasks:
    """Events that mean work, not a request."""

    def test_are_done(self, environment: ExecutionEnvironment) -> None:
        """By the handler registered under their name, which knows the invocation."""
        told = {"coachwork": {"task": "mirror.note", "subject_id": str(UUID(int=7))}}
        invocation = environment.invoke(json.dumps(told).encode())

        assert ("response", {"task": "mirror.note", "outcome": "done"}) == (
            invocation.outcome,
            json.loads(invocation.payload),
        )

    def test_fail_when_a_part_is_down(self, environment: ExecutionEnvironment) -> None:
        """So that Lambda tries them again."""
        told = {"coachwork": {"task": "mirror.note", "subject_id": str(UUID(int=503))}}
        invocation = environment.invoke(json.dumps(told).encode())

        assert ("error", "DatabaseUnavailable") == (invocation.outcome, json.loads(invocation.payload)["errorType"])

    @pytest.mark.parametrize(
        "told",
        [
            None,
            5,
            [],
            {},
            {"task": "made.up", "subject_id": str(UUID(int=7))},
            {"task": "mirror.note", "subject_id": "x"},
            {"task": "mirror.note", "subject_id": str(UUID(int=7)), "owner_id": "x"},
        ],
    )
    def test_of_no_meaning_are_dropped(self, environment: ExecutionEnvironment, told: object) -> None:
        """Trying again would not help."""
        invocation = environment.invoke(json.dumps({"coachwork": told}).encode())

        assert ("response", "refused") == (invocation.outcome, json.loads(invocation.payload)["outcome"])


class TestArrivals:
    """Events of S3."""

    def test_are_told(self, environment: ExecutionEnvironment) -> None:
        """To the service that waits for what its bucket is for."""
        invocation = environment.invoke(json.dumps(arrival("originals/7.pdf", bucket="papers")).encode())

        assert ("response", {"done": 1, "refused": 0, "failed": 0}) == (
            invocation.outcome,
            json.loads(invocation.payload),
        )

    def test_fail_when_a_part_is_down(self, environment: ExecutionEnvironment) -> None:
        """So that Lambda tries them again."""
        invocation = environment.invoke(json.dumps(arrival("originals/503", bucket="papers")).encode())

        assert ("error", "DatabaseUnavailable") == (invocation.outcome, json.loads(invocation.payload)["errorType"])


class TestUnknownEvents:
    """Events that are neither."""

    @pytest.mark.parametrize(
        "event",
        [
            None,
            5,
            "text",
            [],
            {},
            {"Records": [{"s3": {}}]},
            {"requestContext": {}},
            {"requestContext": 5, "version": "2.0"},
        ],
    )
    def test_are_refused(self, environment: ExecutionEnvironment, event: object) -> None:
        """The function does not fail, so Lambda does not try again."""
        invocation = environment.invoke(json.dumps(event).encode())

        assert ("response", 400) == (invocation.outcome, json.loads(invocation.payload)["statusCode"])

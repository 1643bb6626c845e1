"""`Idempotency-Key` where two copies of a request meet in two instances of a function."""

import json
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import BACKEND, TestDatabase
from tests.lambda_events import rest_api

from rehearsal.runtime import ExecutionEnvironment, Function

TIMEOUT_SECONDS = 30
Answer = dict[str, Any]


@pytest.fixture(scope="module")
def instances(environ: dict[str, str]) -> Iterator[list[ExecutionEnvironment]]:
    """Yield two execution environments of the very handler."""
    variables = {**environ, "CHROMA_PATH": "", "CHROMA_HTTP_URL": "http://127.0.0.1:9", "PYTHONPATH": "src"}
    function = Function(
        "coachwork.aws_lambda.handler", sys.executable, BACKEND, variables, timeout_seconds=TIMEOUT_SECONDS
    )
    with ExitStack() as stack:
        yield [stack.enter_context(ExecutionEnvironment(function)) for _ in range(2)]


@pytest.fixture
def caller(client: TestClient, sign_in: Callable[[TestClient], dict[str, str]]) -> dict[str, str]:
    """Return the headers of a new user with a key."""
    return {**sign_in(client), "Idempotency-Key": "one", "Content-Type": "application/json"}


def post(instance: ExecutionEnvironment, headers: dict[str, str]) -> Answer:
    """Plan a workout through an instance; return the gateway's view of the answer."""
    event = rest_api("POST", "/api/v1/workouts-db/", body='{"name":"Legs","exercises":[]}')
    event["headers"] |= headers
    event["multiValueHeaders"] |= {name: [value] for name, value in headers.items()}
    answer: Answer = json.loads(instance.invoke(json.dumps(event).encode()).payload)
    return answer


class TestTwoInstances:
    """One request, sent to both."""

    def test_at_once(self, instances: list[ExecutionEnvironment], caller: dict[str, str], client: TestClient) -> None:
        """One works, the other says so or gives its answer; there is one workout."""
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda one: post(one, caller), instances))
        assert {one["statusCode"] for one in answers} <= {201, 409}
        listed = client.get("/api/v1/workouts-db/", headers={"Authorization": caller["Authorization"]}).json()
        assert 1 == len(listed["items"])

    def test_one_after_the_other(self, instances: list[ExecutionEnvironment], caller: dict[str, str]) -> None:
        """The second gives the first one's answer."""
        first, second = (post(one, caller) for one in instances)
        assert (201, first["body"]) == (second["statusCode"], second["body"])
        assert "true" == second["headers"]["idempotent-replayed"]

    def test_how_long_a_dead_one_blocks(
        self, instances: list[ExecutionEnvironment], caller: dict[str, str], test_database: TestDatabase
    ) -> None:
        """A lock lasts as long as its invocation can, and little longer."""
        assert 201 == post(instances[0], caller)["statusCode"]
        with psycopg.connect(test_database.owner_url) as connection:
            row = connection.execute(
                "select locked_until, expires_at - interval '24 hours' from coachwork.idempotency_keys"
                " order by expires_at desc limit 1"
            ).fetchone()
        assert row is not None
        until, begun = (moment for moment in row if isinstance(moment, datetime))
        assert timedelta(seconds=5) < until - begun <= timedelta(seconds=TIMEOUT_SECONDS + 5)

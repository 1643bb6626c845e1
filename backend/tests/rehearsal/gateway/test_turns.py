"""Turns that outlast API Gateway, under AWS's own runtime client: handed over, delivered twice, killed, cancelled."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from time import sleep
from typing import Any

import httpx
import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.rehearsal.gateway.apis import DeferredInvokeApi, rest_api

from coachwork.chassis.resources import Resources
from rehearsal.functions import Alias, CodeLocation, DeployedFunction, FolderLogs, LambdaService, Version
from rehearsal.gateway import Gateway, GatewayServer, InvokeApi
from rehearsal.runtime import Credentials
from rehearsal.vendors.openai_api import OpenAIServer, running_openai
from rehearsal.vendors.openai_script import stall, tool_call

pytestmark = pytest.mark.long(seconds=20)

SOURCE = Path(__file__).parents[3] / "src"
SEND = "/api/v1/chat/send"
QUESTION = {"message": "How much protein do I need to build muscle?"}
LATER = {"Prefer": "respond-async"}
NOTING = """
    import os
    from coachwork import aws_lambda

    def handler(event, context):
        with open(os.environ["NOTES"], "a") as notes:
            notes.write(f"{'task' if 'coachwork' in event else 'request'} {os.getpid()}\\n")
        return aws_lambda.handler(event, context)
"""


@dataclass(frozen=True)
class Deployed:
    """The function behind its API, and all that a test looks at."""

    http: httpx.Client
    service: LambdaService
    openai: OpenAIServer
    notes: Path

    def settled(self, turn_id: str) -> dict[str, Any]:
        """Return the turn once nothing is under way."""
        self.service.settle()
        state: dict[str, Any] = self.http.get(f"/api/v1/chat/turns/{turn_id}").json()
        return state

    def worker(self) -> int:
        """Return the process that does a task, once the model has been asked by it."""
        while not any("response_format" in request.body for request in self.openai.requests):
            sleep(0.02)
        return int([line.split()[1] for line in self.notes.read_text().splitlines() if line.startswith("task")][-1])

    def answers(self) -> int:
        """Return how many answers the user has."""
        threads = self.http.get("/api/v1/chat/threads").json()["items"]
        return sum(len(self.http.get(f"/api/v1/chat/threads/{one['id']}").json()["items"]) for one in threads)


@pytest.fixture
def deploy(
    knowing: Resources,
    environ: dict[str, str],
    client_for: Callable[..., TestClient],
    sign_in: Callable[[TestClient], dict[str, str]],
    tmp_path: Path,
) -> Iterator[Callable[..., Deployed]]:
    """Return a function that deploys the coach, with the settings it is given, for a new user."""
    shutil.copytree(environ["CHROMA_PATH"], tmp_path / "chroma")
    (tmp_path / "noting.py").write_text(dedent(NOTING))
    with ExitStack() as stack:

        def make(reserved_concurrency: int | None = None, **settings: str) -> Deployed:
            openai = stack.enter_context(running_openai())
            invoke_api = DeferredInvokeApi()
            invoke = stack.enter_context(GatewayServer(invoke_api))
            given = {
                "CHROMA_PATH": str(tmp_path / "chroma"),
                "OPENAI_API_KEY": "sk",
                "OPENAI_BASE_URL": openai.url,
                "EMBEDDING_PROVIDER": "offline",
                "AWS_ENDPOINT_URL": invoke.url,
                "NOTES": str(tmp_path / "notes"),
                "PYTHONPATH": str(SOURCE),
            }
            version = Version(
                "noting.handler",
                environment={**environ, **given, **settings},
                memory_mb=2048,
                timeout_seconds=60,
                credentials=Credentials("test", "test", "test"),
            )
            function = DeployedFunction(
                "coach", {"1": version}, {"live": Alias("1")}, reserved_concurrency=reserved_concurrency
            )
            location = CodeLocation(Path(sys.executable), tmp_path)
            logs = FolderLogs(tmp_path / "logs")
            service = stack.enter_context(LambdaService([function], location, logs, retry_delays_seconds=(0.1, 0.1)))
            invoke_api.api = InvokeApi(service)
            front = stack.enter_context(GatewayServer(Gateway(rest_api(), service)))
            headers = sign_in(client_for(knowing))
            http = httpx.Client(base_url=f"{front.url}/production", headers=headers, timeout=60, trust_env=False)
            return Deployed(stack.enter_context(http), service, openai, tmp_path / "notes")

        yield make


@pytest.fixture
def overdue(test_database: TestDatabase) -> Callable[[str], None]:
    """Return a function that lets a turn's lease run out, as time would."""

    def run_out(turn_id: str) -> None:
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute("update open_turns set due_at = now() - interval '1 second' where id = %s", [turn_id])

    return run_out


class TestHandedOver:
    """Work that goes on after the answer."""

    def test_a_slow_model(self, deploy: Callable[..., Deployed]) -> None:
        """202 within the budget, the answer from another instance, and one model call made twice of two."""
        coach = deploy(CHAT_SYNC_BUDGET_SECONDS="6")
        coach.http.post(SEND, json={"message": "Hello"})  # a cold start is not what is tested
        coach.service.settle()
        coach.openai.requests.clear()
        coach.openai.script(tool_call("find_exercises", {"muscle": "calves"}), stall())
        response = coach.http.post(SEND, json={"message": "What trains calves?"})
        turn_id = response.json()["turn_id"]
        assert (202, f"/production/api/v1/chat/turns/{turn_id}") == (
            response.status_code,
            response.headers["location"],
        )
        state = coach.settled(turn_id)
        assert ("done", ["find_exercises"]) == (state["state"], [run["name"] for run in state["result"]["tool_runs"]])
        assert [True, False, False] == ["tools" in request.body for request in coach.openai.requests]

    def test_without_a_free_instance(self, deploy: Callable[..., Deployed]) -> None:
        """The event waits in Lambda's queue until the instance that asked is free."""
        coach = deploy(reserved_concurrency=1, CHAT_SYNC_BUDGET_SECONDS="0")
        response = coach.http.post(SEND, json=QUESTION)
        assert (202, "done") == (response.status_code, coach.settled(response.json()["turn_id"])["state"])

    def test_an_event_delivered_again(self, deploy: Callable[..., Deployed]) -> None:
        """Three more of it, at once and afterwards, change nothing: one answer, and the model is asked twice."""
        coach = deploy()
        turn_id = coach.http.post(SEND, json=QUESTION, headers=LATER).json()["turn_id"]
        event = json.dumps({"coachwork": {"task": "fitness.chat_turn", "subject_id": turn_id}}).encode()
        for _ in range(2):
            coach.service.invoke_later("coach", event, "live")
        first = coach.settled(turn_id)
        answer = coach.service.invoke("coach", event, "live")
        assert ({"task": "fitness.chat_turn", "outcome": "done"}, None) == (
            json.loads(answer.payload),
            answer.function_error,
        )
        assert (first, 1, 2) == (coach.settled(turn_id), coach.answers(), len(coach.openai.requests))

    def test_events_hold_no_text(self, deploy: Callable[..., Deployed], tmp_path: Path) -> None:
        """Neither do the logs: no question, no token."""
        coach = deploy()
        turn_id = coach.http.post(SEND, json=QUESTION, headers=LATER).json()["turn_id"]
        assert "done" == coach.settled(turn_id)["state"]
        logged = "\n".join(FolderLogs(tmp_path / "logs").read("/aws/lambda/coach"))
        token = coach.http.headers["authorization"].removeprefix("Bearer ")
        assert (False, False) == (QUESTION["message"] in logged, token in logged)
        assert '"task":"fitness.chat_turn"' in logged


class TestKilled:
    """An instance that dies in the middle."""

    def test_the_turn_fails_and_can_be_tried_again(
        self, deploy: Callable[..., Deployed], overdue: Callable[[str], None]
    ) -> None:
        """Lambda's retries find the lease unbroken; once it is, whoever reads is told, and a retry answers."""
        coach = deploy()
        coach.openai.script(tool_call("find_exercises", {"muscle": "calves"}), stall())
        turn_id = coach.http.post(SEND, json=QUESTION, headers=LATER).json()["turn_id"]
        os.kill(coach.worker(), signal.SIGKILL)
        assert "running" == coach.settled(turn_id)["state"]
        overdue(turn_id)
        state = coach.settled(turn_id)
        assert ("failed", "urn:coachwork:problem:turn-abandoned") == (state["state"], state["problem"]["type"])
        retried = coach.http.post(f"/api/v1/chat/turns/{turn_id}/retry")
        assert (200, ["find_exercises"]) == (
            retried.status_code,
            [run["name"] for run in retried.json()["tool_runs"]],
        )
        assert ([True, False, False], 1) == (
            ["tools" in request.body for request in coach.openai.requests],
            coach.answers(),
        )


class TestCancelled:
    """A turn nobody wants any more."""

    def test_while_another_instance_works_on_it(self, deploy: Callable[..., Deployed]) -> None:
        """It stops as soon as it may, and stores nothing."""
        coach = deploy(OPENAI_TIMEOUT_SECONDS="2", OPENAI_MAX_RETRIES="1")
        coach.openai.script(tool_call("find_exercises", {"muscle": "calves"}), stall())
        turn_id = coach.http.post(SEND, json=QUESTION, headers=LATER).json()["turn_id"]
        coach.worker()
        assert 200 == coach.http.post(f"/api/v1/chat/turns/{turn_id}/cancel").status_code
        assert ("cancelled", 0) == (coach.settled(turn_id)["state"], coach.answers())


class TestStream:
    """Server-sent events through Mangum."""

    def test_arrives_whole(self, deploy: Callable[..., Deployed]) -> None:
        """As text, with every event in its order."""
        response = deploy().http.post("/api/v1/chat/stream", json=QUESTION)
        events = [line.removeprefix("event: ") for line in response.text.splitlines() if line.startswith("event: ")]
        assert (200, "text/event-stream; charset=utf-8") == (response.status_code, response.headers["content-type"])
        assert ("token", "done") == (events[0], events[-1])

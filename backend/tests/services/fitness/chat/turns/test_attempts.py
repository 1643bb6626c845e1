"""Attempts at an answer: out of time, made twice, broken off, retried."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from starlette.testclient import TestClient
from tests.manual_tasks import ManualTasks
from tests.scripted_model import ScriptedModel
from tests.services.fitness.accounts import problem
from tests.services.fitness.chat.turns.standing import client_app, resources_of, turns_of
from tests.services.fitness.turn_calls import LATER, SEND, TURNS, NewCaller, asked_later, state_of

from coachwork.bootstrap import bootstrap
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import DatabaseUnavailable, ModelUnavailable
from coachwork.chassis.models import Heard, ToolCall
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.chassis.tasks import Invocation, Task
from coachwork.services.fitness.service import attempts
from rehearsal.vendors.openai_api import OpenAIServer, running_openai
from rehearsal.vendors.openai_script import answer, stall, status, tool_call

pytestmark = pytest.mark.long(seconds=25)


class TestOutOfTime:
    """A model slower than a request may wait."""

    @pytest.fixture
    def openai(self) -> Iterator[OpenAIServer]:
        """Yield a local OpenAI."""
        with running_openai() as server:
            yield server

    @pytest.fixture
    def slow_caller(
        self,
        knowing: Resources,
        environ: dict[str, str],
        openai: OpenAIServer,
        new_caller: NewCaller,
        tasks: ManualTasks,
    ) -> TestClient:
        """Return a user whose requests wait for three seconds, and whose model's SDK is loaded already."""
        changed = {
            "OPENAI_API_KEY": "sk",
            "OPENAI_BASE_URL": openai.url,
            "EMBEDDING_PROVIDER": "offline",
            "CHAT_SYNC_BUDGET_SECONDS": "3",
            "OPENAI_TIMEOUT_SECONDS": "5",
        }
        settings = Settings.load({**environ, **changed})
        client = client_app(new_caller(tasks=tasks, chat_model=bootstrap(settings).chat_model()), settings)
        client.post(SEND, json={"message": "Hello"})
        openai.requests.clear()
        return client

    def test_goes_on_from_what_is_gathered(
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: ManualTasks
    ) -> None:
        """Of two model calls only the one that was broken off is made again, and no tool runs twice."""
        openai.script(tool_call("find_exercises", {"muscle": "calves"}), stall(), answer("Raise your heels."))
        response = slow_caller.post(SEND, json={"message": "What trains calves?"})
        assert 202 == response.status_code
        tasks.run()
        result = state_of(slow_caller, response.json()["turn_id"])["result"]
        assert ("Raise your heels.", ["find_exercises"]) == (
            result["answer"],
            [run["name"] for run in result["tool_runs"]],
        )
        assert [True, False, False] == ["tools" in request.body for request in openai.requests]
        assert result["input_tokens"] > 0

    def test_a_first_step_that_is_too_slow_is_made_again(
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: ManualTasks
    ) -> None:
        """There is nothing to go on from."""
        openai.script(stall())
        response = slow_caller.post(SEND, json={"message": "What trains calves?"})
        assert 202 == response.status_code
        tasks.run()
        assert "done" == state_of(slow_caller, response.json()["turn_id"])["state"]
        assert [True, True, False] == ["tools" in request.body for request in openai.requests]

    def test_citations_survive(
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: ManualTasks, passages: list[dict[str, Any]]
    ) -> None:
        """What was retrieved in the first attempt is cited in the second, with its source."""
        openai.script(status(429, retry_after="0"), stall())
        openai.script(stall())
        response = slow_caller.post(SEND, json={"message": "How much protein do I need to build muscle?"})
        tasks.run()
        [citation] = state_of(slow_caller, response.json()["turn_id"])["result"]["citations"]
        assert citation["source"]["title"] in {passage["source"]["title"] for passage in passages}

    def test_a_failure_is_a_failure(self, slow_caller: TestClient, openai: OpenAIServer, tasks: ManualTasks) -> None:
        """A model that refuses is not asked again in the background."""
        openai.always(status(401))
        held = len(tasks.held)
        assert (503, "model-unavailable") == problem(slow_caller.post(SEND, json={"message": "How much protein?"}))
        assert held == len(tasks.held)

    def test_even_the_background_has_an_end(
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: ManualTasks
    ) -> None:
        """When Lambda's time for the function runs out first, the turn says so."""
        turn = asked_later(slow_caller)
        openai.always(stall())
        attempts.run(
            resources_of(slow_caller), Task(attempts.TASK, UUID(turn["turn_id"])), Invocation("arn", Deadline(5.5))
        )
        state = state_of(slow_caller, turn["turn_id"])
        assert ("failed", "urn:coachwork:problem:out-of-time") == (state["state"], state["problem"]["type"])


class TestDuplicates:
    """Work that is asked for twice."""

    def test_a_second_run_does_nothing(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """As when Lambda delivers an event again."""
        model = ScriptedModel()
        caller = new_caller(tasks=tasks, chat_model=model)
        turn = asked_later(caller)
        tasks.run()
        tasks.run()
        assert ["choose", "answer"] == model.asked
        assert [turn["turn_id"]] == turns_of(caller)

    def test_many_at_once_are_one(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """Of eight that begin in the same moment one works."""
        model = ScriptedModel()
        caller = new_caller(tasks=tasks, chat_model=model)
        turn = asked_later(caller)
        together = Barrier(8)

        def run() -> None:
            together.wait()
            tasks.run()

        with ThreadPoolExecutor(8) as pool:
            for done in [pool.submit(run) for _ in range(8)]:
                done.result()
        assert ["choose", "answer"] == model.asked
        assert [turn["turn_id"]] == turns_of(caller)

    def test_an_abandoned_attempt_is_taken_over(
        self, new_caller: NewCaller, tasks: ManualTasks, overdue: Callable[[str], None]
    ) -> None:
        """The first, if it was only slow, finds its answer refused; there is one answer, and the tool ran once."""
        turn: dict[str, Any] = {}

        def while_thinking(_: Heard) -> None:
            model.then = None
            overdue(turn["turn_id"])
            tasks.run()

        model = ScriptedModel(while_thinking, [ToolCall("find_exercises", {"muscle": "calves"})])
        caller = new_caller(tasks=tasks, chat_model=model)
        turn |= asked_later(caller)
        tasks.run()
        assert ["choose", "answer", "answer"] == model.asked
        assert [turn["turn_id"]] == turns_of(caller)

    def test_a_database_that_is_down_is_tried_again(self, caller: TestClient, tasks: ManualTasks) -> None:
        """The event fails, so Lambda brings it back; nothing was begun."""
        turn = asked_later(caller)
        resources = resources_of(caller)
        down = bootstrap(
            resources.settings.model_copy(update={"database_url": Settings.load(UNREACHABLE).database_url})
        )
        with pytest.raises(DatabaseUnavailable):
            attempts.run(
                replace(resources, database=down.database), Task(attempts.TASK, UUID(turn["turn_id"])), Invocation()
            )
        down.database().close()
        tasks.run()
        assert "done" == state_of(caller, turn["turn_id"])["state"]


UNREACHABLE = {
    "ENVIRONMENT": "test",
    "DATABASE_URL": "postgresql://a:b@127.0.0.1:9/c",
    "CHROMA_PATH": "/nowhere",
    "AUTH_SIGNING_KEYS": "-----BEGIN PRIVATE KEY-----",
}


class TestWhatNobodyForesaw:
    """Attempts that die of something that is no failure of ours."""

    @pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
    def test_have_failed_at_once(self, new_caller: NewCaller, tasks: ManualTasks, error: type[BaseException]) -> None:
        """The turn says so without waiting for its lease; whoever ran the attempt sees what it was."""

        def die(_: Heard) -> None:
            raise error

        caller = new_caller(tasks=tasks, chat_model=ScriptedModel(die))
        turn = asked_later(caller)
        with pytest.raises(error):
            tasks.run()
        state = state_of(caller, turn["turn_id"])
        assert ("failed", 500) == (state["state"], state["problem"]["status"])
        assert "Zero" not in str(state["problem"])


class TestRetrying:
    """POST /api/v1/chat/turns/{turn_id}/retry."""

    def test_what_failed(self, new_caller: NewCaller) -> None:
        """It is answered under the same id; what had been gathered is not gathered again."""

        def fail(_: Heard) -> None:
            model.then = None
            raise ModelUnavailable

        model = ScriptedModel(fail, [ToolCall("find_exercises", {"muscle": "calves"})])
        caller = new_caller(chat_model=model)
        assert (503, "model-unavailable") == problem(caller.post(SEND, json={"message": "What trains calves?"}))
        [failed] = caller.get(TURNS).json()["items"]
        assert ("failed", "urn:coachwork:problem:model-unavailable") == (failed["state"], failed["problem"]["type"])
        retried = caller.post(f"{TURNS}/{failed['turn_id']}/retry")
        assert (200, failed["turn_id"], "Told.") == (
            retried.status_code,
            retried.json()["turn_id"],
            retried.json()["answer"],
        )
        assert ["choose", "answer", "answer"] == model.asked
        assert ["find_exercises"] == [run["name"] for run in retried.json()["tool_runs"]]
        assert (30, 3) == (retried.json()["input_tokens"], retried.json()["output_tokens"])

    def test_later(self, caller: TestClient, tasks: ManualTasks, overdue: Callable[[str], None]) -> None:
        """Without waiting, as any other."""
        turn_id = asked_later(caller)["turn_id"]
        overdue(turn_id)
        assert 202 == caller.post(f"{TURNS}/{turn_id}/retry", headers=LATER).status_code
        tasks.run()
        assert "done" == state_of(caller, turn_id)["state"]

    def test_only_what_failed(self, caller: TestClient, tasks: ManualTasks) -> None:
        """Neither what is under way, nor what was cancelled, nor what is answered."""
        cancelled, waiting, answered = asked_later(caller), asked_later(caller), asked_later(caller)
        caller.post(f"{TURNS}/{cancelled['turn_id']}/cancel")
        tasks.run()
        found = [caller.post(f"{TURNS}/{turn['turn_id']}/retry") for turn in (cancelled, waiting, answered)]
        assert [(409, "turn-not-failed")] * 3 == [problem(one) for one in found]

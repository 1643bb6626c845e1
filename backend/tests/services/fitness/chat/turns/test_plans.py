"""What an answer that is not given leaves behind."""

from uuid import uuid4

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.manual_tasks import ManualTasks
from tests.scripted_model import ScriptedModel
from tests.services.fitness.turn_calls import SEND, TURNS, NewCaller, asked_later, threads_of

from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models import Heard, ToolCall
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks import Invocation, Task
from coachwork.services.fitness.service import attempts


class TestPlans:
    """Plans that a turn proposes."""

    BUILD = (ToolCall("build_plan", {"days_per_week": 3, "equipment": []}),)

    @pytest.mark.parametrize("how", ["cancelled", "failed"])
    def test_of_a_turn_without_an_answer(self, new_caller: NewCaller, how: str) -> None:
        """There is no draft: it would be of a conversation that never took place."""

        def end(_: Heard) -> None:
            if how == "failed":
                raise ModelUnavailable
            [turn] = caller.get(TURNS).json()["items"]
            assert 200 == caller.post(f"{TURNS}/{turn['turn_id']}/cancel").status_code

        caller = new_caller(chat_model=ScriptedModel(end, self.BUILD))
        assert 400 <= caller.post(SEND, json={"message": "Build me a plan"}).status_code
        assert [how] == [turn["state"] for turn in caller.get(TURNS).json()["items"]]
        assert [] == caller.get("/api/v1/programmes").json()["items"]

    def test_of_a_turn_that_is_tried_again(self, new_caller: NewCaller) -> None:
        """The plan that was built is stored once, under the id the turn names."""

        def fail(_: Heard) -> None:
            model.then = None
            raise ModelUnavailable

        model = ScriptedModel(fail, self.BUILD)
        caller = new_caller(chat_model=model)
        caller.post(SEND, json={"message": "Build me a plan"})
        [failed] = caller.get(TURNS).json()["items"]
        [run] = caller.post(f"{TURNS}/{failed['turn_id']}/retry").json()["tool_runs"]
        assert {"name", "arguments", "result"} == run.keys()
        assert [(run["result"]["programme_id"], "draft")] == [
            (one["id"], one["status"]) for one in caller.get("/api/v1/programmes").json()["items"]
        ]


class TestWhatRemains:
    """Of turns whose surroundings go."""

    def test_a_deleted_thread_takes_its_turns(self, caller: TestClient, tasks: ManualTasks) -> None:
        """Work on them ends without an answer."""
        thread_id = caller.post(SEND, json={"message": "How much protein?"}).json()["thread_id"]
        turn_id = asked_later(caller, thread_id=thread_id)["turn_id"]
        assert 204 == caller.delete(f"/api/v1/chat/threads/{thread_id}").status_code
        tasks.run()
        assert (404, []) == (caller.get(f"{TURNS}/{turn_id}").status_code, threads_of(caller))

    def test_a_deleted_account_is_not_acted_for(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """No model is asked on behalf of somebody who is gone."""
        model = ScriptedModel()
        caller = new_caller(tasks=tasks, chat_model=model)
        asked_later(caller)
        assert 200 == caller.delete("/api/v1/users/me").status_code
        tasks.run()
        assert [] == model.asked

    def test_claims_are_forgotten(self, caller: TestClient, tasks: ManualTasks, test_database: TestDatabase) -> None:
        """Whom a task acted for is not kept once it is done."""
        turn_id = asked_later(caller)["turn_id"]
        tasks.run()
        with psycopg.connect(test_database.owner_url) as connection:
            kept = connection.execute("select from coachwork.task_principals where subject_id = %s", [turn_id])
            assert kept.fetchone() is None

    def test_an_unknown_turn_is_nothing_to_do(self, knowing: Resources) -> None:
        """As is one whose owner is gone."""
        attempts.run(knowing, Task(attempts.TASK, uuid4()), Invocation())

"""Turns that outlast their request, over HTTP, in this process; under Lambda they are tested in tests/rehearsal."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.testclient import TestClient
from tests.manual_tasks import ManualTasks
from tests.scripted_model import ScriptedModel
from tests.services.fitness.accounts import problem
from tests.services.fitness.chat.turns.standing import client_app, principal_of, resources_of
from tests.services.fitness.turn_calls import LATER, SEND, TURNS, NewCaller, asked_later, state_of, threads_of

from coachwork.chassis.errors import TasksUnavailable
from coachwork.chassis.models import Heard
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks import Invocation, Task
from coachwork.chassis.tasks.threads import ThreadTasks


class TestLater:
    """Turns that are not waited for."""

    def test_are_accepted_and_answered(self, caller: TestClient, tasks: ManualTasks) -> None:
        """202 says where to look; once the work is done, the answer is there, in a thread, under the same id."""
        response = caller.post(SEND, json={"message": "How much protein do I need?"}, headers=LATER)
        turn_id = response.json()["turn_id"]
        assert (202, f"{TURNS}/{turn_id}", "2") == (
            response.status_code,
            response.headers["location"],
            response.headers["retry-after"],
        )
        waiting = caller.get(response.headers["location"])
        assert ("queued", "2", None) == (
            waiting.json()["state"],
            waiting.headers["retry-after"],
            waiting.json()["result"],
        )
        tasks.run()
        done = caller.get(response.headers["location"])
        assert ("done", False) == (done.json()["state"], "retry-after" in done.headers)
        result = done.json()["result"]
        assert [result] == caller.get(f"/api/v1/chat/threads/{result['thread_id']}").json()["items"]
        assert (turn_id, done.json()["question"]) == (result["turn_id"], result["question"])

    def test_a_budget_of_nothing_is_later(self, knowing: Resources, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """With a slow model an operator can have no request wait."""
        settings = knowing.settings.model_copy(update={"chat_sync_budget_seconds": 0})
        caller = new_caller(tasks=tasks)
        app = client_app(caller, settings)
        assert 202 == app.post(SEND, json={"message": "How much protein?"}).status_code

    def test_whoever_needs_help_is_answered_at_once(self, caller: TestClient) -> None:
        """Whatever they prefer."""
        response = caller.post(SEND, json={"message": "I have crushing chest pain"}, headers=LATER)
        assert (200, "medical_emergency") == (response.status_code, response.json()["safety"]["concern"])

    def test_go_on_with_their_thread(self, caller: TestClient, tasks: ManualTasks) -> None:
        """The answer comes into the thread it was asked in."""
        first = caller.post(SEND, json={"message": "How much creatine should I take?"}).json()
        turn = asked_later(caller, "Is it safe?", thread_id=first["thread_id"])
        tasks.run()
        assert first["thread_id"] == state_of(caller, turn["turn_id"])["result"]["thread_id"] == turn["thread_id"]

    def test_only_so_many_at_once(self, caller: TestClient, tasks: ManualTasks) -> None:
        """One more waits for another to end; whoever needs help does not."""
        for _ in range(5):
            asked_later(caller)
        refused = caller.post(SEND, json={"message": "How much protein?"})
        assert (429, "too-many-turns") == problem(refused)
        assert "2" == refused.headers["retry-after"]
        assert 200 == caller.post(SEND, json={"message": "I want to kill myself"}).status_code
        tasks.run()
        assert 200 == caller.post(SEND, json={"message": "How much protein?"}).status_code

    def test_nobody_to_take_it(self, new_caller: NewCaller) -> None:
        """The request fails, and so has the turn."""

        class Nobody(ManualTasks):
            def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
                raise TasksUnavailable

        caller = new_caller(tasks=Nobody())
        response = caller.post(SEND, json={"message": "How much protein?"}, headers=LATER)
        assert (503, "tasks-unavailable") == problem(response)
        [turn] = caller.get(TURNS).json()["items"]
        assert ("failed", "urn:coachwork:problem:tasks-unavailable") == (turn["state"], turn["problem"]["type"])


class TestReading:
    """GET /api/v1/chat/turns and /turns/{turn_id}."""

    def test_tells_what_is_written_so_far(self, new_caller: NewCaller) -> None:
        """While the answer grows, and until it is there."""
        seen: list[dict[str, Any]] = []

        def while_writing(heard: Heard) -> None:
            heard("Eat")
            resources = resources_of(caller)
            turn_id = turn["turn_id"]
            with resources.database().session(principal_of(caller)) as session:
                session.execute("update open_turns set partial_text = 'Eat' where id = %(id)s", {"id": turn_id})
            seen.append(state_of(caller, turn_id))

        tasks = ManualTasks()
        caller = new_caller(tasks=tasks, chat_model=ScriptedModel(while_writing))
        turn = asked_later(caller)
        tasks.run()
        assert [("running", "Eat", None)] == [(one["state"], one["partial_text"], one["result"]) for one in seen]
        assert "Told." == state_of(caller, turn["turn_id"])["partial_text"]

    def test_lists_what_has_no_answer(self, caller: TestClient, tasks: ManualTasks) -> None:
        """The newest first, page by page; what is answered is in its thread."""
        asked = [asked_later(caller, f"Question {number} about sleep")["turn_id"] for number in range(3)]
        tasks.run()
        first = caller.get(f"{TURNS}?limit=1").json()
        rest = caller.get(f"{TURNS}?cursor={first['next_cursor']}").json()
        assert [asked[1], asked[0]] == [turn["turn_id"] for turn in first["items"] + rest["items"]]

    def test_an_abandoned_turn_has_failed(self, caller: TestClient, overdue: Callable[[str], None]) -> None:
        """Whoever reads it is told, in the list too, and it stays so."""
        one, other = asked_later(caller), asked_later(caller)
        overdue(one["turn_id"])
        overdue(other["turn_id"])
        state = state_of(caller, one["turn_id"])
        assert ("failed", "urn:coachwork:problem:turn-abandoned") == (state["state"], state["problem"]["type"])
        assert ["failed", "failed"] == [turn["state"] for turn in caller.get(TURNS).json()["items"]]

    def test_nobody_elses(self, caller: TestClient, new_caller: NewCaller) -> None:
        """Somebody else's turn does not exist: to read, cancel or retry; nor to nobody."""
        turn_id, bob = asked_later(caller)["turn_id"], new_caller()
        urls = [("GET", f"{TURNS}/{turn_id}"), *[("POST", f"{TURNS}/{turn_id}/{verb}") for verb in ("cancel", "retry")]]
        assert [404] * 3 == [bob.request(method, url).status_code for method, url in urls]
        del bob.headers["authorization"]
        assert [401] * 3 == [bob.request(method, url).status_code for method, url in urls]
        assert "queued" == state_of(caller, turn_id)["state"]


class TestCancelling:
    """POST /api/v1/chat/turns/{turn_id}/cancel."""

    def test_before_it_begins(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """No model is asked any more; to cancel again changes nothing."""
        model = ScriptedModel()
        caller = new_caller(tasks=tasks, chat_model=model)
        url = f"{TURNS}/{asked_later(caller)['turn_id']}/cancel"
        answers = [caller.post(url), caller.post(url)]
        tasks.run()
        assert [(200, "cancelled")] * 2 == [(one.status_code, one.json()["state"]) for one in answers]
        assert ([], []) == (model.asked, threads_of(caller))

    def test_while_it_is_worked_on(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """The answer that comes all the same is not stored."""

        def cancel(_: Heard) -> None:
            assert 200 == caller.post(f"{TURNS}/{turn['turn_id']}/cancel").status_code

        caller = new_caller(tasks=tasks, chat_model=ScriptedModel(cancel))
        turn = asked_later(caller)
        tasks.run()
        assert ("cancelled", []) == (state_of(caller, turn["turn_id"])["state"], threads_of(caller))

    def test_while_somebody_waits_for_it(self, new_caller: NewCaller) -> None:
        """They are told."""

        def cancel(_: Heard) -> None:
            [turn] = caller.get(TURNS).json()["items"]
            assert 200 == caller.post(f"{TURNS}/{turn['turn_id']}/cancel").status_code

        caller = new_caller(chat_model=ScriptedModel(cancel))
        assert (409, "turn-stopped") == problem(caller.post(SEND, json={"message": "How much protein?"}))
        assert [] == threads_of(caller)

    def test_what_is_over(self, caller: TestClient, tasks: ManualTasks, overdue: Callable[[str], None]) -> None:
        """An answered turn, as a failed one, has nothing to cancel."""
        answered, failed = asked_later(caller), asked_later(caller)
        tasks.held[0][1](Invocation())
        overdue(failed["turn_id"])
        state_of(caller, failed["turn_id"])
        found = [caller.post(f"{TURNS}/{turn['turn_id']}/cancel") for turn in (answered, failed)]
        assert [(409, "turn-finished")] * 2 == [problem(one) for one in found]


class TestThreadsOfThisProcess:
    """The same under uvicorn, where threads do the work."""

    def test_are_answered(self, new_caller: NewCaller) -> None:
        """Without a queue in between."""
        tasks = ThreadTasks()
        caller = new_caller(tasks=tasks)
        turn = asked_later(caller)
        tasks.settle()
        assert "done" == state_of(caller, turn["turn_id"])["state"]
        assert datetime.fromisoformat(turn["created_at"]) > datetime.now(UTC) - timedelta(hours=1)

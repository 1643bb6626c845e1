"""Turns that outlast their request, over HTTP, in this process; under Lambda they are tested in tests/rehearsal."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.services.fitness.accounts import problem
from tests.services.fitness.turns_stage import (
    LATER,
    SEND,
    TURNS,
    HeldTasks,
    ToldModel,
    asked_later,
    state_of,
    threads_of,
)

from coachwork.bootstrap import bootstrap
from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import DatabaseUnavailable, ModelUnavailable, TasksUnavailable
from coachwork.chassis.models import Heard, ToolCall
from coachwork.chassis.resources import Resources
from coachwork.chassis.settings import Settings
from coachwork.chassis.tasks import Invocation, Task
from coachwork.chassis.tasks.threads import ThreadTasks
from coachwork.services.fitness.service import attempts
from rehearsal.vendors.openai_api import OpenAIServer, running_openai
from rehearsal.vendors.openai_script import answer, stall, status, tool_call

NewCaller = Callable[..., TestClient]


@pytest.fixture
def tasks() -> HeldTasks:
    """Return tasks that wait to be told."""
    return HeldTasks()


@pytest.fixture
def new_caller(
    knowing: Resources, client_for: Callable[..., TestClient], sign_in: Callable[[TestClient], dict[str, str]]
) -> NewCaller:
    """Return a maker of new users, whose coach has the parts it is given."""

    def make(**parts: Any) -> TestClient:
        client = client_for(replace(knowing, **{name: lambda part=part: part for name, part in parts.items()}))
        client.headers.update(sign_in(client))
        return client

    return make


@pytest.fixture
def caller(new_caller: NewCaller, tasks: HeldTasks) -> TestClient:
    """Return a new user of the offline coach, whose tasks wait."""
    return new_caller(tasks=tasks)


@pytest.fixture
def overdue(test_database: TestDatabase) -> Callable[[str], None]:
    """Return a function that lets a turn's lease run out, as time would."""

    def run_out(turn_id: str) -> None:
        with psycopg.connect(test_database.owner_url, autocommit=True) as connection:
            connection.execute("update open_turns set due_at = now() - interval '1 second' where id = %s", [turn_id])

    return run_out


def resources_of(client: TestClient) -> Resources:
    """Return what the client's application is made of."""
    resources: Resources = client.app.state.resources  # type: ignore[attr-defined]  # typed as any ASGI app
    return resources


class TestLater:
    """Turns that are not waited for."""

    def test_are_accepted_and_answered(self, caller: TestClient, tasks: HeldTasks) -> None:
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

    def test_a_budget_of_nothing_is_later(self, knowing: Resources, new_caller: NewCaller, tasks: HeldTasks) -> None:
        """With a slow model an operator can have no request wait."""
        settings = knowing.settings.model_copy(update={"chat_sync_budget_seconds": 0})
        caller = new_caller(tasks=tasks)
        app = client_app(caller, settings)
        assert 202 == app.post(SEND, json={"message": "How much protein?"}).status_code

    def test_whoever_needs_help_is_answered_at_once(self, caller: TestClient) -> None:
        """Whatever they prefer."""
        response = caller.post(SEND, json={"message": "I have crushing chest pain"}, headers=LATER)
        assert (200, "medical_emergency") == (response.status_code, response.json()["safety"]["concern"])

    def test_go_on_with_their_thread(self, caller: TestClient, tasks: HeldTasks) -> None:
        """The answer comes into the thread it was asked in."""
        first = caller.post(SEND, json={"message": "How much creatine should I take?"}).json()
        turn = asked_later(caller, "Is it safe?", thread_id=first["thread_id"])
        tasks.run()
        assert first["thread_id"] == state_of(caller, turn["turn_id"])["result"]["thread_id"] == turn["thread_id"]

    def test_only_so_many_at_once(self, caller: TestClient, tasks: HeldTasks) -> None:
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

        class Nobody(HeldTasks):
            def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
                raise TasksUnavailable

        caller = new_caller(tasks=Nobody())
        response = caller.post(SEND, json={"message": "How much protein?"}, headers=LATER)
        assert (503, "tasks-unavailable") == problem(response)
        [turn] = caller.get(TURNS).json()["items"]
        assert ("failed", "urn:coachwork:problem:tasks-unavailable") == (turn["state"], turn["problem"]["type"])


def client_app(client: TestClient, settings: Settings) -> TestClient:
    """Return a client like this one, of an application with other settings."""
    from coachwork.main import create_app
    from coachwork.services.registry import selected

    resources = replace(resources_of(client), settings=settings)
    other = TestClient(create_app(resources, selected(settings.coachwork_services)))
    other.headers.update(client.headers)
    return other


class TestOutOfTime:
    """A model slower than a request may wait."""

    @pytest.fixture
    def openai(self) -> Iterator[OpenAIServer]:
        """Yield a local OpenAI."""
        with running_openai() as server:
            yield server

    @pytest.fixture
    def slow_caller(
        self, knowing: Resources, environ: dict[str, str], openai: OpenAIServer, new_caller: NewCaller, tasks: HeldTasks
    ) -> TestClient:
        """Return a user whose requests wait for three seconds, and whose model's SDK is loaded already."""
        changed = {
            "OPENAI_API_KEY": "sk",
            "OPENAI_BASE_URL": openai.url,
            "EMBEDDING_PROVIDER": "offline",
            "CHAT_SYNC_BUDGET_SECONDS": "3",
        }
        settings = Settings.load({**environ, **changed})
        client = client_app(new_caller(tasks=tasks, chat_model=bootstrap(settings).chat_model()), settings)
        client.post(SEND, json={"message": "Hello"})
        openai.requests.clear()
        return client

    def test_goes_on_from_what_is_gathered(
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: HeldTasks
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
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: HeldTasks
    ) -> None:
        """There is nothing to go on from."""
        openai.script(stall())
        response = slow_caller.post(SEND, json={"message": "What trains calves?"})
        assert 202 == response.status_code
        tasks.run()
        assert "done" == state_of(slow_caller, response.json()["turn_id"])["state"]
        assert [True, True, False] == ["tools" in request.body for request in openai.requests]

    def test_citations_survive(
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: HeldTasks, passages: list[dict[str, Any]]
    ) -> None:
        """What was retrieved in the first attempt is cited in the second, with its source."""
        openai.script(status(429, retry_after="0"), stall())
        openai.script(stall())
        response = slow_caller.post(SEND, json={"message": "How much protein do I need to build muscle?"})
        tasks.run()
        [citation] = state_of(slow_caller, response.json()["turn_id"])["result"]["citations"]
        assert citation["source"]["title"] in {passage["source"]["title"] for passage in passages}

    def test_a_failure_is_a_failure(self, slow_caller: TestClient, openai: OpenAIServer, tasks: HeldTasks) -> None:
        """A model that refuses is not asked again in the background."""
        openai.always(status(401))
        held = len(tasks.held)
        assert (503, "model-unavailable") == problem(slow_caller.post(SEND, json={"message": "How much protein?"}))
        assert held == len(tasks.held)

    def test_even_the_background_has_an_end(
        self, slow_caller: TestClient, openai: OpenAIServer, tasks: HeldTasks
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

    def test_a_second_run_does_nothing(self, new_caller: NewCaller, tasks: HeldTasks) -> None:
        """As when Lambda delivers an event again."""
        model = ToldModel()
        caller = new_caller(tasks=tasks, chat_model=model)
        turn = asked_later(caller)
        tasks.run()
        tasks.run()
        assert ["choose", "answer"] == model.asked
        assert [turn["turn_id"]] == turns_of(caller)

    def test_many_at_once_are_one(self, new_caller: NewCaller, tasks: HeldTasks) -> None:
        """Of eight that begin in the same moment one works."""
        model = ToldModel()
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
        self, new_caller: NewCaller, tasks: HeldTasks, overdue: Callable[[str], None]
    ) -> None:
        """The first, if it was only slow, finds its answer refused; there is one answer, and the tool ran once."""
        turn: dict[str, Any] = {}

        def while_thinking(_: Heard) -> None:
            model.then = None
            overdue(turn["turn_id"])
            tasks.run()

        model = ToldModel(while_thinking, [ToolCall("find_exercises", {"muscle": "calves"})])
        caller = new_caller(tasks=tasks, chat_model=model)
        turn |= asked_later(caller)
        tasks.run()
        assert ["choose", "answer", "answer"] == model.asked
        assert [turn["turn_id"]] == turns_of(caller)

    def test_a_database_that_is_down_is_tried_again(self, caller: TestClient, tasks: HeldTasks) -> None:
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


def turns_of(client: TestClient) -> list[str]:
    """Return the ids of all answers in all threads."""
    found = [client.get(f"/api/v1/chat/threads/{thread['id']}").json()["items"] for thread in threads_of(client)]
    return [turn["turn_id"] for turns in found for turn in turns]


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

        tasks = HeldTasks()
        caller = new_caller(tasks=tasks, chat_model=ToldModel(while_writing))
        turn = asked_later(caller)
        tasks.run()
        assert [("running", "Eat", None)] == [(one["state"], one["partial_text"], one["result"]) for one in seen]
        assert "Told." == state_of(caller, turn["turn_id"])["partial_text"]

    def test_lists_what_has_no_answer(self, caller: TestClient, tasks: HeldTasks) -> None:
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


def principal_of(client: TestClient) -> Any:
    """Return whom the client acts for."""
    token = str(client.headers["authorization"]).removeprefix("Bearer ")
    return resources_of(client).token_verifier().verify(token)


class TestCancelling:
    """POST /api/v1/chat/turns/{turn_id}/cancel."""

    def test_before_it_begins(self, new_caller: NewCaller, tasks: HeldTasks) -> None:
        """No model is asked any more; to cancel again changes nothing."""
        model = ToldModel()
        caller = new_caller(tasks=tasks, chat_model=model)
        url = f"{TURNS}/{asked_later(caller)['turn_id']}/cancel"
        answers = [caller.post(url), caller.post(url)]
        tasks.run()
        assert [(200, "cancelled")] * 2 == [(one.status_code, one.json()["state"]) for one in answers]
        assert ([], []) == (model.asked, threads_of(caller))

    def test_while_it_is_worked_on(self, new_caller: NewCaller, tasks: HeldTasks) -> None:
        """The answer that comes all the same is not stored."""

        def cancel(_: Heard) -> None:
            assert 200 == caller.post(f"{TURNS}/{turn['turn_id']}/cancel").status_code

        caller = new_caller(tasks=tasks, chat_model=ToldModel(cancel))
        turn = asked_later(caller)
        tasks.run()
        assert ("cancelled", []) == (state_of(caller, turn["turn_id"])["state"], threads_of(caller))

    def test_while_somebody_waits_for_it(self, new_caller: NewCaller) -> None:
        """They are told."""

        def cancel(_: Heard) -> None:
            [turn] = caller.get(TURNS).json()["items"]
            assert 200 == caller.post(f"{TURNS}/{turn['turn_id']}/cancel").status_code

        caller = new_caller(chat_model=ToldModel(cancel))
        assert (409, "turn-stopped") == problem(caller.post(SEND, json={"message": "How much protein?"}))
        assert [] == threads_of(caller)

    def test_what_is_over(self, caller: TestClient, tasks: HeldTasks, overdue: Callable[[str], None]) -> None:
        """An answered turn, as a failed one, has nothing to cancel."""
        answered, failed = asked_later(caller), asked_later(caller)
        tasks.held[0][1](Invocation())
        overdue(failed["turn_id"])
        state_of(caller, failed["turn_id"])
        found = [caller.post(f"{TURNS}/{turn['turn_id']}/cancel") for turn in (answered, failed)]
        assert [(409, "turn-finished")] * 2 == [problem(one) for one in found]


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

        caller = new_caller(chat_model=ToldModel(end, self.BUILD))
        assert 400 <= caller.post(SEND, json={"message": "Build me a plan"}).status_code
        assert [how] == [turn["state"] for turn in caller.get(TURNS).json()["items"]]
        assert [] == caller.get("/api/v1/programmes").json()["items"]

    def test_of_a_turn_that_is_tried_again(self, new_caller: NewCaller) -> None:
        """The plan that was built is stored once, under the id the turn names."""

        def fail(_: Heard) -> None:
            model.then = None
            raise ModelUnavailable

        model = ToldModel(fail, self.BUILD)
        caller = new_caller(chat_model=model)
        caller.post(SEND, json={"message": "Build me a plan"})
        [failed] = caller.get(TURNS).json()["items"]
        [run] = caller.post(f"{TURNS}/{failed['turn_id']}/retry").json()["tool_runs"]
        assert {"name", "arguments", "result"} == run.keys()
        assert [(run["result"]["programme_id"], "draft")] == [
            (one["id"], one["status"]) for one in caller.get("/api/v1/programmes").json()["items"]
        ]


class TestWhatNobodyForesaw:
    """Attempts that die of something that is no failure of ours."""

    @pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
    def test_have_failed_at_once(self, new_caller: NewCaller, tasks: HeldTasks, error: type[BaseException]) -> None:
        """The turn says so without waiting for its lease; whoever ran the attempt sees what it was."""

        def die(_: Heard) -> None:
            raise error

        caller = new_caller(tasks=tasks, chat_model=ToldModel(die))
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

        model = ToldModel(fail, [ToolCall("find_exercises", {"muscle": "calves"})])
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

    def test_later(self, caller: TestClient, tasks: HeldTasks, overdue: Callable[[str], None]) -> None:
        """Without waiting, as any other."""
        turn_id = asked_later(caller)["turn_id"]
        overdue(turn_id)
        assert 202 == caller.post(f"{TURNS}/{turn_id}/retry", headers=LATER).status_code
        tasks.run()
        assert "done" == state_of(caller, turn_id)["state"]

    def test_only_what_failed(self, caller: TestClient, tasks: HeldTasks) -> None:
        """Neither what is under way, nor what was cancelled, nor what is answered."""
        cancelled, waiting, answered = asked_later(caller), asked_later(caller), asked_later(caller)
        caller.post(f"{TURNS}/{cancelled['turn_id']}/cancel")
        tasks.run()
        found = [caller.post(f"{TURNS}/{turn['turn_id']}/retry") for turn in (cancelled, waiting, answered)]
        assert [(409, "turn-not-failed")] * 3 == [problem(one) for one in found]


class TestWhatRemains:
    """Of turns whose surroundings go."""

    def test_a_deleted_thread_takes_its_turns(self, caller: TestClient, tasks: HeldTasks) -> None:
        """Work on them ends without an answer."""
        thread_id = caller.post(SEND, json={"message": "How much protein?"}).json()["thread_id"]
        turn_id = asked_later(caller, thread_id=thread_id)["turn_id"]
        assert 204 == caller.delete(f"/api/v1/chat/threads/{thread_id}").status_code
        tasks.run()
        assert (404, []) == (caller.get(f"{TURNS}/{turn_id}").status_code, threads_of(caller))

    def test_a_deleted_account_is_not_acted_for(self, new_caller: NewCaller, tasks: HeldTasks) -> None:
        """No model is asked on behalf of somebody who is gone."""
        model = ToldModel()
        caller = new_caller(tasks=tasks, chat_model=model)
        asked_later(caller)
        assert 200 == caller.delete("/api/v1/users/me").status_code
        tasks.run()
        assert [] == model.asked

    def test_claims_are_forgotten(self, caller: TestClient, tasks: HeldTasks, test_database: TestDatabase) -> None:
        """Whom a task acted for is not kept once it is done."""
        turn_id = asked_later(caller)["turn_id"]
        tasks.run()
        with psycopg.connect(test_database.owner_url) as connection:
            kept = connection.execute("select from coachwork.task_principals where subject_id = %s", [turn_id])
            assert kept.fetchone() is None

    def test_an_unknown_turn_is_nothing_to_do(self, knowing: Resources) -> None:
        """As is one whose owner is gone."""
        attempts.run(knowing, Task(attempts.TASK, uuid4()), Invocation())


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

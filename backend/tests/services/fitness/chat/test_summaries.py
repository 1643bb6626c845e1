"""Long conversations, over HTTP: what is summarised when, and what becomes of it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient
from tests.conftest import TestDatabase
from tests.manual_tasks import ManualTasks
from tests.scripted_model import ScriptedModel
from tests.services.fitness.turn_calls import SEND, NewCaller

from coachwork.chassis.deadline import Deadline
from coachwork.chassis.errors import ModelUnavailable, TasksUnavailable
from coachwork.chassis.models import Answer, ChatRequest, Heard
from coachwork.chassis.tasks import Invocation, Task
from coachwork.services.fitness.domain.summaries import DUE_TURNS, KEPT_TURNS, MOST_CHARACTERS, extract

Json = dict[str, Any]
SUMMARISE = "You keep the notes"


@dataclass
class NotingModel(ScriptedModel):
    """Notes each request it answers; writes summaries of its own, or does what `instead` does."""

    requests: list[ChatRequest] = field(default_factory=list)
    instead: Callable[[], None] | None = None

    def answer(self, request: ChatRequest, *, deadline: Deadline | None = None, heard: Heard | None = None) -> Answer:
        """Note it, and answer."""
        self.requests.append(request)
        answer = super().answer(request, deadline=deadline, heard=heard)
        if not request.messages[0].content.startswith(SUMMARISE):
            return answer
        if self.instead:
            self.instead()
        return replace(answer, text=f"Summary {len(self.summaries)}.")

    @property
    def summaries(self) -> list[ChatRequest]:
        """Those that asked for a summary."""
        return [one for one in self.requests if one.messages[0].content.startswith(SUMMARISE)]


@pytest.fixture
def tasks() -> ManualTasks:
    """Return tasks that wait to be told."""
    return ManualTasks()


@pytest.fixture
def new_caller(new_caller: NewCaller, tasks: ManualTasks) -> NewCaller:
    """Return a maker of new users whose tasks wait."""
    return partial(new_caller, tasks=tasks)


def talk(client: TestClient, turns: int, thread_id: str | None = None, about: str = "rest") -> str:
    """Take as many turns, in a new thread or the one that is given; return its id."""
    for number in range(turns):
        body = {"message": f"How long is number {number} of {about}?", "thread_id": thread_id}
        answer = client.post(SEND, json={name: value for name, value in body.items() if value})
        assert 200 == answer.status_code, answer.text
        thread_id = answer.json()["thread_id"]
    assert thread_id is not None
    return thread_id


def thread(client: TestClient, thread_id: str) -> Json:
    """Return a thread as it is shown."""
    found: Json = client.get(f"/api/v1/chat/threads/{thread_id}").json()["thread"]
    return found


class TestWhen:
    """The turn after which a thread is summarised."""

    def test_a_short_thread_is_not(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """The coach reads all of it; nothing is begun and nothing is shown."""
        caller = new_caller()
        thread_id = talk(caller, DUE_TURNS - 1)
        assert ([], None, 0) == (tasks.held, *(thread(caller, thread_id)[key] for key in SHOWN))

    def test_a_longer_one_is_and_again(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """The answer does not wait for it; each summary is made of the one before and the turns since."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, DUE_TURNS)
        assert ([], "fitness.thread_summary") == (model.summaries, tasks.held[-1][0].name)
        tasks.run()
        assert ("Summary 1.", 2) == tuple(thread(caller, thread_id)[key] for key in SHOWN)
        talk(caller, 2, thread_id, "sleep")
        tasks.run()
        assert ("Summary 2.", 4) == tuple(thread(caller, thread_id)[key] for key in SHOWN)
        told = model.summaries[-1].messages[-1].content
        assert "<summary>\nSummary 1.\n</summary>" in told
        assert ["number 2 of rest", "number 3 of rest"] == [
            name for name in (f"number {number} of rest" for number in range(6)) if name in told
        ]

    def test_the_coach_reads_it(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """As data, before the turns that are not in it."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, DUE_TURNS)
        tasks.run()
        talk(caller, 1, thread_id)
        _, first, *rest = model.requests[-1].messages
        assert first.content.startswith("<summary>\nSummary 1.\n</summary>\n<earlier>\nHow long is number 2 of rest?")
        assert ["user", "assistant"] * KEPT_TURNS + ["user"] == [one.role for one in (first, *rest)]

    def test_while_it_lags_behind_more_is_read(self, new_caller: NewCaller) -> None:
        """No turn is missing because nobody made the summary yet."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        talk(caller, DUE_TURNS + 2)
        assert 2 * (DUE_TURNS + 1) + 2 == len(model.requests[-1].messages)

    def test_a_new_version(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """Who had the thread before has another ETag; it does not count as used."""
        caller = new_caller()
        thread_id = talk(caller, DUE_TURNS)
        before = caller.get(f"/api/v1/chat/threads/{thread_id}")
        tasks.run()
        after = caller.get(f"/api/v1/chat/threads/{thread_id}")
        assert before.headers["etag"] != after.headers["etag"]
        assert before.json()["thread"]["updated_at"] == after.json()["thread"]["updated_at"]


SHOWN = ("summary", "summarised_turns")


class TestWhatGoesWrong:
    """Summaries that cannot be made."""

    def test_nobody_takes_it(self, new_caller: NewCaller) -> None:
        """The answer is there all the same."""

        class Nobody(ManualTasks):
            def start(self, task: Task, invocation: Invocation, run: Callable[[Invocation], None]) -> None:
                raise TasksUnavailable

        caller = new_caller(tasks=Nobody())
        assert 0 == thread(caller, talk(caller, DUE_TURNS + 1))["summarised_turns"]

    def test_a_model_that_is_down(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """The next answer tries again, with all that is due by then."""

        def fail() -> None:
            model.instead = None
            raise ModelUnavailable

        model = NotingModel(instead=fail)
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, DUE_TURNS)
        tasks.run()
        assert 0 == thread(caller, thread_id)["summarised_turns"]
        talk(caller, 1, thread_id)
        tasks.run()
        assert 3 == thread(caller, thread_id)["summarised_turns"]

    def test_no_tokens_are_left(self, new_caller: NewCaller, tasks: ManualTasks, test_database: TestDatabase) -> None:
        """It is paid for as any call: without tokens no model is asked."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, DUE_TURNS)
        with psycopg.connect(test_database.owner_url) as connection:
            connection.execute(
                "update coachwork.token_usage set input_tokens = 10 ^ 9 where user_id = %s",
                [caller.get("/api/v1/users/me").json()["id"]],
            )
        tasks.run()
        assert ([], 0) == (model.summaries, thread(caller, thread_id)["summarised_turns"])

    def test_an_event_that_comes_twice(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """Is one summary."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, DUE_TURNS)
        tasks.run()
        tasks.run()
        assert (1, 2) == (len(model.summaries), thread(caller, thread_id)["summarised_turns"])

    def test_a_thread_that_is_deleted_meanwhile(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """There is nothing left to summarise, and nothing is."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        url = f"/api/v1/chat/threads/{talk(caller, DUE_TURNS)}"
        assert 204 == caller.delete(url).status_code
        tasks.run()
        assert ([], 404) == (model.summaries, caller.get(url).status_code)


class TestForgetting:
    """Summaries of what is no longer there."""

    @pytest.fixture
    def forget_first_turn(self, test_database: TestDatabase) -> Callable[[str], None]:
        """Return a function that deletes a thread's first turn."""

        def forget(thread_id: str) -> None:
            with psycopg.connect(test_database.owner_url) as connection:
                connection.execute(
                    "delete from chat_turns where id = (select id from chat_turns where thread_id = %s"
                    " order by created_at limit 1)",
                    [UUID(thread_id)],
                )

        return forget

    def test_goes_with_a_turn(
        self, new_caller: NewCaller, tasks: ManualTasks, forget_first_turn: Callable[[str], None]
    ) -> None:
        """The next is made anew of the turns that are left."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, DUE_TURNS)
        tasks.run()
        forget_first_turn(thread_id)
        assert (None, 0) == tuple(thread(caller, thread_id)[key] for key in SHOWN)
        talk(caller, 1, thread_id)
        tasks.run()
        assert 2 == thread(caller, thread_id)["summarised_turns"]
        told = model.summaries[-1].messages[-1].content
        assert ("number 0 of rest" in told, "<summary>" in told) == (False, False)

    def test_a_turn_that_goes_while_it_is_written(
        self, new_caller: NewCaller, tasks: ManualTasks, forget_first_turn: Callable[[str], None]
    ) -> None:
        """What tells of it is not stored."""
        model = NotingModel(instead=lambda: forget_first_turn(thread_id))
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, DUE_TURNS)
        tasks.run()
        assert "number 0 of rest" in model.summaries[-1].messages[-1].content
        assert (None, 0) == tuple(thread(caller, thread_id)[key] for key in SHOWN)

    def test_what_the_safety_screen_answered(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """Is in no summary, though it counts as a turn."""
        model = NotingModel()
        caller = new_caller(chat_model=model)
        thread_id = talk(caller, 1)
        caller.post(SEND, json={"message": "I want to kill myself", "thread_id": thread_id})
        talk(caller, DUE_TURNS - 2, thread_id)
        tasks.run()
        assert 2 == thread(caller, thread_id)["summarised_turns"]
        assert "kill" not in model.summaries[-1].messages[-1].content


class TestOffline:
    """Without a model."""

    def test_is_an_extract_that_says_so(self, new_caller: NewCaller, tasks: ManualTasks) -> None:
        """It quotes what was asked and answered."""
        caller = new_caller()
        thread_id = talk(caller, DUE_TURNS)
        tasks.run()
        head, first, second = thread(caller, thread_id)["summary"].splitlines()
        assert "offline stand-in" in head
        assert first.startswith("- Asked: “How long is number 0 of rest?” Told: “")
        assert second.startswith("- Asked: “How long is number 1 of rest?” Told: “")

    @given(st.lists(st.tuples(st.text(max_size=400), st.text(max_size=400)), min_size=1, max_size=40))
    def test_is_never_too_long(self, turns: list[tuple[str, str]]) -> None:
        """However much was said; what was said last is in it, and at once or bit by bit it is the same."""
        at_once = extract("", turns)
        bit_by_bit = ""
        for turn in turns:
            bit_by_bit = extract(bit_by_bit, [turn])
        assert at_once == bit_by_bit
        assert len(at_once) <= MOST_CHARACTERS
        assert at_once.splitlines()[-1] == extract("", turns[-1:]).splitlines()[-1]

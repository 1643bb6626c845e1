"""Questions that outlast their request: handed over, cancelled, tried again, and never answered twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from starlette.testclient import TestClient
from tests.manual_tasks import ManualTasks
from tests.services.knowledge.chat.questions import (
    CHAT,
    LATER,
    LEASE,
    THREADS,
    TURNS,
    ToldModel,
    answering,
    ask_later,
    given_document,
    state_of,
)

from coachwork.chassis.documents import Key, Table, Update
from coachwork.chassis.errors import ModelUnavailable, OutOfTime
from coachwork.chassis.ids import uuid7
from coachwork.chassis.models import Answer, ChatRequest, Heard
from coachwork.chassis.resources import Resources
from coachwork.chassis.tasks import Invocation
from coachwork.services.knowledge.service.turns import turns_in

NewCaller = Callable[..., TestClient]
QUESTION = "With how much notice may I end the lease?"


@pytest.fixture
def tasks() -> ManualTasks:
    """Return tasks that wait to be told."""
    return ManualTasks()


@pytest.fixture
def asked(owner_id: UUID, document_resources: Resources) -> Resources:
    """Return the resources, a lease being among the owner's documents."""
    given_document(document_resources, owner_id, "lease.pdf", LEASE)
    return document_resources


def _refused(client: TestClient, path: str) -> tuple[int, str]:
    response = client.post(path)
    return response.status_code, response.json()["type"].removeprefix("urn:coachwork:problem:")


class TestLater:
    """202 and where to look."""

    def test_it_is_answered_when_the_task_is_done(
        self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks
    ) -> None:
        """Queued at first, then done, with the answer in a thread of its own."""
        client = new_caller(answering(asked, ToldModel(), tasks=tasks))
        response = client.post(CHAT, json={"message": QUESTION}, headers=LATER)
        turn_id = response.json()["turn_id"]
        assert (202, f"{TURNS}/{turn_id}", "queued") == (
            response.status_code,
            response.headers["Location"],
            response.json()["state"],
        )
        tasks.run()
        done = state_of(client, turn_id)
        assert ("done", "Told [1].") == (done["state"], done["result"]["answer"])
        assert done["thread_id"] == client.get(THREADS).json()["items"][0]["id"]

    def test_a_task_that_comes_twice_answers_once(
        self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks
    ) -> None:
        """Lambda may invoke more than once."""
        model = ToldModel()
        client = new_caller(answering(asked, model, tasks=tasks))
        thread_id = None
        ask_later(client, QUESTION)
        tasks.run()
        tasks.run()
        thread_id = client.get(THREADS).json()["items"][0]["id"]
        assert 1 == len(model.asked)
        assert 1 == len(client.get(f"{THREADS}/{thread_id}").json()["items"])

    def test_what_takes_too_long_is_handed_over(
        self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks
    ) -> None:
        """The request says 202, and the task begins anew."""
        late = iter([True])

        def says(request: ChatRequest) -> Answer:
            if next(late, False):
                raise OutOfTime
            return Answer("Three months [1].", ["p1"])

        client = new_caller(answering(asked, ToldModel(says), tasks=tasks))
        response = client.post(CHAT, json={"message": QUESTION})
        assert (202, "queued") == (response.status_code, response.json()["state"])
        tasks.run()
        assert "Three months [1]." == state_of(client, response.json()["turn_id"])["result"]["answer"]

    def test_what_is_written_can_be_read(self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks) -> None:
        """Whoever looks while it is written sees how far it is."""
        seen: list[str] = []

        def then(heard: Heard) -> None:
            from time import sleep

            sleep(1.1)  # a sign of life is given once a second
            heard("Three mon")
            seen.append(state_of(client, turn_id)["partial_text"])

        client = new_caller(answering(asked, ToldModel(then=then), tasks=tasks))
        turn_id = ask_later(client, QUESTION)["turn_id"]
        tasks.run()
        assert ["Three mon"] == seen

    def test_abandoned_ones_hide_no_other(
        self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks, owner_id: UUID
    ) -> None:
        """However many broke off, those under way are counted."""
        turns, client = turns_in(asked), new_caller(answering(asked, ToldModel(), tasks=tasks))
        first = ask_later(client, QUESTION)
        abandoned = turns.find(owner_id, UUID(first["turn_id"]), datetime.now(UTC))
        assert abandoned
        for _ in range(50):
            turns.begin(owner_id, replace(abandoned, turn_id=uuid7(), due_at=datetime.now(UTC)))
        for _ in range(4):
            ask_later(client, QUESTION)
        assert 429 == client.post(CHAT, json={"message": QUESTION}, headers=LATER).status_code

    def test_more_than_five_at_once_are_refused(
        self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks
    ) -> None:
        """A 429 that says when to come back."""
        client = new_caller(answering(asked, ToldModel(), tasks=tasks))
        for _ in range(5):
            ask_later(client, QUESTION)
        response = client.post(CHAT, json={"message": QUESTION}, headers=LATER)
        assert (429, "2") == (response.status_code, response.headers["Retry-After"])


class TestCancel:
    """POST .../turns/{id}/cancel."""

    def test_its_answer_is_not_stored(self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks) -> None:
        """A task that comes for it does nothing."""
        model = ToldModel()
        client = new_caller(answering(asked, model, tasks=tasks))
        turn_id = ask_later(client, QUESTION)["turn_id"]
        assert "cancelled" == client.post(f"{TURNS}/{turn_id}/cancel").json()["state"]
        tasks.run()
        assert [] == model.asked
        assert [] == client.get(THREADS).json()["items"]

    def test_while_it_is_answered(self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks) -> None:
        """Whatever the model says then is lost."""
        client = new_caller(
            answering(asked, ToldModel(then=lambda heard: client.post(f"{TURNS}/{turn_id}/cancel")), tasks=tasks)
        )
        turn_id = ask_later(client, QUESTION)["turn_id"]
        tasks.run()
        assert ("cancelled", None) == (state_of(client, turn_id)["state"], state_of(client, turn_id)["result"])
        assert [] == client.get(THREADS).json()["items"]

    def test_what_is_done_cannot_be(self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks) -> None:
        """A 409."""
        client = new_caller(answering(asked, ToldModel(), tasks=tasks))
        turn_id = ask_later(client, QUESTION)["turn_id"]
        tasks.run()
        assert (409, "turn-finished") == _refused(client, f"{TURNS}/{turn_id}/cancel")


class TestRetry:
    """POST .../turns/{id}/retry."""

    def test_what_failed_is_answered(self, new_caller: NewCaller, asked: Resources) -> None:
        """It says why it failed, and is the same turn afterwards."""
        broken = iter([True])

        def says(request: ChatRequest) -> Answer:
            if next(broken, False):
                raise ModelUnavailable
            return Answer("Three months [1].", ["p1"])

        client = new_caller(answering(asked, ToldModel(says)))
        failed = client.post(CHAT, json={"message": QUESTION})
        assert 503 == failed.status_code
        turn_id = client.get(TURNS).json()["items"][0]["turn_id"]
        state = state_of(client, turn_id)
        assert ("failed", 503) == (state["state"], state["problem"]["status"])
        again = client.post(f"{TURNS}/{turn_id}/retry")
        assert ("Three months [1].", turn_id) == (again.json()["answer"], again.json()["turn_id"])

    def test_what_has_not_failed_is_not(self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks) -> None:
        """A 409."""
        client = new_caller(answering(asked, ToldModel(), tasks=tasks))
        turn_id = ask_later(client, QUESTION)["turn_id"]
        assert (409, "turn-not-failed") == _refused(client, f"{TURNS}/{turn_id}/retry")

    def test_an_abandoned_one_has_failed(
        self,
        new_caller: NewCaller,
        asked: Resources,
        tasks: ManualTasks,
        tables: Callable[[str], Table],
        owner_id: UUID,
    ) -> None:
        """Who reads it after its time is told, and may try again."""
        client = new_caller(answering(asked, ToldModel(), tasks=tasks))
        turn_id = ask_later(client, QUESTION)["turn_id"]
        past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        tables("chat-history").write(Update(Key(f"OWNER#{owner_id}", f"OPEN#{turn_id}"), set={"due_at": past}))
        assert "urn:coachwork:problem:turn-abandoned" == state_of(client, turn_id)["problem"]["type"]
        assert "Told [1]." == client.post(f"{TURNS}/{turn_id}/retry").json()["answer"]


class TestSomebodyElses:
    """Whose turn it is."""

    def test_is_not_there(
        self, new_caller: NewCaller, asked: Resources, tasks: ManualTasks, client_for: Any, sign_in: Any
    ) -> None:
        """To anybody else there is no such turn."""
        client = new_caller(answering(asked, ToldModel(), tasks=tasks))
        turn_id = ask_later(client, QUESTION)["turn_id"]
        other = client_for(asked)
        other.headers.update(sign_in(other))
        assert 404 == other.get(f"{TURNS}/{turn_id}").status_code
        assert (404, "turn-not-found") == _refused(other, f"{TURNS}/{turn_id}/cancel")
        assert (404, "turn-not-found") == _refused(other, f"{TURNS}/{uuid4()}/retry")


class TestTask:
    """What arrives as an event."""

    def test_that_names_nobody_is_dropped(self, asked: Resources) -> None:
        """An event without an owner is none of ours."""
        from coachwork.chassis.tasks import Task
        from coachwork.services.knowledge.service.attempts import TASK, run

        assert run(asked, Task(TASK, uuid4()), Invocation()) is None

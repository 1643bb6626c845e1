"""Answers heard as they are written: server-sent events over HTTP, from uvicorn where hanging up matters."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient
from tests.manual_tasks import ManualTasks
from tests.scripted_model import ScriptedModel
from tests.services.fitness.accounts import problem
from tests.services.fitness.turn_calls import TURNS, NewCaller, state_of, threads_of
from tests.uvicorn_server import serving

from coachwork.bootstrap import bootstrap
from coachwork.chassis.errors import ModelUnavailable
from coachwork.chassis.models import Heard, ToolCall
from coachwork.chassis.settings import Settings
from rehearsal.vendors.openai_api import OpenAIServer, running_openai
from rehearsal.vendors.openai_script import answer, cut, tool_call

STREAM = "/api/v1/chat/stream"
QUESTION = {"message": "How much protein do I need to build muscle?"}


@dataclass(frozen=True)
class SentEvent:
    """An event as it came."""

    id: str
    event: str
    data: dict[str, Any]


def events_of(body: str) -> list[SentEvent]:
    """Parse a whole stream; comments are none."""
    found = []
    for block in body.split("\n\n")[:-1]:
        lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
        if lines:
            found.append(SentEvent(lines["id"], lines["event"], json.loads(lines["data"])))
    return found


@pytest.fixture
def openai() -> Iterator[OpenAIServer]:
    """Yield a local OpenAI."""
    with running_openai() as server:
        yield server


@pytest.fixture
def openai_caller(environ: dict[str, str], openai: OpenAIServer, new_caller: NewCaller) -> TestClient:
    """Return a new user, whose coach asks the local OpenAI."""
    changed = {"OPENAI_API_KEY": "sk", "OPENAI_BASE_URL": openai.url, "EMBEDDING_PROVIDER": "offline"}
    return new_caller(chat_model=bootstrap(Settings.load({**environ, **changed})).chat_model())


@contextmanager
def served(client: TestClient) -> Iterator[httpx.Client]:
    """Yield a client of the same application and user, behind uvicorn."""
    with (
        serving(client.app) as url,
        httpx.Client(base_url=url, headers=dict(client.headers), trust_env=False, timeout=30) as http,
    ):
        yield http


class TestStream:
    """POST /api/v1/chat/stream."""

    def test_is_the_answer_piece_by_piece(self, new_caller: NewCaller) -> None:
        """Tokens, then the citations, then the turn as it is kept; every event has its own id."""
        caller = new_caller()
        response = caller.post(STREAM, json=QUESTION)
        events = events_of(response.text)
        done = events[-1].data
        assert ("text/event-stream; charset=utf-8", f"{TURNS}/{done['turn_id']}") == (
            response.headers["content-type"],
            response.headers["location"],
        )
        assert [f"{done['turn_id']}/{number}" for number in range(1, len(events) + 1)] == [one.id for one in events]
        assert done["answer"] == "".join(one.data["text"] for one in events if one.event == "token")
        assert done["citations"] == [one.data for one in events if one.event == "citation"]
        assert [done] == caller.get(f"/api/v1/chat/threads/{done['thread_id']}").json()["items"]

    def test_tells_of_tools(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """With what they found, before the answer; a model's words come as it writes them."""
        openai.script(tool_call("find_exercises", {"muscle": "calves"}), answer("Raise your heels."))
        events = events_of(openai_caller.post(STREAM, json={"message": "What trains calves?"}).text)
        assert ["tool", "token", "token", "token", "done"] == [one.event for one in events]
        assert ("find_exercises", ["Raise", " your", " heels."]) == (
            events[0].data["name"],
            [one.data["text"] for one in events[1:4]],
        )

    def test_says_when_the_answer_begins_anew(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """As after a connection that broke in the middle, and for markers that are numbered otherwise."""
        openai.script(tool_call("find_exercises", {}), cut(), answer("Rest well [made-up]."))
        events = events_of(openai_caller.post(STREAM, json=QUESTION).text)
        whole = ""
        for one in events:
            if one.event == "token":
                whole = one.data["text"] if one.data["begins_anew"] else whole + one.data["text"]
        assert events[-1].data["answer"] == whole
        assert any(one.data.get("begins_anew") for one in events)

    def test_a_safe_answer_is_told_too(self, openai_caller: TestClient, openai: OpenAIServer) -> None:
        """At once, and no model is asked."""
        events = events_of(openai_caller.post(STREAM, json={"message": "I have crushing chest pain"}).text)
        assert ["token", "done"] == [one.event for one in events]
        assert ("medical_emergency", []) == (events[-1].data["safety"]["concern"], openai.requests)

    def test_a_failure_is_an_event(self, new_caller: NewCaller) -> None:
        """A problem like any other; the turn has failed and can be tried again."""

        def fail(_: Heard) -> None:
            raise ModelUnavailable

        caller = new_caller(chat_model=ScriptedModel(fail))
        response = caller.post(STREAM, json=QUESTION)
        [event] = events_of(response.text)
        assert ("error", "urn:coachwork:problem:model-unavailable") == (event.event, event.data["type"])
        assert response.headers["x-request-id"] == event.data["instance"]
        assert "failed" == state_of(caller, response.headers["location"].rpartition("/")[2])["state"]

    def test_the_unexpected_is_an_event(self, new_caller: NewCaller) -> None:
        """Which says nothing of what it was."""

        def break_down(_: Heard) -> None:
            raise ZeroDivisionError("secret")

        caller = new_caller(chat_model=ScriptedModel(break_down))
        response = caller.post(STREAM, json=QUESTION)
        [event] = events_of(response.text)
        assert ("error", 500, False) == (event.event, event.data["status"], "secret" in response.text)
        assert "failed" == state_of(caller, response.headers["location"].rpartition("/")[2])["state"]

    def test_what_is_refused_is_no_stream(self, new_caller: NewCaller) -> None:
        """It never began."""
        caller = new_caller()
        thread = {"thread_id": "00000000-0000-0000-0000-000000000000"}
        assert (404, "thread-not-found") == problem(caller.post(STREAM, json={**QUESTION, **thread}))
        assert 422 == caller.post(STREAM, json={}).status_code


class TestHangingUp:
    """Under uvicorn, where the events leave as they come."""

    def test_events_come_one_by_one(self, new_caller: NewCaller) -> None:
        """The first is here while the model still writes."""
        heard_first = Event()

        def write(heard: Heard) -> None:
            heard("Eat")
            assert heard_first.wait(20)

        caller = new_caller(chat_model=ScriptedModel(write))
        with served(caller) as http, http.stream("POST", STREAM, json=QUESTION) as response:
            lines = response.iter_lines()
            seen = [next(lines) for _ in range(3)]
            heard_first.set()
            rest = list(lines)
        assert ("event: token", 'data: {"text":"Eat","begins_anew":false}') == (seen[1], seen[2])
        assert "event: done" in rest

    def test_cancels_the_turn(self, new_caller: NewCaller) -> None:
        """The answer that comes all the same is not stored."""
        noticed = Event()

        def write_until_stopped(heard: Heard) -> None:
            try:
                while True:
                    heard("Eat")
            finally:
                noticed.set()

        caller = new_caller(chat_model=ScriptedModel(write_until_stopped))
        with served(caller) as http:
            with http.stream("POST", STREAM, json=QUESTION) as response:
                turn_id = response.headers["location"].rpartition("/")[2]
                assert next(response.iter_lines()).startswith("id: ")
            assert noticed.wait(20)
        assert ("cancelled", []) == (state_of(caller, turn_id)["state"], threads_of(caller))


class TestBehindAGateway:
    """Through Lambda, where there is no time without end."""

    def test_what_takes_longer_is_pending(self, new_caller: NewCaller) -> None:
        """The last event says that it goes on; tests/rehearsal shows it under the real runtime."""
        tasks, model = ManualTasks(), ScriptedModel(calls=[ToolCall("find_exercises", {"muscle": "calves"})])
        caller = new_caller(tasks=tasks, chat_model=model)

        class Context:
            """What Lambda tells a function whose time is nearly over."""

            aws_request_id = "request-of-lambda"
            invoked_function_arn = "arn:aws:lambda:us-east-1:123456789012:function:coach:live"

            def get_remaining_time_in_millis(self) -> int:
                """Return too little."""
                return 4_500

        async def behind(scope: Any, receive: Any, send: Any) -> None:
            await caller.app({**scope, "aws.context": Context()}, receive, send)

        gateway = TestClient(behind, headers=dict(caller.headers))
        [event] = events_of(gateway.post(STREAM, json=QUESTION).text)
        tasks.run()
        assert ("pending", "queued") == (event.event, event.data["state"])
        assert "done" == state_of(caller, event.data["turn_id"])["state"]
